import { safeName, ThroughlineError } from '@throughline/core';

/** Electronic mail, a full date, or nine digits and more (telephone, social security, state student numbers). */
const NAMES_SOMEBODY = /@|\d{4}-\d{2}-\d{2}|\d[\d ()./-]{7,}\d/;

/** Longer than any name of a group, or written as a sentence: somebody's words about somebody. */
const LONGEST_LABEL = 80;
const MOST_WORDS = 8;
const IS_A_SENTENCE = /[\n\r\t]|\p{Ll}{3}[.!?;] \S|[!?]$/u;
/** A form of address, which stands before a name; schools and streets are named so too. */
const ADDRESSES_SOMEBODY = /(^|\s)(mr|mrs|ms|mx|miss|dr|sr|sra)\.? \p{Lu}/iu;

const IS_A_PLACE = /\b(school|academy|elementary|middle|high|cent(er|re)|institute|k-\d+)\b/iu;

/** Whether a text in a row of a release could name a person, or is free text, which could say anything. */
export const looksLikeSomebody = (text: string): boolean =>
  NAMES_SOMEBODY.test(text) || (ADDRESSES_SOMEBODY.test(text) && !IS_A_PLACE.test(text)) || isFreeText(text);

const isFreeText = (text: string): boolean =>
  text.length > LONGEST_LABEL || text.split(/\s+/u).length > MOST_WORDS || IS_A_SENTENCE.test(text);

/** Levels of a row. */
type Levels = { readonly level_1: string | null; readonly level_2: string | null };

/** @throws ThroughlineError RELEASE_IDENTIFIER with how many rows have a level that could name a person. */
export function requireNoIdentifier(released: readonly Levels[]): void {
  const suspects = released.filter(({ level_1, level_2 }) =>
    [level_1, level_2].some((level) => level !== null && looksLikeSomebody(level)),
  );
  if (suspects.length > 0) throw new ThroughlineError('RELEASE_IDENTIFIER', { rows: suspects.length });
}

/** In a page, where dates and hashes are at home: addresses of electronic mail, telephone and social security numbers. */
const IN_A_PAGE =
  /[\w.+-]+@[\w-]+\.\w|(^|[^\w-])(\d{3}-\d{2}-\d{4}|\(\d{3}\) ?\d{3}-\d{4}|\d{3}-\d{3}-\d{4})(?![\w-])/;

/** How many lines of a page have something that reaches or numbers a person. */
export const suspectLines = (page: string): number =>
  page.split('\n').filter((line) => IN_A_PAGE.test(line)).length;

/** @throws ThroughlineError RELEASE_IDENTIFIER naming the file, with how many of its lines could name a person. */
export function requirePageWithoutIdentifier(file: string, page: string): void {
  const lines = suspectLines(page);
  if (lines > 0) throw new ThroughlineError('RELEASE_IDENTIFIER', { file: safeName(file), lines });
}
