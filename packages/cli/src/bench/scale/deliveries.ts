import { type ColumnBatch, type Session, type Sql, type Stage, sql, sqlJoin } from '@throughline/engine';
import { slotDigests, slotTokens, tokenDigests } from '@throughline/link';
import { z } from 'zod';
import { KEY_CHECK, RULES } from './agreements.js';
import { childOf, mixed, rowsOf, type ScaleNight, type ScaleRow } from './children.js';
import { type Holders, holdersOf, LAYOUT, PASS_NAMES, patternOf, SLOT_FIELDS, slotsOf } from './slots.js';

const ROWS_A_BATCH = 10_000;
const RANDOM_PAIRS = 100_000;
const CHILDREN = {
  record: 'INTEGER',
  first: 'VARCHAR',
  last: 'VARCHAR',
  birth_date: 'VARCHAR',
  sex: 'VARCHAR',
  zip: 'VARCHAR',
} as const;

const PASS_STARTS = PASS_NAMES.map((pass, place) => ({ pass, place, starts: place * LAYOUT.width }));

/** What a partner of a bench delivers, as the linkage unit keeps it: it could not tell it from what is real. */
export const deliveryStages = (night: ScaleNight): readonly Stage<unknown>[] => {
  const { base, changed } = rowsOf(night);
  const rows = [...base, ...changed];
  const recordIds = sql`SELECT record, md5(${String(night.side)} || ' ' || record)::UUID AS record_id FROM children`;
  return [
    {
      ...made('tokenize', 'tokens'),
      run: async ({ session, output }) => {
        await session.append('children', { name: 'children', schema: CHILDREN }, childBatches(rows));
        await session.make('records', 'ids', recordIds);
        const tokens = output('tokens');
        tokens.keyCheck(KEY_CHECK);
        await session.make('tokens', 'made_tokens', sqlJoin(RULES.map(tokensOf), sql` UNION ALL `));
        await tokens.table('tokens', sql`SELECT * FROM made_tokens`);
        await tokens.table('digests', tokenDigests(sql`made_tokens`));
        await tokens.table(
          'records',
          sql`SELECT record_id, 'student' AS space, ${RULES.length}::INTEGER AS tokens FROM ids`,
        );
        await tokens.table(
          'spaces',
          sql`SELECT 'student' AS space, true AS duplicate_free, ${rows.length}::BIGINT AS records`,
        );
        await tokens.table(
          'withdrawn',
          sql`SELECT record_id, '' AS space, DATE '2026-01-01' AS effective FROM ids WHERE false`,
        );
        await tokens.table(
          'missing',
          sql`SELECT '' AS space, '' AS rule, '' AS reason, 0::BIGINT AS records WHERE false`,
        );
      },
    },
    {
      ...made('seal', 'slots'),
      run: async ({ session, output }) => {
        const slots = output('slots');
        slots.keyCheck(KEY_CHECK);
        await appendSlots(session, night, { base, changed });
        await session.make('records', 'children', sql`SELECT record FROM slots`);
        await session.make(
          'slots',
          'sealed',
          sql`SELECT record_id, slots FROM slots JOIN (${recordIds}) USING (record)`,
        );
        await slots.table('slots', sql`SELECT * FROM sealed`, ['record_id']);
        await slots.table('digests', slotDigests(sql`sealed`));
        await slots.table('tokens', slotTokens(sql`sealed`, PASS_STARTS));
        await slots.table(
          'passes',
          listed(
            PASS_STARTS.map(
              ({ pass, starts }) => sql`(${pass}, ${starts}::INTEGER, ${LAYOUT.width}::INTEGER)`,
            ),
            sql`pass, starts, width`,
          ),
        );
        const fields = [...SLOT_FIELDS.similar, ...SLOT_FIELDS.exact];
        await slots.table(
          'fields',
          listed(
            fields.map(
              (field, position) =>
                sql`(${position}::INTEGER, ${field}, ${position < SLOT_FIELDS.similar.length ? 'similar' : 'exact'})`,
            ),
            sql`position, field, kind`,
          ),
        );
      },
    },
  ];
};

/** What an owner tells of its file once an epoch. */
export const planStage = (night: ScaleNight): Stage<unknown> => ({
  ...made('plan', 'plan'),
  run: async ({ output }) => {
    const plan = output('plan');
    plan.keyCheck(KEY_CHECK);
    await plan.table('size', sql`SELECT ${night.size}::BIGINT AS persons`);
    await plan.table(
      'passes',
      sql`SELECT '' AS pass, 0::DOUBLE AS unique_share, 0::DOUBLE AS meeting_rate WHERE false`,
    );
    await plan.table(
      'likeness',
      listed(
        likeness(night.size).map(([pattern, pairs]) => sql`('random', ${pattern}, ${pairs}::BIGINT)`),
        sql`kind, pattern, pairs`,
      ),
    );
  },
});

const made = (name: 'tokenize' | 'seal' | 'plan', kind: 'tokens' | 'slots' | 'plan') => ({
  name,
  version: 'bench',
  config: z.unknown(),
  writes: [kind],
  secrets: [],
  governs: () => [],
});

const listed = (rows: readonly Sql[], columns: Sql): Sql =>
  sql`SELECT * FROM (VALUES ${sqlJoin(rows)}) AS listed(${columns})`;

function* childBatches(rows: readonly ScaleRow[]): Generator<ColumnBatch> {
  for (let from = 0; from < rows.length; from += ROWS_A_BATCH) {
    const batch = rows.slice(from, from + ROWS_A_BATCH);
    yield [
      batch.map(({ record }) => record),
      batch.map(({ child }) => child.first),
      batch.map(({ child }) => child.last),
      batch.map(({ child }) => child.birthDate),
      batch.map(({ child }) => child.sex),
      batch.map(({ child }) => child.zip),
    ];
  }
}

const PARTS: Readonly<Record<string, Sql>> = {
  first: sql`first`,
  last: sql`last`,
  birth_date: sql`birth_date`,
  'birth_date.year_month': sql`birth_date[1:7]`,
  sex: sql`sex`,
  zip: sql`zip`,
  'first.3': sql`first[1:3]`,
  'last.3': sql`last[1:3]`,
  'first.initial': sql`first[1]`,
  'last.initial': sql`last[1]`,
};

const tokensOf = ({ name, parts }: (typeof RULES)[number]): Sql =>
  sql`SELECT ${name} AS rule, md5(concat_ws('|', ${name}, ${sqlJoin(parts.map((part) => PARTS[part] ?? sql`NULL`))}))::UUID AS token, record_id
      FROM children JOIN ids USING (record)`;

/** Slots that were real on the first night stay so; those that changed are real where nobody had the value. */
async function appendSlots(
  session: Session,
  { side, ...night }: ScaleNight,
  { changed }: ReturnType<typeof rowsOf>,
): Promise<void> {
  const { base } = rowsOf({ ...night, side, changes: [] });
  const holders = holdersOf(base);
  const gone = new Set(changed.map(({ record }) => record));
  const newcomers = new Set(changed.map(({ record }) => record % 1_000_000_000));
  const kept = base.filter(({ record }) => !gone.has(record) && !newcomers.has(record));
  const schema = { record: 'INTEGER', slots: 'BLOB' } as const;
  await session.append(
    'slots',
    { name: 'slots', schema },
    slotBatches([
      { rows: kept, holders, real: 1, side },
      { rows: changed, holders, real: 0, side },
    ]),
  );
}

type Sealed = {
  readonly rows: readonly ScaleRow[];
  readonly holders: Holders;
  readonly real: number;
  readonly side: number;
};

function* slotBatches(parts: readonly Sealed[]) {
  for (const { rows, ...sealing } of parts) {
    for (let from = 0; from < rows.length; from += ROWS_A_BATCH) {
      const batch = rows.slice(from, from + ROWS_A_BATCH);
      yield [batch.map(({ record }) => record), batch.map((row) => slotsOf(row, sealing))];
    }
  }
}

/** How alike random pairs of the children of a file are. */
function likeness(size: number): [pattern: string, pairs: number][] {
  const pairs = new Map<string, number>();
  for (let pair = 0; pair < RANDOM_PAIRS; pair += 1) {
    const [one, other] = [mixed(pair, 71) % size, mixed(pair, 72) % size];
    if (one === other) continue;
    const pattern = patternOf(childOf(one), childOf(other));
    pairs.set(pattern, (pairs.get(pattern) ?? 0) + 1);
  }
  return [...pairs].sort(([one], [other]) => (one < other ? -1 : 1));
}
