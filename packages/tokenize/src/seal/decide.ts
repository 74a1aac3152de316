import type { SealingPass } from '@throughline/agreement';
import { type ReadArtifact, type Session, type Sql, sql, sqlJoin } from '@throughline/engine';

/** Table `passes`: a pass's place among those that are used, and its name. */
export const passesListed = (names: readonly string[]): Sql => {
  if (names.length === 0) return sql`SELECT 0::INTEGER AS pass, '' AS name WHERE false`;
  const rows = names.map((name, place) => sql`(${place}, ${name})`);
  return sql`SELECT pass::INTEGER AS pass, name::VARCHAR AS name FROM (VALUES ${sqlJoin(rows)}) AS listed(pass, name)`;
};

/** Table `taken_before`: what the ledger of this epoch says; nothing at its start. */
export const takenBefore = (ledger: ReadArtifact<'ledger'> | undefined): Sql =>
  ledger === undefined
    ? sql`SELECT '' AS name, 0::INTEGER AS high, 0::INTEGER AS low, NULL::UUID AS record_id WHERE false`
    : sql`SELECT pass AS name, high, low, record_id FROM ${ledger.table('values')}`;

/**
 * Table `taken`: the ledger with the values that are new tonight, by the rule of `valuesTaken`. A record's number
 * follows its id, so the least number is the least id.
 */
export const takenNow = (): Sql =>
  sql`SELECT name, high, low, record_id FROM taken_before
      UNION ALL
      SELECT name, high, low, record_id FROM (
        SELECT pass, high, low, CASE WHEN min(person) = max(person) THEN min(record) END AS record
        FROM pass_values JOIN persons USING (record) GROUP BY pass, high, low
      ) JOIN passes USING (pass) LEFT JOIN numbered USING (record)
      WHERE NOT EXISTS (
        SELECT 1 FROM taken_before AS old
        WHERE old.name = passes.name AND old.high = high AND old.low = low
      )`;

/** Table `sealing`: for each record the code of its identifiers, and which slots may be real, as bits. */
export const slotsDecided = (): Sql =>
  sql`SELECT record, record_id, prints.high, prints.low, coalesce(slots, 0)::BIGINT AS slots
      FROM numbered JOIN prints USING (record) LEFT JOIN (
        SELECT record, bit_or(1::BIGINT << pass) AS slots
        FROM pass_values JOIN passes USING (pass) JOIN numbered USING (record)
        JOIN taken USING (name, high, low)
        WHERE taken.record_id = numbered.record_id
        GROUP BY record
      ) USING (record)`;

/** Table `kept`: slots of the last delivery of records that have not changed since, nor has what is real of them. */
export const slotsKept = ({ slots, ledger }: LastDelivery): Sql =>
  slots === undefined || ledger === undefined
    ? sql`SELECT NULL::UUID AS record_id, ''::BLOB AS slots WHERE false`
    : sql`SELECT delivered.record_id, delivered.slots
          FROM ${slots.table('slots')} AS delivered JOIN ${ledger.table('records')} AS old USING (record_id)
          JOIN sealing USING (record_id, high, low) WHERE old.slots = sealing.slots`;

export type LastDelivery = {
  readonly slots: ReadArtifact<'slots'> | undefined;
  readonly ledger: ReadArtifact<'ledger'> | undefined;
};

/** Makes the tables above, in order. @returns how many records keep their slots. */
export async function decideSlots(
  session: Session,
  passes: readonly SealingPass[],
  { slots, ledger }: LastDelivery,
): Promise<number> {
  await session.make('passes', 'passes', passesListed(passes.map(({ name }) => name)));
  await session.make('taken before', 'taken_before', takenBefore(ledger));
  await session.make('taken', 'taken', takenNow());
  await session.make('decided', 'sealing', slotsDecided());
  return session.make('kept', 'kept', slotsKept({ slots, ledger }));
}
