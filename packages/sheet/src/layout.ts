/** The columns of the sheet, in order: how each is headed, how wide it is, and whether a person may change it. */
export const sheetColumns = [
  { key: 'number', title: 'No.', width: 6, open: false },
  { key: 'decision', title: 'Decision', width: 11, open: true },
  { key: 'column', title: 'Column of the export', width: 24, open: false },
  { key: 'inExport', title: 'In the export', width: 12, open: false },
  { key: 'description', title: 'What it is', width: 36, open: true },
  { key: 'purpose', title: 'What it is for', width: 36, open: true },
  { key: 'measures', title: 'Measures', width: 18, open: false },
  { key: 'treatment', title: 'Treatment', width: 18, open: true },
  { key: 'seenBy', title: 'Who sees it', width: 34, open: false },
  { key: 'kept', title: 'How long it is kept', width: 28, open: false },
  { key: 'basis', title: 'Legal basis', width: 20, open: true },
  { key: 'renamedFrom', title: 'Renamed from', width: 18, open: true },
  { key: 'note', title: 'Your note', width: 30, open: true },
] as const;

export type SheetColumn = (typeof sheetColumns)[number]['key'];

/** One column of an export as one row of the sheet. */
export type FieldRow = Readonly<Record<SheetColumn, string>> & {
  /** What may be chosen: treatments under which no more leaves, and legal bases of the agreement. */
  readonly choices: { readonly treatment: readonly string[]; readonly basis: readonly string[] };
  /** The owner writes the column's name in the place of `column`. */
  readonly asksName?: boolean;
};

/** Whether a person may change a cell. */
export const isOpen = ({ key, open }: (typeof sheetColumns)[number], row: FieldRow): boolean =>
  open || (key === 'column' && row.asksName === true);

export const decisions = ['agree', 'strike'] as const;
export type Decision = (typeof decisions)[number];

export const FIELDS = 'Fields';
export const ABOUT = 'About';

/** Of what a sheet was made; it comes back with the sheet. */
export const aboutKeys = ['Manifest', 'Version', 'SHA-256', 'Agreement', 'Agreement SHA-256'] as const;
export type About = Readonly<Record<(typeof aboutKeys)[number], string>>;
