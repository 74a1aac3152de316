import { readFile, writeFile } from 'node:fs/promises';
import { type SheetColumn, sheetColumns } from '@throughline/sheet';
import readWorkbook from 'read-excel-file/node';
import writeWorkbook from 'write-excel-file/node';

type Edits = Readonly<Record<string, Partial<Record<SheetColumn, string>>>>;

const NAME = sheetColumns.findIndex(({ key }) => key === 'column');

/** Fills in a sheet as a person would, by the names of its rows, and saves it under another name. */
export async function editSheet(from: string, to: string, edits: Edits): Promise<void> {
  const sheets = await readWorkbook(await readFile(from), { trim: false });
  const left = new Set(Object.keys(edits));
  const edited = sheets.map(({ sheet, data }) => ({
    sheet,
    data: data.map((cells) => {
      const row = cells.map((cell) => String(cell ?? ''));
      const asked = sheet === 'Fields' ? edits[row[NAME] ?? ''] : undefined;
      if (asked === undefined) return row;
      left.delete(row[NAME] ?? '');
      return sheetColumns.map(({ key }, at) => asked[key] ?? row[at] ?? '');
    }),
  }));
  if (left.size > 0) throw new RangeError('editSheet: rows of the sheet expected');
  await writeFile(to, await writeWorkbook(edited).toBuffer());
}
