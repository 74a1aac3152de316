import type { Blob } from 'node:buffer';
import type { Stream } from 'node:stream';
import writeXlsxFile, { type Feature, type SheetData } from 'write-excel-file/node';
import type { Sheet, SheetCell } from '../extracts/vision.js';
import { withoutTimes } from './zip-times.js';

/** What the library takes for a file's content; its own name for it is not exported. */
type FileContent = Stream | Buffer | Blob;

/** In characters, so that no date shows as hashes. */
const COLUMN_WIDTHS = [26, 13, 22, 8, 14, 9, 9, 9, 11, 9, 32];
const MILLISECONDS_PER_DAY = 86_400_000;

/** An .xlsx file, the same bytes for the same sheets. */
export async function workbookBytes(sheets: readonly Sheet[]): Promise<Buffer> {
  const written = writeXlsxFile(
    sheets.map(({ name, rows }) => ({
      sheet: name,
      data: sheetData(rows.map(({ cells }) => cells)),
      columns: COLUMN_WIDTHS.map((width) => ({ width })),
    })),
    { features: [hidden(sheets)] },
  );
  return withoutTimes(await written.toBuffer());
}

function sheetData(rows: readonly (readonly SheetCell[])[]): SheetData {
  return rows.map((cells) => cells.map(cellOf));
}

function cellOf(cell: SheetCell) {
  if (cell === null || cell === '') return null;
  if (typeof cell !== 'object') return cell;
  return { value: new Date(cell.date * MILLISECONDS_PER_DAY), type: Date, format: 'm/d/yyyy' };
}

/** The library has no option for hidden sheets, but lets a feature rewrite an element's attributes. */
function hidden(sheets: readonly Sheet[]): Feature<FileContent> {
  return {
    files: {
      transform: {
        'xl/workbook.xml': {
          transformElementAttributes: (tag, attributes, index) =>
            tag === 'sheet' && index !== undefined && sheets[index]?.hidden === true
              ? { ...attributes, state: 'hidden' }
              : attributes,
        },
      },
    },
  };
}
