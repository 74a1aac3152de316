import { normalZip } from './contact.js';
import { folded } from './letters.js';
import type { Note } from './normal-form.js';

/** An address in normal form: house number, street without unit, ZIP code. */
export type NormalAddress = {
  readonly streetNumber: string | null;
  readonly street: string | null;
  readonly zip: string | null;
  readonly note: Note | null;
};

/** The last word of a street's name, and how the Postal Service shortens it (Publication 28, appendix C1). */
const KINDS: Readonly<Record<string, string>> = {
  ALLEY: 'ALY',
  AV: 'AVE',
  AVENUE: 'AVE',
  BOULEVARD: 'BLVD',
  CIRCLE: 'CIR',
  COURT: 'CT',
  CRESCENT: 'CRES',
  DRIVE: 'DR',
  EXTENSION: 'EXT',
  HIGHWAY: 'HWY',
  LANE: 'LN',
  PARKWAY: 'PKWY',
  PLACE: 'PL',
  PLAZA: 'PLZ',
  ROAD: 'RD',
  SQUARE: 'SQ',
  STREET: 'ST',
  STR: 'ST',
  TERRACE: 'TER',
  TURNPIKE: 'TPKE',
  WAY: 'WAY',
};
const SHORT_KINDS: ReadonlySet<string> = new Set(Object.values(KINDS));

const DIRECTIONS: Readonly<Record<string, string>> = {
  NORTH: 'N',
  SOUTH: 'S',
  EAST: 'E',
  WEST: 'W',
  NORTHEAST: 'NE',
  NORTHWEST: 'NW',
  SOUTHEAST: 'SE',
  SOUTHWEST: 'SW',
};
const SHORT_DIRECTIONS: ReadonlySet<string> = new Set(Object.values(DIRECTIONS));

const UNIT = / (?:APT|APARTMENT|UNIT|STE|SUITE|FL|FLOOR|RM|ROOM|BSMT|BASEMENT|TRLR|LOT|BLDG|PH)\b.*$/u;

/** No place where a child lives, or one that must not be known. */
const NO_ADDRESS =
  /\b(?:P ?O BOX|BOX|HOMELESS|CONFIDENTIAL|CONFIDENTIALITY|GENERAL DELIVERY|UNKNOWN|UNK|NONE|SHELTER|NO ADDRESS)\b/u;

const nothing = (note: Note): NormalAddress => ({ streetNumber: null, street: null, zip: null, note });

/** `12 Elm Street, Apt 3, Millbrook MA 02155-1234` becomes 12, `ELM ST`, 02155. */
export function normalAddress(raw: string): NormalAddress {
  const zip = zipAtEnd(raw);
  const line = withoutUnit(raw.slice(0, zip.index));
  if (line === '') return nothing('placeholder');
  if (NO_ADDRESS.test(line)) return { ...nothing('placeholder'), zip: zip.value };
  if (!/\p{L}/u.test(line)) return { ...nothing('bad_value'), zip: zip.value };
  const found = /^([0-9]+[A-Z]?)(?:-[0-9]+[A-Z]?)?(?: 1\/2)? (.+)$/u.exec(line);
  const street = streetOf(found?.[2] ?? line);
  return { streetNumber: found?.[1] ?? null, street, zip: zip.value, note: null };
}

function zipAtEnd(raw: string): { readonly value: string | null; readonly index: number } {
  const found = /(?:^|[\s,])([0-9]{5}(?:-[0-9]{4})?)\s*$/.exec(raw);
  if (found === null || found.index === 0) return { value: null, index: raw.length };
  return { value: normalZip(found[1] ?? '').value, index: found.index };
}

/** The part before the first comma, folded, without what follows a unit's word. */
function withoutUnit(raw: string): string {
  const [line = ''] = raw.split(',');
  const marked = line.replaceAll('#', ' UNIT ');
  return folded(marked).replace(UNIT, '').trim();
}

/** Up to the last word that is a kind of street, and a direction after it; a city may follow without a comma. */
function streetOf(text: string): string {
  const words = text.split(' ').map((word) => KINDS[word] ?? DIRECTIONS[word] ?? word);
  const last = words.findLastIndex((word, index) => index > 0 && SHORT_KINDS.has(word));
  if (last < 0) return words.join(' ');
  const end = SHORT_DIRECTIONS.has(words[last + 1] ?? '') ? last + 2 : last + 1;
  return words.slice(0, end).join(' ');
}
