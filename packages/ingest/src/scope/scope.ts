import type { WarningName } from '@throughline/core';
import { ident, type ReadArtifact, type Session, sql } from '@throughline/engine';
import { keptRows } from '../account/outcomes.js';
import { isOver } from '../hold/moves.js';
import type { Found } from '../hold/reasons.js';
import type { Space } from '../identify/spaces.js';
import { valueColumn } from '../load/values.js';
import type { PlannedExtract } from '../plan/plan.js';
import { attendanceContradictions, attendancesOf, isTooFewToTell } from './attendance-scope.js';
import { dateContradictions, datedRows, overlappingEnrolments } from './dates-scope.js';

type Scoped = {
  readonly extracts: readonly PlannedExtract[];
  readonly spaces: readonly Space[];
  readonly today: string;
  readonly last: ReadArtifact<'identifiers'> | undefined;
  readonly warn: (about: WarningName) => void;
};

/**
 * Where the rows contradict the scope that a manifest declares. A wrong scope cannot be seen later: an export of
 * active children only makes those who left look as if they had never missed a day.
 */
export async function contradictions(
  session: Session,
  { extracts, spaces, today, last, warn }: Scoped,
): Promise<Found[]> {
  const found: Found[] = [];
  for (const extract of extracts) {
    const { payload_table } = extract.manifest;
    if (payload_table === 'absences' && hasRegisters(extracts)) {
      const attendances = await attendancesOf(session, extract, today);
      if (isTooFewToTell(attendances)) warn('scope-too-few-to-tell');
      found.push(...attendanceContradictions(extract, attendances));
    }
    const dated = await datedRows(session, extract);
    if (dated !== undefined) found.push(...dateContradictions(extract, dated));
    found.push(...(await overlaps(session, extract)));
    if (last !== undefined) found.push(...(await nobodyLeft(session, extract, { spaces, last })));
  }
  return found;
}

/** Several exports of absences may share the work, so that none can be judged by the registers of all. */
const hasRegisters = (extracts: readonly PlannedExtract[]): boolean =>
  extracts.filter(({ manifest }) => manifest.payload_table === 'absences').length === 1;

async function overlaps(session: Session, extract: PlannedExtract): Promise<Found[]> {
  if (extract.manifest.scope.one_row_per_enrolment !== true) return [];
  const found = await overlappingEnrolments(session, extract);
  if (found === undefined || !isOver(found.overlapping, found.rows, { share: 0.01, count: 10 })) return [];
  const counts = `${found.overlapping} of ${found.rows} rows`;
  return [{ reason: 'one_row_per_enrolment', place: extract.name, counts }];
}

type Last = { readonly spaces: readonly Space[]; readonly last: ReadArtifact<'identifiers'> };

/** Children who leave turn inactive in an export of everybody, and vanish from one of the active. */
async function nobodyLeft(
  session: Session,
  extract: PlannedExtract,
  { spaces, last }: Last,
): Promise<Found[]> {
  const { name, manifest, layout } = extract;
  const active = layout.fields.findIndex(({ column }) => column === 'active');
  const space = spaces.find((each) => each.name === manifest.records?.space);
  if (
    manifest.payload_table !== 'students' ||
    manifest.scope.active_only ||
    active < 0 ||
    space === undefined
  )
    return [];
  const [row = {}] = await session.rows(
    `scope of ${name}`,
    sql`SELECT
        (SELECT count(*) FROM (${keptRows(extract)}) WHERE ${valueColumn(active)} = 'no') AS inactive,
        (SELECT count(*) FROM ${last.table('identifiers')} WHERE space = ${space.name} AND record_id NOT IN (
          SELECT record_id FROM ${ident(space.tables.spellings)}
          UNION ALL SELECT record_id FROM ${ident(space.tables.left_out)})) AS vanished`,
  );
  const vanished = Number(row['vanished']);
  if (Number(row['inactive']) > 0 || vanished <= manifest.limits.gone.count) return [];
  return [{ reason: 'active_only', place: name, counts: `${vanished} vanished, none inactive` }];
}
