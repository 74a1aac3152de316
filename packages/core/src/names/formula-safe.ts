/** What a spreadsheet takes for a formula; a negative number is none. */
const FORMULA = /^(?:[=+@\t\r]|-(?!\d+(?:\.\d+)?$))/;

/**
 * A text as a cell of a CSV file that no spreadsheet calculates: one that looks like a formula gets an apostrophe
 * (CWE-1236; OWASP, CSV injection).
 */
export const formulaSafe = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);
