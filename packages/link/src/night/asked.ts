import { ident, type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import type { TokenTables } from '../admit/admit.js';
import type { SealedDelivery, SealedFiles } from '../sealed/slots.js';
import type { Findings } from './findings.js';
import { tokensOfSlots } from './marks.js';

const UNION_ALL = sql` UNION ALL `;

/*
 * Whose persons are decided tonight. Records are connected where they share a token of a rule or a meeting that could
 * be a link, or where owners said something of them; nothing passes from one component to another. So it is enough to
 * decide the components of last night that have lost a record, had one changed, or are reached by a token or a review of
 * a record that is new or changed.
 */

/** Table `fresh`: records that are new or were delivered otherwise; `gone`: last night's that are not there as they were. */
const freshRecords = (findings: Findings): Sql =>
  sql`SELECT record_id FROM seen ANTI JOIN ${findings.table('records')} AS before USING (record_id, seen)`;
const goneRecords = (findings: Findings): Sql =>
  sql`SELECT record_id, component FROM ${findings.table('records')} AS before ANTI JOIN seen USING (record_id, seen)`;

const tokenRows = (deliveries: readonly TokenTables[]): Sql =>
  sqlJoin(
    deliveries.map((each) => sql`SELECT record_id, rule, token FROM ${each.table('tokens')}`),
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
    sql`SELECT DISTINCT rule, token FROM (${tokens}) SEMI JOIN fresh USING (record_id)`,
  );
  await session.make(
    'reached',
    'reached',
    sql`SELECT DISTINCT record_id FROM (${tokens}) SEMI JOIN touched USING (rule, token)`,
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
  await session.make('fresh records', 'fresh', freshRecords(findings));
  await session.make('gone records', 'gone', goneRecords(findings));
  const changed = await session.rows(
    'changed records',
    sql`SELECT count(*) AS records FROM (SELECT record_id FROM fresh UNION SELECT record_id FROM gone)`,
  );
  await makeReached(session, deliveries, files);
  await session.make(
    'affected',
    'affected',
    sql`SELECT component FROM gone UNION SELECT component FROM ${findings.table('records')} SEMI JOIN reached USING (record_id)`,
  );
  const asked = await session.make(
    'asked',
    'asked',
    sql`SELECT record_id FROM fresh
        UNION SELECT record_id FROM ${findings.table('records')} SEMI JOIN affected USING (component) SEMI JOIN seen USING (record_id)`,
  );
  await session.make(
    'decided anew',
    'anew',
    sql`SELECT record_id FROM asked
        UNION SELECT record_id FROM ${findings.table('records')} SEMI JOIN affected USING (component)`,
  );
  return { changed: Number(changed[0]?.['records']), asked };
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

export async function slotsAsked(
  session: Session,
  deliveries: readonly SealedDelivery[],
): Promise<SealedDelivery[]> {
  const narrowed: SealedDelivery[] = [];
  for (const [place, delivery] of deliveries.entries()) {
    const slots = await onlyAsked(session, `asked_slots_${place}`, delivery.table('slots'));
    narrowed.push({ of: delivery.of, table: (name) => (name === 'slots' ? slots : delivery.table(name)) });
  }
  return narrowed;
}
