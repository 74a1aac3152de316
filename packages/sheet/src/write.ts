import writeXlsxFile, { type Feature, type SheetData } from 'write-excel-file/universal';
import {
  getCellAddress,
  getOrderOfSiblings,
  insertElementMarkupAccordingToOrderOfSiblings,
  sanitizeAttributeValue,
  sanitizeTextContent,
} from 'write-excel-file/utility';
import {
  ABOUT,
  aboutKeys,
  decisions,
  FIELDS,
  type FieldRow,
  isOpen,
  type SheetColumn,
  sheetColumns,
} from './layout.js';
import { aboutOf, fieldRows, type SheetSource } from './rows.js';

const INK = '#1d2733';
const MUTED = '#5b6673';
const OPEN = '#fff8e1';
const HEAD = '#dfe7ef';

/** The field manifest as a workbook of two sheets: `Fields`, one row a column, and `About`. @returns an .xlsx file. */
export async function writeManifestSheet(source: SheetSource): Promise<Uint8Array> {
  const rows = fieldRows(source);
  const file = await writeXlsxFile(
    [
      {
        sheet: FIELDS,
        data: fieldData(rows),
        columns: sheetColumns.map(({ width }) => ({ width })),
        orientation: 'landscape',
        stickyRowsCount: 1,
        stickyColumnsCount: 3,
        conditionalFormatting: [struckRows(rows.length)],
      },
      { sheet: ABOUT, data: aboutData(source), columns: [{ width: 22 }, { width: 110 }] },
    ],
    { features: [choices(rows)] },
  ).toBlob();
  return new Uint8Array(await file.arrayBuffer());
}

/** Every cell is a text, also one that looks like a formula or a number. */
const text = (value: string) => ({ value, type: String, format: '@' as const });

const fieldData = (rows: readonly FieldRow[]): SheetData => [
  sheetColumns.map(({ title, open }) => ({
    ...text(title),
    fontWeight: 'bold' as const,
    backgroundColor: open ? OPEN : HEAD,
    wrap: true,
  })),
  ...rows.map((row) =>
    sheetColumns.map((column) => ({
      ...text(row[column.key]),
      wrap: true,
      alignVertical: 'top' as const,
      textColor: isOpen(column, row) ? INK : MUTED,
      ...(isOpen(column, row) ? { backgroundColor: OPEN } : {}),
    })),
  ),
];

const HOW_TO = [
  'Each row of the sheet Fields is one column of the export. Change the yellow cells only.',
  'Decision: agree, or strike if the export must not have this column at all.',
  'Treatment: drop reads over a column and never stores it; internal uses it in your building only; link makes keyed tokens of it in your building; keep lets its value leave; band lets a coarser date leave. You can choose less than is asked for, never more.',
  'Of what is linked the linkage unit sees keyed tokens. Where the memorandum has fields sealed, it also sees of two records that agree in most of a name, a date or an address, and of no others, which other fields are alike in both, and of each field whether both records have it or one is blank. It sees no value.',
  'The analyst desk, which counts, learns of each record whose it is by a number that means nothing, and how many of its links are expected to be false or missing; never what two records have in common.',
  'In the export: new is a column that your latest export has and this list has not; missing is one that it no longer has. If a new column is an old one under another name, write the old name under Renamed from.',
  'Of some new columns only the place is told, because what stands there could be a value of a child. Open your export, look at that column, and write its name in the yellow cell; if a row has slipped into the header, export again and leave the cell as it is.',
  'Do not delete rows or columns and do not add any; strike instead. Nothing is in force before you sign.',
];

function aboutData(source: SheetSource): SheetData {
  const { title, extract, partner, purpose } = source.manifest.document;
  const about = aboutOf(source);
  const facts = [
    ...aboutKeys.map((key) => [key, about[key]] as const),
    ['Title', title] as const,
    ['Partner and extract', `${partner}, ${extract}`] as const,
    ['Purpose', purpose] as const,
  ];
  return [
    ...facts.map(([key, value]) => [
      { ...text(key), fontWeight: 'bold' as const },
      { ...text(value), wrap: true },
    ]),
    [],
    ...HOW_TO.map((line) => [null, { ...text(line), wrap: true }]),
  ];
}

const columnNumber = (column: SheetColumn): number => sheetColumns.findIndex(({ key }) => key === column);

/** A struck row shows as struck; the decision stays what counts. */
const struckRows = (rows: number) => ({
  cellRange: { from: { row: 2, column: 1 }, to: { row: rows + 1, column: sheetColumns.length } },
  condition: { formula: '=$B2="strike"' },
  style: { textColor: '#9a2a2a', textDecoration: { strikethrough: true } },
});

/**
 * Lists to choose from, which Excel, LibreOffice and Google Sheets all know: `dataValidations` of ECMA-376 part 1,
 * section 18.3.1.33. A list that stands in the sheet itself has at most 255 characters.
 */
function choices(rows: readonly FieldRow[]): Feature<Blob> {
  return {
    files: {
      transform: {
        'xl/worksheets/sheet{id}.xml': {
          transform: (xml, { sheet }) =>
            sheet === FIELDS
              ? insertElementMarkupAccordingToOrderOfSiblings(xml, validations(rows), ORDER, 'worksheet')
              : xml,
        },
      },
    },
  };
}

const ORDER = getOrderOfSiblings('xl/worksheets/sheet{id}.xml', 'worksheet') ?? [];
const LONGEST_LIST = 255;

function validations(rows: readonly FieldRow[]): string {
  const all = rows.flatMap((row, index) => [
    listAt('decision', index, decisions),
    listAt('treatment', index, row.choices.treatment),
    listAt('basis', index, row.choices.basis),
  ]);
  const lists = all.filter((each) => each !== '');
  return `<dataValidations count="${lists.length}">${lists.join('')}</dataValidations>`;
}

function listAt(column: SheetColumn, row: number, words: readonly string[]): string {
  const list = `"${words.join(',')}"`;
  if (list.length > LONGEST_LIST) return '';
  const cell = sanitizeAttributeValue(getCellAddress(row + 1, columnNumber(column)));
  return `<dataValidation type="list" allowBlank="0" showErrorMessage="1" sqref="${cell}"><formula1>${sanitizeTextContent(list)}</formula1></dataValidation>`;
}
