/**
 * The five attributes of OpenLinkToken 2.1, as its reference implementation reads them (TruvetaPublic/OpenLinkToken,
 * MIT; the rules are restated here, the code is ours). Its defects are kept, since a corrected rule would give other
 * tokens: placeholders are looked up in the value as sent, so `111111111` passes where `111-11-1111` does not, and
 * numbers from 900 on pass without hyphens.
 *
 * Each gives the normal form of a valid value and null for an invalid one.
 */
export type Attribute = (value: string) => string | null;

const PLACEHOLDERS = new Set([
  'unknown',
  'n/a',
  'none',
  'test',
  'sample',
  'donor',
  'patient',
  'automation test',
  'automationtest',
  'patient not found',
  'patientnotfound',
  '<masked>',
  'anonymous',
  'zzztrash',
  'missing',
  'unavailable',
  'not available',
  'notavailable',
]);
const isPlaceholder = (name: string): boolean => PLACEHOLDERS.has(name.toLowerCase());

const TITLE =
  /^\s*(?:(?:mr|mrs|ms|miss|dr|prof|capt|sir|col|gen|cmdr|lt|rabbi|father|brother|sister|hon|honorable|reverend|rev|doctor)\.?\s+)+/i;
const GENERATION = /\s+(?:jr\.?|junior|sr\.?|senior|I{1,3}|IV|V|VI{0,3}|IX|X|\d+(?:st|nd|rd|th))$/i;
const TRAILING_INITIAL = /\s\S\.?$/;
const FIRST_OF_SEVERAL = /^([A-Za-z]{3,})[\s./]+[A-Za-z]+(?:[\s./\-\u2010-\u2015\u2212]+[A-Za-z]+)*$/;
const lettersOf = (text: string): string => text.replace(/[^a-zA-Z]/g, '');
const withoutMarks = (text: string): string =>
  text
    .trim()
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '');

export const firstName: Attribute = (value) => {
  if (value.trim() === '' || isPlaceholder(value)) return null;
  const normal = normalFirstName(value);
  return normal === '' || isPlaceholder(normal) ? null : normal;
};

function normalFirstName(value: string): string {
  const plain = withoutMarks(value);
  const untitled = plain.replace(TITLE, '').trim();
  const core = withoutGenerations(untitled === '' ? plain : untitled)
    .replace(TRAILING_INITIAL, '')
    .trim();
  return lettersOf(FIRST_OF_SEVERAL.exec(core)?.[1] ?? core);
}

/** Until none is left, except that a name is never emptied. */
function withoutGenerations(name: string): string {
  const shorter = name.replace(GENERATION, '').trim();
  return shorter === '' || shorter === name ? name : withoutGenerations(shorter);
}

/** Three letters or more, or two with a vowel, or `Ng`. */
const LAST_NAME = /^(?:.{3,}|[^aeiou][aeiou]|[aeiou][^aeiou]|[aeiou]{2}|ng)$/i;

export const lastName: Attribute = (value) => {
  if (value.trim() === '' || isPlaceholder(value)) return null;
  const plain = withoutMarks(value);
  const shorter = plain.replace(GENERATION, '');
  const normal = lettersOf(shorter.trim() === '' ? plain : shorter);
  return isPlaceholder(normal) || !LAST_NAME.test(normal) ? null : normal;
};

export const sex: Attribute = (value) => {
  const [, male, female] = /^\s*(?:([Mm](?:ale)?)|([Ff](?:emale)?))\s*$/.exec(value) ?? [];
  if (male !== undefined) return 'Male';
  return female === undefined ? null : 'Female';
};

const DATES: readonly { readonly form: RegExp; readonly order: readonly [number, number, number] }[] = [
  {
    form: /^(\d{4})-(\d{2})-(\d{2})(?:T\d{2}:\d{2}:\d{2}(?:\.\d{3})?(?:Z|[+-]\d{2}:\d{2}))?$/,
    order: [1, 2, 3],
  },
  { form: /^(\d{4})\/(\d{2})\/(\d{2})$/, order: [1, 2, 3] },
  { form: /^(\d{2})\/(\d{2})\/(\d{4})$/, order: [3, 1, 2] },
  { form: /^(\d{2})-(\d{2})-(\d{4})$/, order: [3, 1, 2] },
  { form: /^(\d{2})\.(\d{2})\.(\d{4})$/, order: [3, 2, 1] },
];
const EARLIEST_BIRTH = '1910-01-01';

/** Valid from 1910 to the day of tokenization (ISO date), which therefore is part of the input. */
export const birthDate =
  (today: string): Attribute =>
  (value) => {
    const date = isoDate(value);
    return date === null || date < EARLIEST_BIRTH || date > today ? null : date;
  };

function isoDate(value: string): string | null {
  for (const { form, order } of DATES) {
    const found = form.exec(value);
    if (found === null) continue;
    const date = order.map((group) => found[group] ?? '').join('-');
    return isCalendarDate(date) ? date : null;
  }
  return null;
}

function isCalendarDate(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}

const ZIP_PLACEHOLDERS = [
  ...['11111', '22222', '33333', '66666', '77777', '99999', '01234', '12345', '54321', '98765'],
  ...['000', '555', '888'],
];

export const postalCode: Attribute = (value) => unitedStatesCode(value) ?? canadianCode(value);

function unitedStatesCode(value: string): string | null {
  const code = value.trim();
  if (!/^(?:\d{3,5}|\d{5}-\d{4}|\d{9})$/.test(code)) return null;
  if (ZIP_PLACEHOLDERS.some((placeholder) => code.startsWith(placeholder))) return null;
  return code.slice(0, 5).padEnd(5, '0');
}

const CANADIAN_PLACEHOLDERS = new Set([
  ...['A1A 1A1', 'X0X 0X0', 'Y0Y 0Y0', 'Z0Z 0Z0', 'A0A 0A0', 'B1B 1B1', 'C2C 2C2', 'K1A 0A6', 'H0H 0H0'],
]);
const CANADIAN_OFFICES = new Set(['K1A', 'M7A', 'H0H']);
/** What a code lacks, by its length. */
const CANADIAN_PADDING: Readonly<Record<number, string>> = { 3: '000', 4: 'A0', 5: '0', 6: '' };

function canadianCode(value: string): string | null {
  if (!/^\s*[A-Za-z]\d[A-Za-z](?:\s?\d(?:[A-Za-z]\d?)?)?\s*$/.test(value)) return null;
  const code = value.replace(/\s+/g, '').toUpperCase();
  const padded = `${code}${CANADIAN_PADDING[code.length] ?? ''}`;
  const normal = `${padded.slice(0, 3)} ${padded.slice(3)}`;
  if (CANADIAN_PLACEHOLDERS.has(normal)) return null;
  const partial = /^(?:000|\d[A-Z]0)$/.test(normal.slice(4));
  return partial && CANADIAN_OFFICES.has(normal.slice(0, 3)) ? null : normal;
}

const NUMBER_PLACEHOLDERS = new Set([
  ...[
    '111-11-1111',
    '222-22-2222',
    '333-33-3333',
    '444-44-4444',
    '555-55-5555',
    '777-77-7777',
    '888-88-8888',
  ],
  ...[
    '001-23-4567',
    '010-10-1010',
    '012-34-5678',
    '087-65-4321',
    '098-76-5432',
    '099-99-9999',
    '111-22-3333',
  ],
  ...['121-21-2121', '123-45-6789'],
]);
const SOCIAL_SECURITY = /^(?:\d{7,9}(?:\.0*)?|(?!000|666|9\d\d)\d{3}-?(?!00)\d{2}-?(?!0000)\d{4})$/;

/** Nine digits. */
export const socialSecurityNumber: Attribute = (value) => {
  if (NUMBER_PLACEHOLDERS.has(value) || !SOCIAL_SECURITY.test(value)) return null;
  const digits = (value.split('.')[0] ?? '').replaceAll('-', '');
  return digits.padStart(9, '0');
};
