import { folded, hasHidden, mixesScripts, wordsOf } from './letters.js';
import { rootOf } from './nicknames.js';
import { known, type Normal, type Note, unknown } from './normal-form.js';
import { isNoFirst, isNoLast, isNoMiddle, isTestName } from './placeholders.js';

/** How an extract writes a person's name: in columns, or in one column of a known order. */
export type WrittenName = Readonly<Partial<Record<NameColumn, string | null>>>;
export type NameColumn = 'first' | 'middle' | 'last' | 'lastFirst' | 'firstLast';

/** A name in normal form. `lastParts`: the parts of a double surname, a space between; null for a single one. */
export type NormalName = {
  readonly first: string | null;
  readonly firstRoot: string | null;
  readonly middle: string | null;
  readonly last: string | null;
  readonly lastParts: string | null;
  /** Whether it is the name of a test record. */
  readonly test: boolean;
  readonly notes: readonly { readonly of: NameColumn; readonly note: Note }[];
};

const SUFFIXES: ReadonlySet<string> = new Set(['JR', 'SR', 'II', 'III', 'IV', '2ND', '3RD', '4TH']);

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Particles belong to the word after them: de la Cruz, Delacruz and De La Cruz are one surname. */
const PARTICLES = setOf(
  'AL BEN BIN BINT DA DAL DAS DE DEL DELA DELLA DEN DER DI DO DOS DU EL FITZ IBN LA LAS LE LOS MAC MC O SAINT SAN SANTA ST STE TEN TER VAN VANDER VON',
);
/** Between two surnames they join them: Ortega y Gasset, Costa e Silva. */
const CONNECTORS = setOf('Y E');
const GIVEN_PARTICLES = setOf('ABD ABDEL ABDUL DA DE LA LE');

/** The normal form of a person's name; docs/reference/norm-1.md says it in words. */
export function normalName(written: WrittenName): NormalName {
  const texts = nameTexts(written);
  const { first, middle } = givenNames(texts);
  const surname = surnameParts(texts.last);
  const notes = characterNotes(written);
  addLostNotes(notes, written, { first, middle, last: surname[0] ?? null });
  return {
    first,
    firstRoot: first === null ? null : rootOf(first),
    middle,
    last: surname.length === 0 ? null : surname.join(''),
    lastParts: surname.length < 2 ? null : surname.join(' '),
    test: isTestName(texts.first, texts.last),
    notes,
  };
}

/** The three columns, folded. */
type NameTexts = { readonly first: string; readonly middle: string; readonly last: string };

function nameTexts({ first, middle, last, lastFirst, firstLast }: WrittenName): NameTexts {
  if (lastFirst != null) return fromLastFirst(lastFirst);
  if (firstLast != null) return fromFirstLast(firstLast);
  return { first: foldedName(first), middle: foldedName(middle), last: foldedName(last) };
}

const foldedName = (text: string | null | undefined): string => folded(withoutAside(text ?? ''));

/** What stands in brackets or double quotes is a nickname or a remark, left out if a name remains. */
function withoutAside(text: string): string {
  if (!/[(["“]/.test(text)) return text;
  const rest = text.replace(/\([^)]*\)|\[[^\]]*\]|"[^"]*"|“[^”]*”/gu, ' ');
  return folded(rest) === '' ? text : rest;
}

/** `Last, First Middle`; without a comma it is a surname only, since guessing which word is which would be worse. */
function fromLastFirst(full: string): NameTexts {
  const [last = '', ...rest] = segmentsOf(full);
  return { first: rest.join(' '), middle: '', last };
}

/** `First Last`, `First M Last`, or with a comma `Last, First`. All that follows the first name is the surname. */
function fromFirstLast(full: string): NameTexts {
  const segments = segmentsOf(full);
  if (segments.length > 1) return fromLastFirst(full);
  const words = joined(spaced(segments[0] ?? ''), GIVEN_PARTICLES);
  const [first = '', second = '', ...others] = words;
  return second.length === 1 && others.length > 0 && !PARTICLES.has(second)
    ? { first, middle: second, last: others.join(' ') }
    : { first, middle: '', last: words.slice(1).join(' ') };
}

/** The folded parts between commas; a suffix is none. */
const segmentsOf = (full: string): string[] =>
  withoutAside(full)
    .split(',')
    .map(folded)
    .filter((segment) => segment !== '' && !SUFFIXES.has(segment));

const spaced = (text: string): string[] =>
  text === '' ? [] : text.includes(' ') ? text.split(' ').filter((word) => word !== '') : [text];

/** The first word is the first name, all further words are middle names; a hyphenated word is one. */
function givenNames({ first, middle }: NameTexts): Pick<NormalName, 'first' | 'middle'> {
  const later = isNoMiddle(middle) ? [] : spaced(middle);
  if (first === '' || isNoFirst(first)) return { first: null, middle: joinedLetters(withoutSuffix(later)) };
  const words = withoutSuffix(joined([...spaced(first), ...later], GIVEN_PARTICLES));
  return { first: joinedLetters(words.slice(0, 1)), middle: joinedLetters(words.slice(1)) };
}

function joinedLetters(words: readonly string[]): string | null {
  const text = words.join('').replaceAll('-', '');
  return text === '' ? null : text;
}

/** The surname's parts, each with the particles before it. */
function surnameParts(last: string): string[] {
  if (isNoLast(last)) return [];
  const words = withoutSuffix(wordsOf(last));
  const inside = (index: number) => index > 0 && index < words.length - 1;
  return joined(
    words.filter((word, index) => !(CONNECTORS.has(word) && inside(index))),
    PARTICLES,
  );
}

function withoutSuffix(words: readonly string[]): readonly string[] {
  let end = words.length;
  while (end > 1 && SUFFIXES.has(words[end - 1] ?? '')) end -= 1;
  return words.slice(0, end);
}

/** Joins each particle to the word after it; one at the end stays a word. */
function joined(words: readonly string[], particles: ReadonlySet<string>): string[] {
  const whole: string[] = [];
  let before = '';
  for (const [index, word] of words.entries()) {
    const goesOn = particles.has(word) && index < words.length - 1;
    before += word;
    if (goesOn) continue;
    whole.push(before);
    before = '';
  }
  return whole;
}

type NameNotes = { readonly of: NameColumn; readonly note: Note }[];

function characterNotes(written: WrittenName): NameNotes {
  const notes: NameNotes = [];
  for (const of of COLUMNS) {
    const text = written[of]?.trim();
    if (text === undefined || text === '') continue;
    if (hasHidden(text)) notes.push({ of, note: 'hidden_characters' });
    if (mixesScripts(text)) notes.push({ of, note: 'mixed_scripts' });
  }
  return notes;
}

type Found = Readonly<Record<'first' | 'middle' | 'last', string | null>>;

/** Columns that held something of which nothing is left. */
function addLostNotes(notes: NameNotes, written: WrittenName, found: Found): void {
  for (const of of COLUMNS) {
    if ((written[of] ?? '').trim() === '') continue;
    if (of === 'lastFirst' || of === 'firstLast') notes.push(...fullNameNotes(of, found));
    else if (found[of] === null) notes.push({ of, note: 'placeholder' });
  }
}

function fullNameNotes(of: NameColumn, { first, last }: Found): NameNotes {
  if (first === null && last === null) return [{ of, note: 'placeholder' }];
  return first === null || last === null ? [{ of, note: 'half_a_name' }] : [];
}

const COLUMNS: readonly NameColumn[] = ['first', 'middle', 'last', 'lastFirst', 'firstLast'];

/** No part of a guardian's name. */
const NO_GUARDIAN = setOf('MR MRS MS MISS DR SR SRA UNK UNKNOWN TEST NONE');

/**
 * A guardian's name in any order: its words without titles, suffixes and initials, in code-point order, a space
 * between. A single word is too little to tell a guardian by.
 */
export function normalGuardian(raw: string): Normal {
  const words = wordsOf(folded(withoutAside(raw))).filter(
    (word) => word.length > 1 && !NO_GUARDIAN.has(word) && !SUFFIXES.has(word),
  );
  if (words.length === 0) return unknown('placeholder');
  return words.length === 1 ? unknown('half_a_name') : known(words.sort(byCodePoint).join(' '));
}

/** The order of UTF-8 bytes is that of code points; that of JavaScript's `<` is not. */
const byCodePoint = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other));
