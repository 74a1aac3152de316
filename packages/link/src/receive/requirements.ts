import { safeName, slotLayout, ThroughlineError } from '@throughline/core';
import { type ReadArtifact, type Session, type Sql, sql } from '@throughline/engine';
import { MOST_DUPLICATES } from '@throughline/model';
import { z } from 'zod';
import { hasTable } from '../admit/admit.js';

/** The public words of the key card by which a delivery is judged. */
export const cardSchema = z.strictObject({
  agreement: z.string().min(1).max(200),
  epoch: z.string().min(1).max(200),
  check: z.string().regex(/^[0-9a-f]{16}$/),
});
export type Card = z.infer<typeof cardSchema>;

/**
 * The one delivery of this kind, of the partner itself and under the key of the epoch. Anything else is refused: tokens
 * of two keys never meet, and a night without matches would look like a city of strangers.
 *
 * @throws ThroughlineError ARTIFACT_MISSING, KEY_MISMATCH.
 */
export function requireDelivery<Kind extends 'tokens' | 'slots'>(
  deliveries: readonly ReadArtifact<Kind>[],
  { kind, of, card }: { readonly kind: Kind; readonly of: string; readonly card: Card },
): ReadArtifact<Kind> {
  const [delivery, ...others] = deliveries;
  if (delivery === undefined || delivery.of !== of || others.length > 0)
    throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName(kind), of: safeName(of) });
  const { agreement, epoch, value } = delivery.manifest.producedBy.keyCheck ?? {};
  if (agreement !== card.agreement || epoch !== card.epoch || value !== card.check)
    throw new ThroughlineError('KEY_MISMATCH', { of: safeName(of), document: safeName(card.agreement) });
  return delivery;
}

/** More records of a space than this never share a token that is sent: see the gate of `tokenize`. */
const LARGEST_GROUP = 10;

/**
 * Tokens of rules that the memorandum names, of records that the delivery lists once each, and none that a crowd
 * shares: its size would tell what it stands for, and a forged crowd would draw other partners' records together.
 *
 * @throws ThroughlineError DELIVERY_REFUSED with the rule and how many rows break it.
 */
export async function requireSoundTokens(
  session: Session,
  delivery: ReadArtifact<'tokens'>,
  rules: readonly string[],
): Promise<void> {
  const of = delivery.of;
  const [records, tokens] = [delivery.table('records'), delivery.table('tokens')];
  const count = (step: string, counted: Sql) => countOf(session, step, counted);
  await hold(of, 'every record once', () =>
    count('repeated records', sql`SELECT count(*) - count(DISTINCT record_id) AS n FROM ${records}`),
  );
  await hold(of, 'tokens of records that are listed', () =>
    count(
      'unlisted records',
      sql`SELECT count(*) AS n FROM ${tokens} ANTI JOIN ${records} AS listed USING (record_id)`,
    ),
  );
  const found = await session.rows('rules', sql`SELECT DISTINCT rule FROM ${tokens}`);
  await hold(
    of,
    'rules of the memorandum',
    async () => found.filter(({ rule }) => !rules.includes(String(rule))).length,
  );
  await hold(of, 'no token that more than ten records share', () =>
    count(
      'crowded tokens',
      sql`SELECT count(*) AS n FROM (
            SELECT 1 FROM (SELECT DISTINCT rule, token, record_id FROM ${tokens}) JOIN ${records} USING (record_id)
            GROUP BY space, rule, token HAVING count(*) > ${LARGEST_GROUP}::BIGINT)`,
    ),
  );
}

/**
 * Records that the owner says are one person: of one kind, in which a person may occur twice, each once, by the least of
 * their ids, and no more of a person than one can have. So an owner can say something of its own records alone, and a
 * crowd is nobody. Where the memorandum does not let owners say so, nothing may be said.
 *
 * @throws ThroughlineError DELIVERY_REFUSED with the rule and how many rows break it.
 */
export async function requireSoundDuplicates(
  session: Session,
  delivery: ReadArtifact<'tokens'>,
  allowed: boolean,
): Promise<void> {
  if (!hasTable(delivery, 'own_duplicates')) return;
  const { of } = delivery;
  const [told, records] = [delivery.table('own_duplicates'), delivery.table('records')];
  const count = (step: string, counted: Sql) => countOf(session, step, counted);
  await hold(of, 'duplicates are told only where the memorandum lets owners', async () => (allowed ? 0 : 1));
  await hold(of, 'every record once among duplicates', () =>
    count('repeated duplicates', sql`SELECT count(*) - count(DISTINCT record_id) AS n FROM ${told}`),
  );
  await hold(of, 'duplicates that are listed, of kinds in which a person may occur twice', () =>
    count(
      'unlisted duplicates',
      sql`SELECT count(*) AS n FROM ${told} AS told ANTI JOIN (
            SELECT record_id FROM ${records} AS records JOIN ${delivery.table('spaces')} AS spaces USING (space) WHERE NOT duplicate_free
          ) AS listed USING (record_id)`,
    ),
  );
  await hold(of, `two to ${MOST_DUPLICATES} duplicates of one kind, by the least of their ids`, () =>
    count(
      'groups of duplicates',
      sql`SELECT count(*) AS n FROM (
            SELECT 1 FROM ${told} AS told JOIN ${records} AS listed USING (record_id) GROUP BY person
            HAVING count(*) NOT BETWEEN 2 AND ${MOST_DUPLICATES}::BIGINT OR min(record_id) <> person OR count(DISTINCT space) > 1)`,
    ),
  );
}

/** What the gate of the epoch and the memorandum say of a partner's slots. */
export type SlotForm = {
  readonly passes: readonly string[];
  readonly similar: readonly string[];
  readonly exact: readonly string[];
};

/**
 * Slots of exactly the passes that the gate lets through, in their places, of the length that the memorandum's fields
 * give, of records that the partner's tokens list; and in each pass every token once. A block holds one record of a
 * partner: two would let whoever sent them compare its own guesses with another partner's child.
 *
 * @throws ThroughlineError DELIVERY_REFUSED with the rule and how many rows break it.
 */
export async function requireSoundSlots(
  session: Session,
  { slots, records }: { readonly slots: ReadArtifact<'slots'>; readonly records: Sql },
  form: SlotForm,
): Promise<number> {
  const { of } = slots;
  const { width } = slotLayout(form);
  const rows = slots.table('slots');
  const count = (step: string, counted: Sql) => countOf(session, step, counted);
  const passes = await session.rows(
    'slot passes',
    sql`SELECT pass, starts, width FROM ${slots.table('passes')} ORDER BY starts`,
  );
  const asked = form.passes.map((pass, place) => `${pass} ${place * width} ${width}`);
  const told = passes.map((pass) => `${pass['pass']} ${pass['starts']} ${pass['width']}`);
  await hold(of, 'the passes of the gate', async () => different(asked, told));
  const fields = await session.rows(
    'slot fields',
    sql`SELECT field, kind FROM ${slots.table('fields')} ORDER BY position`,
  );
  const named = [
    ...form.similar.map((name) => `${name} similar`),
    ...form.exact.map((name) => `${name} exact`),
  ];
  await hold(of, 'the fields of the memorandum', async () =>
    different(
      named,
      fields.map(({ field, kind }) => `${field} ${kind}`),
    ),
  );
  await hold(of, 'slots of equal length', () =>
    count(
      'slot lengths',
      sql`SELECT count(*) AS n FROM ${rows} WHERE octet_length(slots) <> ${form.passes.length * width}::BIGINT`,
    ),
  );
  await hold(of, 'every record once', () =>
    count('repeated records', sql`SELECT count(*) - count(DISTINCT record_id) AS n FROM ${rows}`),
  );
  await hold(of, 'slots of records that have tokens', () =>
    count(
      'unlisted records',
      sql`SELECT count(*) AS n FROM ${rows} ANTI JOIN (${records}) AS listed USING (record_id)`,
    ),
  );
  for (const [place, pass] of form.passes.entries()) {
    await hold(of, `every token of ${pass} once`, () =>
      count('repeated pass tokens', repeatedTokens(rows, place * width)),
    );
  }
  return width;
}

/** How many rows have a pass token that another row has before them. */
const repeatedTokens = (rows: Sql, starts: number): Sql => {
  const [from, until] = [starts + 1, starts + 16];
  return sql`SELECT count(*) - count(DISTINCT array_slice(slots, ${from}::BIGINT, ${until}::BIGINT)) AS n FROM ${rows}`;
};

const different = (asked: readonly string[], told: readonly string[]): number =>
  asked.length === told.length ? asked.filter((each, place) => each !== told[place]).length : 1;

async function countOf(session: Session, step: string, counted: Sql): Promise<number> {
  const [row = {}] = await session.rows(step, counted);
  return Number(row['n']);
}

async function hold(of: string, rule: string, broken: () => Promise<number>): Promise<void> {
  const rows = await broken();
  if (rows > 0)
    throw new ThroughlineError('DELIVERY_REFUSED', { of: safeName(of), rule: safeName(rule), rows });
}
