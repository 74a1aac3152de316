import type { FieldManifest } from '@throughline/agreement';
import { type ErrorDetails, type SafeName, safeName, ThroughlineError } from '@throughline/core';
import { type Session, sql } from '@throughline/engine';
import type { PlannedExtract } from '../plan/plan.js';
import type { ReadTally } from '../read/rows.js';
import { countRows, type KeptTexts, type OutcomeCount } from './counts.js';
import { countNotes, type NoteCount } from './notes.js';
import type { Outcome } from './outcomes.js';
import { linesOf } from './rejects.js';

/** Where every row of an extract went. */
export type Account = {
  readonly extract: PlannedExtract;
  readonly rowsIn: number;
  readonly outcomes: readonly OutcomeCount[];
  readonly notes: readonly NoteCount[];
  /** Control characters that were stripped. */
  readonly stripped: number;
  /** The encoding that was found, where the manifest leaves open which of two it is. */
  readonly readAs: string | null;
};

/**
 * Accounts for an extract: rows in = kept + rejected + excluded + quarantined.
 *
 * @throws ThroughlineError ROWS_UNACCOUNTED, KEY_COLUMN_NOT_UNIQUE, REJECTS_OVER_LIMIT, CODES_OVER_LIMIT,
 *   VALUES_OVER_LIMIT.
 */
export async function accountFor(
  session: Session,
  extract: PlannedExtract,
  tally: ReadTally,
): Promise<Account> {
  const counted = await countRows(session, extract);
  const account: Account = {
    extract,
    rowsIn: tally.rows,
    outcomes: counted.outcomes,
    notes: await countNotes(session, extract, counted.kept),
    stripped: tally.stripped,
    readAs: leavesEncodingOpen(extract.manifest) ? tally.encoding : null,
  };
  requireAllRows(account);
  await requireFewRejects(session, account);
  requireFewUnread(account, counted.kept);
  requireFewRepeated(account);
  return account;
}

const leavesEncodingOpen = ({ format }: FieldManifest): boolean =>
  'encoding' in format && format.encoding === 'utf-8-or-windows-1252';

export const rowsOf = ({ outcomes }: Account, asked: Outcome): number =>
  outcomes.reduce((sum, { outcome, rows }) => (outcome === asked ? sum + rows : sum), 0);

function requireAllRows(account: Account): void {
  const counts = {
    rows: account.rowsIn,
    kept: rowsOf(account, 'kept'),
    rejected: rowsOf(account, 'rejected'),
    excluded: rowsOf(account, 'excluded'),
    quarantined: rowsOf(account, 'quarantined'),
  };
  if (counts.rows === counts.kept + counts.rejected + counts.excluded + counts.quarantined) return;
  throw new ThroughlineError('ROWS_UNACCOUNTED', { ...named(account), ...counts });
}

async function requireFewRejects(session: Session, account: Account): Promise<void> {
  const rejected = rowsOf(account, 'rejected');
  if (isBorne(account, rejected)) return;
  throw new ThroughlineError('REJECTS_OVER_LIMIT', {
    ...named(account),
    rows: account.rowsIn,
    rejected,
    reasons: account.outcomes.flatMap(({ outcome, reason, rows }) =>
      outcome === 'rejected' ? [safeName(`${reason} ${rows}`)] : [],
    ),
    first_lines: await firstRejectedLines(session, account.extract),
  });
}

/** Rows that cannot be used, or cannot be trusted, are borne up to the same limit. */
function isBorne({ extract, rowsIn }: Account, rows: number): boolean {
  const { rejected_share, few } = extract.manifest.limits;
  return (rows <= few && rows < rowsIn) || isWithin(rows, rowsIn, rejected_share);
}

/** Nothing is written of such an extract, so the error itself says where to look. */
async function firstRejectedLines(session: Session, extract: PlannedExtract): Promise<SafeName[]> {
  const rows = await session.rows(
    `account for ${extract.name}`,
    sql`SELECT line FROM (${linesOf(extract, ['rejected'])}) ORDER BY line LIMIT 10`,
  );
  return rows.map(({ line }) => safeName(String(line)));
}

const MILLION = 1_000_000;

/** Compared in whole numbers: 0.29 of 100 is 29, not 28.999999999999996. */
const isWithin = (count: number, total: number, share: number): boolean =>
  count * MILLION <= Math.round(share * MILLION) * total;

const NOT_AS_DECLARED: readonly NoteCount['note'][] = [
  'unmapped_code',
  'bad_date',
  'ambiguous_date',
  'bad_value',
];

/** A wrong format of dates or a new code shows as a column of which much cannot be read. */
function requireFewUnread(account: Account, kept: KeptTexts): void {
  const { unmapped_share, few } = account.extract.manifest.limits;
  for (const { field, note, count } of account.notes) {
    const values = kept.get(field)?.texts ?? 0;
    if (
      !NOT_AS_DECLARED.includes(note) ||
      (count <= few && count < values) ||
      isWithin(count, values, unmapped_share)
    )
      continue;
    throw new ThroughlineError(note === 'unmapped_code' ? 'CODES_OVER_LIMIT' : 'VALUES_OVER_LIMIT', {
      ...named(account),
      column: safeName(field),
      reason: safeName(note),
      values,
      not_read: count,
    });
  }
}

/** Rows of other extracts about the same records are as many as they are: who is contested is judged where it shows. */
function requireFewRepeated(account: Account): void {
  const { records } = account.extract.manifest;
  const repeated = account.outcomes.find(({ reason }) => reason === 'repeated_key')?.rows ?? 0;
  if (isBorne(account, repeated)) return;
  throw new ThroughlineError('KEY_COLUMN_NOT_UNIQUE', {
    ...named(account),
    columns: (records?.key ?? []).map(safeName),
    rows: account.rowsIn,
    repeated,
  });
}

const named = ({ extract }: Account): ErrorDetails & { extract: SafeName } => ({
  extract: safeName(extract.name),
});
