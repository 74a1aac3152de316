import { artifactTables, columnsOf, type PayloadTable, safeName, ThroughlineError } from '@throughline/core';
import { ident, type ReadArtifact, type Session, type Sql, sql, sqlJoin, sqlType } from '@throughline/engine';
import { type Need, type Partners, partnersIn, type Role, roles, type Scope } from '../definition/measure.js';

type Table = PayloadTable | 'attendance' | 'extracts';

/** A partner's payload, and its place in the configuration's order. */
export type Source = {
  readonly role: Role;
  readonly partner: string;
  readonly rank: number;
  readonly payload: ReadArtifact<'payload'>;
};

/**
 * The payloads of the partners that the configuration names.
 *
 * @throws ThroughlineError ARTIFACT_MISSING if one of them has none.
 */
export function sourcesOf(payloads: readonly ReadArtifact<'payload'>[], partners: Partners): Source[] {
  return roles.flatMap((role) =>
    partnersIn(partners, role).map((partner, rank) => ({
      role,
      partner,
      rank,
      payload: payloadOf(payloads, partner),
    })),
  );
}

function payloadOf(payloads: readonly ReadArtifact<'payload'>[], partner: string): ReadArtifact<'payload'> {
  const found = payloads.find(({ of }) => of === partner);
  if (found === undefined) {
    throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName('payload'), partner: safeName(partner) });
  }
  return found;
}

const rowsOf = ({ payload }: Source, table: Table): number =>
  payload.manifest.tables.find(({ name }) => name === table)?.rows ?? 0;

/** The rows of a payload table of all partners in a role. */
export const rowsIn =
  (sources: readonly Source[]): Scope['rows'] =>
  (role, table) => {
    const having = sources.filter((source) => source.role === role && rowsOf(source, table) > 0);
    return having.length === 0
      ? emptyRows(table)
      : sqlJoin(
          having.map((source) => partnerRows(source, table)),
          sql` UNION ALL `,
        );
  };

const partnerRows = ({ partner, rank, payload }: Source, table: Table): Sql => {
  const columns = sqlJoin(columnsOf(artifactTables.payload[table]).map(({ name }) => ident(name)));
  return sql`SELECT ${partner}::VARCHAR AS partner, ${rank}::INTEGER AS partner_rank, ${columns} FROM ${payload.table(table)}`;
};

const emptyRows = (table: Table): Sql => {
  const columns = columnsOf(artifactTables.payload[table]).map(
    ({ name, type }) => sql`NULL::${sqlType(type)} AS ${ident(name)}`,
  );
  return sql`SELECT NULL::VARCHAR AS partner, NULL::INTEGER AS partner_rank, ${sqlJoin(columns)} WHERE false`;
};

/**
 * An empty table would be counted as children without absences, sessions or school days.
 *
 * @throws ThroughlineError COVERAGE_GAP if a partner that must have a table, or every partner of a role of which
 *   some must, has no rows of it; or if an extract of a table needed kept no row.
 */
export async function requireCoverage(
  session: Session,
  sources: readonly Source[],
  needs: readonly Need[],
): Promise<void> {
  for (const need of needs) requireTable(sources, need);
  for (const role of roles) {
    const tables: readonly string[] = needs.filter((need) => need.role === role).map(({ table }) => table);
    const empty = await emptyExtracts(session, sources, role);
    const gaps = empty.filter(({ table }) => tables.includes(table));
    if (gaps.length > 0) {
      throw new ThroughlineError('COVERAGE_GAP', { extracts: gaps.map(({ extract }) => safeName(extract)) });
    }
  }
}

function requireTable(sources: readonly Source[], { role, table, from }: Need): void {
  const asked = sources.filter((source) => source.role === role);
  const empty = asked.filter((source) => rowsOf(source, table) === 0);
  if (empty.length === 0 || (from === 'some' && empty.length < asked.length)) return;
  throw new ThroughlineError('COVERAGE_GAP', {
    table: safeName(table),
    partners: empty.map(({ partner }) => safeName(partner)),
  });
}

async function emptyExtracts(session: Session, sources: readonly Source[], role: Role) {
  const rows = await session.rows(
    'empty extracts',
    sql`SELECT extract, payload_table FROM (${rowsIn(sources)(role, 'extracts')}) WHERE rows_kept = 0 ORDER BY ALL`,
  );
  return rows.map((row) => ({ extract: String(row['extract']), table: String(row['payload_table']) }));
}
