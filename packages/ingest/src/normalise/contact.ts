import { known, type Normal, unknown } from './normal-form.js';

/** ZIP code: five digits; ZIP+4 is cut, and the zeros that a spreadsheet drops are put back. */
export function normalZip(raw: string): Normal {
  const text = raw.trim();
  const found = /^([0-9]{3,5})(?:-[0-9]{4})?$/.exec(text) ?? /^([0-9]{4,5})[0-9]{4}$/.exec(text);
  const digits = found?.[1];
  if (digits === undefined) return unknown('bad_value');
  const zip = digits.padStart(5, '0');
  if (zip === '00000' || zip === '99999') return unknown('placeholder');
  return known(zip, digits.length < 5 ? 'repaired' : null);
}

const EXTENSION = /\s*(?:x|ext\.?|extension)\s*[0-9]{1,6}$/i;
/** North American numbering: neither the area nor the exchange begins with 0 or 1. */
const TELEPHONE = /^[2-9][0-9]{2}[2-9][0-9]{6}$/;
const NO_TELEPHONE = /^(?:([0-9])\1{9}|1234567890|0123456789|9876543210)$/;

/** Telephone: ten digits without punctuation, country code or extension. */
export function normalPhone(raw: string): Normal {
  const digits = raw
    .trim()
    .replace(EXTENSION, '')
    .replace(/[\s().+/-]/g, '');
  const national = digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits;
  if (NO_TELEPHONE.test(national)) return unknown('placeholder');
  return TELEPHONE.test(national) ? known(national) : unknown('bad_value');
}

const NO_MAILBOX: ReadonlySet<string> = new Set([
  'na',
  'no',
  'noemail',
  'none',
  'noreply',
  'nomail',
  'test',
  'unknown',
]);

/** E-mail address: lower case, otherwise as written. Dots and tags are kept, since only some providers drop them. */
export function normalEmail(raw: string): Normal {
  const text = raw.trim().normalize('NFKC').toLowerCase();
  const found = /^([^\s@<>,;]{1,64})@[^\s@<>,;.]+(?:\.[^\s@<>,;.]+)+$/u.exec(text);
  if (found === null) return unknown('bad_value');
  return NO_MAILBOX.has(found[1] ?? '') ? unknown('placeholder') : known(text);
}
