import { crc32, deflateRawSync } from 'node:zlib';

/** A part of an archive, for tests; with what a hostile archive would lie about. */
export type Part = {
  readonly name: string;
  readonly bytes: Uint8Array | string;
  /** Unix mode, such as that of a symbolic link. */
  readonly mode?: number;
  readonly claims?: number;
  readonly encrypted?: boolean;
};

const ORDINARY = 0o100644;

/** A zip archive (PKWARE APPNOTE 6.3.3): each part deflated. */
export function zipOf(parts: readonly Part[]): Uint8Array {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const { head, body, entry } = written(part, offset);
    local.push(head, body);
    central.push(entry);
    offset += head.length + body.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...local, directory, end]));
}

function written({ name, bytes, mode = ORDINARY, claims, encrypted = false }: Part, offset: number) {
  const plain = Buffer.from(bytes);
  const body = deflateRawSync(plain);
  const label = Buffer.from(name);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(encrypted ? 1 : 0, 2);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(crc32(plain), 10);
  common.writeUInt32LE(body.length, 14);
  common.writeUInt32LE(claims ?? plain.length, 18);
  common.writeUInt16LE(label.length, 22);
  const head = Buffer.concat([marked(0x04034b50), common, label]);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE((mode << 16) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  const entry = Buffer.concat([marked(0x02014b50), Buffer.from([20, 3]), common, rest, label]);
  return { head, body, entry };
}

function marked(mark: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(mark, 0);
  return bytes;
}

/** A sheet of a workbook, for tests: rows of cells, each a text, a number, a date's day number, or nothing. */
export type SampleSheet = {
  readonly name: string;
  readonly state?: 'hidden' | 'veryHidden';
  readonly rows: readonly (readonly (string | number | { readonly day: number } | null)[])[];
  readonly merged?: readonly string[];
};

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATION = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const DATE_STYLE = 1;

/** A workbook (ECMA-376) with what other writers leave out: hidden sheets, merged cells, the calendar of 1904. */
export function workbookOf(sheets: readonly SampleSheet[], { from1904 = false } = {}): Uint8Array {
  return zipOf(workbookParts(sheets, from1904));
}

export function workbookParts(sheets: readonly SampleSheet[], from1904 = false): Part[] {
  const list = sheets.map(
    ({ name, state }, index) =>
      `<sheet name="${escaped(name)}" sheetId="${index + 1}"${state ? ` state="${state}"` : ''} r:id="rId${index + 1}"/>`,
  );
  const targets = sheets.map(
    (_, index) =>
      `<Relationship Id="rId${index + 1}" Type="${RELATION}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  );
  return [
    {
      name: '[Content_Types].xml',
      bytes: `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    },
    {
      name: '_rels/.rels',
      bytes: `${XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    },
    {
      name: 'xl/workbook.xml',
      bytes: `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATION}"><workbookPr${from1904 ? ' date1904="1"' : ''}/><sheets>${list.join('')}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      bytes: `${XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${targets.join('')}<Relationship Id="rIdS" Type="${RELATION}/styles" Target="styles.xml"/></Relationships>`,
    },
    {
      name: 'xl/styles.xml',
      bytes: `${XML}<styleSheet xmlns="${MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    },
    ...sheets.map((sheet, index) => ({
      name: `xl/worksheets/sheet${index + 1}.xml`,
      bytes: sheetXml(sheet),
    })),
  ];
}

function sheetXml({ rows, merged = [] }: SampleSheet): string {
  const body = rows.map(
    (cells, row) =>
      `<row r="${row + 1}">${cells.map((cell, column) => cellXml(cell, `${letter(column)}${row + 1}`)).join('')}</row>`,
  );
  const merges = merged.map((range) => `<mergeCell ref="${range}"/>`).join('');
  return `${XML}<worksheet xmlns="${MAIN}"><sheetData>${body.join('')}</sheetData>${merges === '' ? '' : `<mergeCells count="${merged.length}">${merges}</mergeCells>`}</worksheet>`;
}

function cellXml(cell: SampleSheet['rows'][number][number], place: string): string {
  if (cell === null) return '';
  if (typeof cell === 'string')
    return `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`;
  return typeof cell === 'number'
    ? `<c r="${place}"><v>${cell}</v></c>`
    : `<c r="${place}" s="${DATE_STYLE}"><v>${cell.day}</v></c>`;
}

const letter = (column: number): string => String.fromCharCode(65 + column);

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
