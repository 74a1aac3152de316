import { ident, type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import type { TokenTables } from '../admit/admit.js';
import type { SealedFiles } from '../sealed/slots.js';
import type { Findings } from './findings.js';
import { tokensOfSlots } from './marks.js';

const UNION_ALL = sql` UNION ALL `;

/*
 * Whose persons are decided tonight. Records are connected where they share a token of a rule or a meeting that could
 * be a link, or where owners said something of them; nothing passes from one component to another. So it is enough to
 * decide the components of last night that have lost a record, had one changed, or are reached by a token or a review of
 * a record that is new or changed.
 */

/** Table `changes`: records that are new, gone, or were delivered otherwise, as tonight or last night has them. */
const changedRecords = (findings: Findings): Sql =>
  sql`SELECT now.record_id AS fresh, before.record_id AS gone, component
      FROM seen AS now FULL JOIN ${findings.table('records')} AS before ON before.record_id = now.record_id
      WHERE now.seen IS DISTINCT FROM before.seen`;
/** Table `fresh`: records that are new or were delivered otherwise; `gone`: last night's that are not there as they were. */
const FRESH = sql`SELECT fresh AS record_id FROM changes WHERE fresh IS NOT NULL`;
const GONE = sql`SELECT gone AS record_id, component FROM changes WHERE gone IS NOT NULL`;

const tokenRows = (deliveries: readonly TokenTables[]): Sql =>
  sqlJoin(
    deliveries.map((each) => sql`SELECT record_id, token FROM ${each.table('tokens')}`),
    UNION_ALL,
  );

/** Table `reached`: records that share a token with one that is fresh, or of which owners said something with it. */
async function makeReached(
  session: Session,
  deliveries: readonly TokenTables[],
  files: SealedFiles,
): Promise<void> {
  const tokens = tokenRows(deliveries);
  await session.make(
    'changed tokens',
    'touched',
    sql`SELECT DISTINCT token FROM (${tokens}) SEMI JOIN fresh USING (record_id)`,
  );
  await session.make(
    'reached',
    'reached',
    sql`SELECT DISTINCT record_id FROM (${tokens}) SEMI JOIN touched USING (token)`,
  );
  await session.run(
    'reached by reviews',
    sql`INSERT INTO reached SELECT b FROM reviewed SEMI JOIN fresh ON record_id = a
        UNION SELECT a FROM reviewed SEMI JOIN fresh ON record_id = b`,
  );
  if (files.deliveries.length === 0) return;
  const sealed = sqlJoin(
    files.deliveries.map((each) => sql`SELECT record_id, token FROM ${tokensOfSlots(each, files.passes)}`),
    UNION_ALL,
  );
  await session.make(
    'changed slots',
    'touched_slots',
    sql`SELECT DISTINCT token FROM (${sealed}) SEMI JOIN fresh USING (record_id)`,
  );
  await session.run(
    'reached by slots',
    sql`INSERT INTO reached SELECT DISTINCT record_id FROM (${sealed}) SEMI JOIN touched_slots USING (token)`,
  );
}

export type Changes = {
  /** Records that are new, gone, or were delivered otherwise. */
  readonly changed: number;
  /** Records whose persons are decided tonight. */
  readonly asked: number;
};

/**
 * Makes tables `fresh`, `gone`, `affected` (components of last night), `asked` (records of tonight) and `anew` (those and
 * last night's of the same components); reads `reviewed`.
 */
export async function askChanged(
  session: Session,
  {
    findings,
    deliveries,
    files,
  }: {
    readonly findings: Findings;
    readonly deliveries: readonly TokenTables[];
    readonly files: SealedFiles;
  },
): Promise<Changes> {
  const changed = await session.make('changed records', 'changes', changedRecords(findings));
  await session.make('fresh records', 'fresh', FRESH);
  await session.make('gone records', 'gone', GONE);
  await makeReached(session, deliveries, files);
  await session.make(
    'affected',
    'affected',
    sql`SELECT component FROM gone UNION SELECT component FROM ${findings.table('records')} SEMI JOIN reached USING (record_id)`,
  );
  await session.make(
    'members',
    'members',
    sql`SELECT record_id FROM ${findings.table('records')} SEMI JOIN affected USING (component)`,
  );
  const asked = await session.make(
    'asked',
    'asked',
    sql`SELECT record_id FROM fresh UNION SELECT record_id FROM members ANTI JOIN gone USING (record_id)`,
  );
  await session.make(
    'decided anew',
    'anew',
    sql`SELECT record_id FROM asked UNION SELECT record_id FROM members`,
  );
  return { changed, asked };
}

/** The rows of a delivery's table that are of records asked about, read once. */
async function onlyAsked(session: Session, name: string, rows: Sql): Promise<Sql> {
  await session.make('rows asked about', name, sql`SELECT * FROM ${rows} SEMI JOIN asked USING (record_id)`);
  return ident(name);
}

export async function tokensAsked(
  session: Session,
  deliveries: readonly TokenTables[],
): Promise<TokenTables[]> {
  const narrowed: TokenTables[] = [];
  for (const [place, delivery] of deliveries.entries()) {
    const tokens = await onlyAsked(session, `asked_tokens_${place}`, delivery.table('tokens'));
    const records = await onlyAsked(session, `asked_records_${place}`, delivery.table('records'));
    narrowed.push({
      of: delivery.of,
      table: (name) => (name === 'tokens' ? tokens : name === 'records' ? records : delivery.table(name)),
    });
  }
  return narrowed;
}
