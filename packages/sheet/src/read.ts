import readWorkbook from 'read-excel-file/universal';
import { refused, vetArchive } from './archive.js';
import { ABOUT, type About, aboutKeys, FIELDS, type SheetColumn, sheetColumns } from './layout.js';
import { oneLine } from './rows.js';

/** A row as it came back, and where it stands. */
export type ReturnedRow = Readonly<Record<SheetColumn, string>> & { readonly place: number };

export type ReturnedSheet = { readonly about: About; readonly rows: readonly ReturnedRow[] };

type Cells = readonly (readonly unknown[])[];

/**
 * Reads a sheet that came back. Whoever had it may have changed anything.
 *
 * @throws ThroughlineError SHEET_REFUSED
 */
export async function readManifestSheet(bytes: Uint8Array): Promise<ReturnedSheet> {
  vetArchive(bytes);
  const sheets = await sheetsIn(bytes);
  const names = sheets.map(({ sheet }) => sheet).sort();
  if (names.join('\n') !== [ABOUT, FIELDS].sort().join('\n'))
    throw refused('the sheets Fields and About alone');
  const dataOf = (name: string): Cells => sheets.find(({ sheet }) => sheet === name)?.data ?? [];
  return { about: aboutIn(dataOf(ABOUT)), rows: rowsIn(dataOf(FIELDS)) };
}

async function sheetsIn(bytes: Uint8Array) {
  try {
    const copy = new ArrayBuffer(bytes.length);
    new Uint8Array(copy).set(bytes);
    return await readWorkbook(copy, { parseNumber: (written) => written, trim: false });
  } catch {
    // The library's messages repeat the texts of cells.
    throw refused('a workbook (.xlsx)');
  }
}

function aboutIn(cells: Cells): About {
  const found = new Map(cells.map(([key, value]) => [written(key), written(value)]));
  return Object.fromEntries(aboutKeys.map((key) => [key, found.get(key) ?? ''])) as About;
}

const LONGEST_CELL = 2000;
const MOST_ROWS = 2000;
/** What changes how a text looks without being seen: controls, direction marks, letters of no width. */
const UNSEEN = /[\p{Cc}\p{Cf}]|\p{Default_Ignorable_Code_Point}/u;

const written = (cell: unknown): string => {
  if (cell === null || cell === undefined) return '';
  return oneLine(cell instanceof Date ? cell.toISOString() : String(cell));
};

function rowsIn([header = [], ...cells]: Cells): ReturnedRow[] {
  const titles = header.map(written);
  const expected = sheetColumns.map(({ title }) => title);
  if (titles.slice(0, expected.length).join('\n') !== expected.join('\n'))
    throw refused('the columns of the sheet as they were', { row: '1' });
  if (cells.length > MOST_ROWS) throw refused(`at most ${MOST_ROWS} rows`);
  return cells.flatMap((row, index) => {
    const texts = [...row, ...titles.slice(row.length).map(() => '')].map(written);
    return texts.every((each) => each === '') ? [] : [rowOf(texts, index + 2)];
  });
}

function rowOf(texts: readonly string[], place: number): ReturnedRow {
  const row = String(place);
  if (texts.slice(sheetColumns.length).some((each) => each !== ''))
    throw refused('no columns besides those of the sheet', { row });
  for (const [at, { title }] of sheetColumns.entries()) {
    const each = texts[at] ?? '';
    if (each.length > LONGEST_CELL || UNSEEN.test(each))
      throw refused('a text of at most 2000 characters that can all be seen', { row, column: title });
  }
  const named = sheetColumns.map(({ key }, at) => [key, texts[at] ?? '']);
  return { ...(Object.fromEntries(named) as Record<SheetColumn, string>), place };
}
