import type { Sealing } from '@throughline/agreement';
import { slotLayout } from '@throughline/core';
import { type OutputArtifact, type Session, sql } from '@throughline/engine';

/** What the owner keeps to itself. */
export async function writeLedger(ledger: OutputArtifact<'ledger'>): Promise<number> {
  await ledger.table('values', sql`SELECT name AS pass, high, low, record_id FROM taken`);
  return ledger.table('records', sql`SELECT record_id, high, low, slots FROM sealing`);
}

/** Notes for each pass how many records have a value and how many of them a slot that may be real. */
export async function countReal(ledger: OutputArtifact<'ledger'>, session: Session): Promise<void> {
  const counted = await session.rows(
    'count slots',
    sql`SELECT name, (SELECT count(*) FROM pass_values WHERE pass_values.pass = passes.pass) AS holding,
          (SELECT count(*) FROM sealing WHERE (slots >> pass) & 1 = 1) AS alone
        FROM passes ORDER BY pass`,
  );
  for (const row of counted) {
    const by = { pass: String(row['name']) };
    for (const name of ['holding', 'alone']) ledger.count(name, Number(row[name]), by);
  }
}

type Written = {
  readonly session: Session;
  readonly slots: OutputArtifact<'slots'>;
  readonly sealing: Sealing;
};

const PASSES = { pass: 'VARCHAR', starts: 'INTEGER', width: 'INTEGER' } as const;
const FIELDS = { position: 'INTEGER', field: 'VARCHAR', kind: 'VARCHAR' } as const;

/** The slots of every record, and how to read them. @returns how many records have slots. */
export async function writeSlots({ session, slots, sealing }: Written): Promise<number> {
  const { width } = slotLayout(sealing);
  const names = sealing.passes.map(({ name }) => name);
  await session.append('slot passes', { name: 'slot_passes', schema: PASSES }, [
    [names, names.map((_, place) => place * width), names.map(() => width)],
  ]);
  const fields = [...sealing.similar, ...sealing.exact];
  await session.append('slot fields', { name: 'slot_fields', schema: FIELDS }, [
    [
      fields.map((_, position) => position),
      fields,
      fields.map((_, position) => (position < sealing.similar.length ? 'similar' : 'exact')),
    ],
  ]);
  await slots.table('passes', sql`SELECT * FROM slot_passes`);
  await slots.table('fields', sql`SELECT * FROM slot_fields`);
  return slots.table(
    'slots',
    sql`SELECT * FROM (SELECT record_id, slots FROM kept UNION ALL
          SELECT record_id, slots FROM sealed JOIN numbered USING (record))
        WHERE octet_length(slots) > 0`,
    ['record_id'],
  );
}
