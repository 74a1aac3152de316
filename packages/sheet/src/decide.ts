import {
  changesBetween,
  type FieldEdit,
  fieldManifest,
  leavesNoMore,
  leavingOf,
  type ManifestChange,
  type ManifestField,
  type NewColumn,
  parseTreatment,
  parseYaml,
  type RevisedManifest,
  type Revision,
  reviseManifest,
  type SourceText,
} from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { refused } from './archive.js';
import { aboutKeys, decisions, type FieldRow, isOpen, sheetColumns } from './layout.js';
import type { ReturnedRow, ReturnedSheet } from './read.js';
import { aboutOf, fieldRows, oneLine, type SheetSource } from './rows.js';

/** What a sheet that came back says. */
export type Decided = {
  /** The next version of the manifest; undefined where nothing is to be changed. */
  readonly revised: RevisedManifest | undefined;
  readonly changes: readonly ManifestChange[];
  /** What the owner has written beside the columns. */
  readonly notes: readonly { readonly column: string; readonly note: string }[];
  /** Columns that the export no longer has and of which nothing was decided. */
  readonly unresolved: readonly string[];
  /** How many new columns have still no name. */
  readonly unnamed: number;
};

/** What a row asks for: a change of a listed column, another name for one, or a word on a new one. */
type Asked = {
  readonly edit?: FieldEdit;
  readonly renamed?: Revision['renamed'][number];
  readonly added?: NewColumn;
};

/**
 * Turns a sheet that came back into the next version of its manifest. A sheet can only ask for less: a column, a
 * treatment or a row that would let more leave is refused.
 *
 * @throws ThroughlineError SHEET_STALE, SHEET_REFUSED, SHEET_WIDENS, CONFIG_INVALID.
 */
export function decideSheet(source: SheetSource, text: SourceText, sheet: ReturnedSheet): Decided {
  requireCurrent(source, sheet);
  const rows = matched(fieldRows(source), sheet.rows);
  const asked = rows.map(({ sent, back }) => askedBy(source, sent, back));
  const revision = revisionOf(asked);
  const renamed = new Set(revision.renamed.map(({ from }) => from));
  const revised = isNothing(revision)
    ? undefined
    : reviseManifest({ ...text, sha256: source.manifest.sha256 }, revision);
  const changes =
    revised === undefined ? [] : changesBetween(parseYaml(text, fieldManifest), revised.manifest);
  for (const change of changes) requireNarrower(change);
  return {
    revised,
    changes,
    notes: rows.flatMap(({ back }) => (back.note === '' ? [] : [{ column: back.column, note: back.note }])),
    unresolved: rows.flatMap(({ sent, back }) =>
      sent.inExport === 'missing' && !isStruck(back) && !renamed.has(sent.column) ? [sent.column] : [],
    ),
    unnamed: rows.filter(({ sent, back }) => sent.asksName === true && back.column === oneLine(sent.column))
      .length,
  };
}

function requireCurrent(source: SheetSource, { about }: ReturnedSheet): void {
  const expected = aboutOf(source);
  const other = aboutKeys.filter((key) => about[key] !== expected[key]);
  if (other.length === 0) return;
  throw new ThroughlineError('SHEET_STALE', {
    manifest: safeName(source.manifest.document.id),
    version: source.manifest.document.version,
    differs: other.map(safeName),
  });
}

type Pair = { readonly sent: FieldRow; readonly back: ReturnedRow };

/** Every row that went out has come back once, in any order, and no other. */
function matched(sent: readonly FieldRow[], returned: readonly ReturnedRow[]): Pair[] {
  const numbers = returned.map(({ number }) => number);
  for (const { number, place } of returned) {
    if (!sent.some((row) => row.number === number))
      throw refused('no rows besides those of the sheet', at(place));
    if (numbers.indexOf(number) !== numbers.lastIndexOf(number)) throw refused('every row once', at(place));
  }
  return sent.map((row) => {
    const back = returned.find(({ number }) => number === row.number);
    if (back === undefined)
      throw refused('every row: to say no to a column, choose strike and leave its row', {
        number: row.number,
      });
    return { sent: row, back };
  });
}

const at = (place: number, column?: string) => ({
  row: String(place),
  ...(column === undefined ? {} : { column }),
});

const isStruck = ({ decision }: ReturnedRow): boolean => decision.toLowerCase() === 'strike';

function askedBy(source: SheetSource, row: FieldRow, back: ReturnedRow): Asked {
  requireClosedCells(row, back);
  const sent = namedRow(source, row, back);
  if (!decisions.some((each) => each === back.decision.toLowerCase()))
    throw refused('agree or strike', at(back.place, 'Decision'));
  if (sent.asksName === true) return nothingAbout(sent, back);
  const renamed = renamingOf(source, sent, back);
  if (renamed !== undefined) return { renamed };
  const treated = treatedAs(source, sent, back);
  if (sent.inExport === 'new') return { added: newColumn(sent, back, treated) };
  const edit = editOf(sent, back, treated);
  return edit === undefined ? {} : { edit };
}

function requireClosedCells(sent: FieldRow, back: ReturnedRow): void {
  for (const column of sheetColumns) {
    if (!isOpen(column, sent) && back[column.key] !== oneLine(sent[column.key]))
      throw refused(
        'this cell follows from the others: write what you want under Your note',
        at(back.place, column.title),
      );
  }
}

const LONGEST_NAME = 120;

/** A row of a column whose name was asked for, with the name that the owner has written; the same row without one. */
function namedRow({ manifest }: SheetSource, sent: FieldRow, back: ReturnedRow): FieldRow {
  if (sent.asksName !== true || back.column === oneLine(sent.column)) return sent;
  const listed = manifest.document.fields.some(({ name }) => name === back.column);
  if (listed || back.column.length > LONGEST_NAME)
    throw refused(
      `the name of a column that is not listed yet, of at most ${LONGEST_NAME} characters`,
      at(back.place, 'Column of the export'),
    );
  const { asksName: _, ...named } = sent;
  return { ...named, column: back.column };
}

/** Nothing can be decided about a column without a name; it stays open. */
function nothingAbout(sent: FieldRow, back: ReturnedRow): Asked {
  if (back.renamedFrom === '' && !isStruck(back) && back.treatment === sent.treatment) return {};
  throw refused('the name of the column first', at(back.place, 'Column of the export'));
}

function renamingOf(source: SheetSource, sent: FieldRow, back: ReturnedRow): Asked['renamed'] {
  if (back.renamedFrom === '') return undefined;
  const from = source.change?.missing.find((name) => oneLine(name) === back.renamedFrom);
  if (sent.inExport === 'new' && from !== undefined && !isStruck(back)) return { from, to: sent.column };
  throw refused(
    'an old name only beside a new column, and one that the export no longer has',
    at(back.place, 'Renamed from'),
  );
}

type Treated = Pick<ManifestField, 'treatment' | 'band'>;

/** A part of a column that holds several values cannot be missing from a file by itself, so it is read over. */
function treatedAs({ manifest }: SheetSource, sent: FieldRow, back: ReturnedRow): Treated | undefined {
  const isPart = manifest.document.splits.some(({ into }) => into.includes(sent.column));
  if (isStruck(back)) return { treatment: [isPart ? 'drop' : 'refuse'] };
  if (back.treatment === sent.treatment) return undefined;
  const place = at(back.place, 'Treatment');
  const treated = parseTreatment(back.treatment);
  if (treated === undefined) throw refused('one of the treatments to choose from', place);
  const before = parseTreatment(sent.treatment);
  if (before === undefined || !leavesNoMore(leavingOf(treated), leavingOf(before)))
    throw widens(sent.column, `the treatment was ${sent.treatment}`);
  return treated;
}

function newColumn(sent: FieldRow, back: ReturnedRow, treated: Treated | undefined): NewColumn {
  const treatment = treated?.treatment.includes('drop') === true ? 'drop' : 'refuse';
  return { name: sent.column, treatment, description: back.description, purpose: back.purpose };
}

function editOf(sent: FieldRow, back: ReturnedRow, treated: Treated | undefined): FieldEdit | undefined {
  const changed = (key: 'description' | 'purpose') => (back[key] === sent[key] ? undefined : back[key]);
  const edit = {
    name: sent.column,
    description: changed('description'),
    purpose: changed('purpose'),
    basis: basisOf(sent, back),
    treated,
  };
  return Object.values(edit).filter((each) => each !== undefined).length > 1 ? edit : undefined;
}

function basisOf(sent: FieldRow, back: ReturnedRow): ManifestField['basis'] | undefined {
  if (back.basis === sent.basis) return undefined;
  if (sent.choices.basis.includes(back.basis)) return back.basis as ManifestField['basis'];
  throw refused('a legal basis of the agreement', at(back.place, 'Legal basis'));
}

function revisionOf(asked: readonly Asked[]): Revision {
  const renamed = asked.flatMap((each) => each.renamed ?? []);
  const twice = renamed.find(({ from }, index) => renamed.findIndex((each) => each.from === from) !== index);
  if (twice !== undefined) throw refused('one new name for a column', { column: twice.to });
  const added = asked.flatMap((each) => each.added ?? []);
  const names = [...renamed.map(({ to }) => to), ...added.map(({ name }) => name)];
  const again = names.find((name, index) => names.indexOf(name) !== index);
  if (again !== undefined) throw refused('a name for one column only', { column: again });
  return { edits: asked.flatMap((each) => each.edit ?? []), renamed, added };
}

const isNothing = ({ edits, renamed, added }: Revision): boolean =>
  edits.length + renamed.length + added.length === 0;

function requireNarrower({ place, effect, words }: ManifestChange): void {
  if (effect === 'more' || effect === 'otherwise') throw widens(place, words);
}

const widens = (column: string, words: string): ThroughlineError =>
  new ThroughlineError('SHEET_WIDENS', { column: safeName(column), change: safeName(words) });
