import { folded } from './letters.js';
import { known, type Normal, unknown } from './normal-form.js';

/** Written by people who had nothing to write, in the form below. */
const NOTHING: ReadonlySet<string> = new Set([
  'NA',
  'NONE',
  'NOTGIVEN',
  'NULL',
  'OTHER',
  'REFUSED',
  'TBD',
  'UNK',
  'UNKNOWN',
  'XXX',
]);

/** A town, a place of birth, a suffix of a name, or what only a city knows the meaning of: its letters and digits. */
export function normalFurther(raw: string): Normal {
  const text = folded(raw).replaceAll(/[ -]/g, '');
  if (text === '') return unknown(null);
  return NOTHING.has(text) ? unknown('placeholder') : known(text);
}
