import { safeName, ThroughlineError } from '@throughline/core';
import { strFromU8, unzipSync } from 'fflate';

/** A sheet that came back is refused at a place, for a rule; nothing of it is taken in. */
export const refused = (rule: string, place: Readonly<Record<string, string>> = {}): ThroughlineError =>
  new ThroughlineError('SHEET_REFUSED', {
    ...Object.fromEntries(Object.entries(place).map(([name, value]) => [name, safeName(value)])),
    rule: safeName(rule),
  });

const LARGEST_FILE = 4 * 1024 ** 2;
const LARGEST_CONTENT = 48 * 1024 ** 2;
const MOST_PARTS = 200;

/** Parts that a sheet of texts does not have, and why each is refused. */
const strangeParts: readonly (readonly [RegExp, string])[] = [
  [/vba|macro/i, 'a workbook without macros: save it as .xlsx'],
  [/externalLink|connections|queryTable/i, 'a workbook without links to other files'],
  [/embeddings|activeX|oleObject|customUI/i, 'a workbook with nothing embedded in it'],
  [/comments|persons\//i, 'a workbook without comments: write them under Your note'],
];

export type WorkbookParts = Readonly<Record<string, string>>;

/**
 * Looks into a workbook before anything parses it: no macros, links, comments or formulas, nothing hidden, nothing
 * struck through by its looks alone, and no more than a sheet of texts can hold.
 *
 * @throws ThroughlineError SHEET_REFUSED
 */
export function vetArchive(bytes: Uint8Array): void {
  if (bytes.length > LARGEST_FILE) throw refused('a workbook of at most 4 MB');
  const parts = xmlParts(bytes);
  for (const name of Object.keys(parts)) {
    for (const [strange, rule] of strangeParts) if (strange.test(name)) throw refused(rule);
  }
  if (/macroEnabled/i.test(parts['[Content_Types].xml'] ?? '')) throw refused(strangeParts[0]?.[1] ?? '');
  if (/state="(?:hidden|veryHidden)"/.test(parts['xl/workbook.xml'] ?? ''))
    throw refused('a workbook without hidden sheets');
  for (const xml of sheetsOf(parts)) requireTexts(xml);
  requireNotStruck(parts);
}

/** The XML of the workbook; other parts, such as settings of printers, are named and not unpacked. */
function xmlParts(bytes: Uint8Array): WorkbookParts {
  let content = 0;
  const others: [string, string][] = [];
  try {
    const unpacked = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        const isXml = /\.(?:xml|rels)$/i.test(name);
        others.push([name, '']);
        content += isXml ? originalSize : 0;
        if (content > LARGEST_CONTENT || others.length > MOST_PARTS) throw new RangeError('too much');
        return isXml;
      },
    });
    const xml = Object.entries(unpacked).map(([name, part]): [string, string] => [name, strFromU8(part)]);
    return Object.fromEntries([...others, ...xml]);
  } catch {
    throw refused('a workbook (.xlsx) of a size that a sheet of texts can have');
  }
}

const sheetsOf = (parts: WorkbookParts): string[] =>
  Object.entries(parts).flatMap(([name, xml]) =>
    /^\/?xl\/worksheets\/[^/]+\.xml$/i.test(name) ? [xml] : [],
  );

/** A formula shows one thing to its author and another to its reader. */
function requireTexts(xml: string): void {
  const formula = /<(?:\w+:)?c\b[^>]*\br="([A-Z]+[0-9]+)"[^>]*>\s*<(?:\w+:)?f[\s>/]/.exec(xml);
  if (formula !== null) throw refused('texts, no formulas', { cell: formula[1] ?? '' });
  if (/<(?:\w+:)?f[\s>/]/.test(xml)) throw refused('texts, no formulas');
}

const STRUCK = /<(?:\w+:)?strike(?:\s+val="(?:1|true|on)")?\s*\/>/;

/** Somebody who strikes a row through by hand means it; the decision is what counts, so the two must not differ. */
function requireNotStruck(parts: WorkbookParts): void {
  const rule = 'no text struck through: choose strike under Decision instead';
  const styles = parts['xl/styles.xml'] ?? '';
  const fonts = membersOf(styles, 'fonts', 'font').map((font) => STRUCK.test(font));
  const formats = membersOf(styles, 'cellXfs', 'xf').map((xf) => fonts[numberOf(xf, 'fontId')] === true);
  if (STRUCK.test(parts['xl/sharedStrings.xml'] ?? '')) throw refused(rule);
  for (const xml of sheetsOf(parts)) {
    for (const [cell] of xml.matchAll(/<(?:\w+:)?c\b[^>]*>/g)) {
      if (formats[numberOf(cell, 's')] === true)
        throw refused(rule, { cell: /\br="([A-Z]+[0-9]+)"/.exec(cell)?.[1] ?? '' });
    }
  }
}

const numberOf = (element: string, attribute: string): number =>
  Number(new RegExp(`\\b${attribute}="([0-9]+)"`).exec(element)?.[1] ?? 0);

/** The elements of one name inside an element; each with what stands in it. */
function membersOf(xml: string, parent: string, member: string): string[] {
  const inside =
    new RegExp(`<(?:\\w+:)?${parent}\\b[^>]*>([\\s\\S]*?)</(?:\\w+:)?${parent}>`).exec(xml)?.[1] ?? '';
  const each = new RegExp(`<(?:\\w+:)?${member}\\b(?:[^>]*/>|[^>]*>[\\s\\S]*?</(?:\\w+:)?${member}>)`, 'g');
  return [...inside.matchAll(each)].map(([element]) => element);
}
