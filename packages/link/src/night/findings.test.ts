import { ident, type Session, type Sql, sql } from '@throughline/engine';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchSession } from '../fixture/session.fixture.js';
import { asItStands, findingsOfNight, foundRows, type KeptFindings } from './findings.js';

let session: Session;
let end: () => Promise<void>;
beforeEach(async () => {
  ({ session, end } = await scratchSession());
});
afterEach(() => end());

const RECORDS = 8;
const TABLES = ['records', 'decided', 'token_passes', 'meetings', 'judged'] as const;
const id = (record: number) => `00000000-0000-4000-8000-00000000000${record}`;

/** A row of each table: records, and what was found of them on which night. */
type Row = { readonly a: number; readonly b: number; readonly night: number };
type Found = readonly Row[];

/** As the software does: what is about a record decided tonight is found anew, all else stands. */
const nextNight = (before: Found, tonight: Found, decided: ReadonlySet<number>): Found => [
  ...before.filter(({ a, b }) => !decided.has(a) && !decided.has(b)),
  ...tonight.filter(({ a, b }) => decided.has(a) || decided.has(b)),
];

/** Meetings have any two ends; whatever else there is of two records has both decided in one night. */
async function keep(found: Found): Promise<void> {
  const schema = { a: 'UUID', b: 'UUID', night: 'INTEGER' } as const;
  await session.append('found', { name: 'found', schema }, [
    [found.map(({ a }) => id(a)), found.map(({ b }) => id(b)), found.map(({ night }) => night)],
  ]);
  const own = sql`FROM found WHERE a = b`;
  await session.make('kept', 'kept_records', sql`SELECT a AS record_id, night ${own}`);
  await session.make('kept', 'kept_token_passes', sql`SELECT a AS component, night ${own}`);
  const ends = sql`SELECT a AS record_id_a, b AS record_id_b, night`;
  for (const name of ['decided', 'judged']) await session.make('kept', `kept_${name}`, sql`${ends} ${own}`);
  await session.make('kept', 'kept_meetings', sql`${ends} FROM found`);
  await session.make('kept', 'kept_model', sql`SELECT 1 AS records`);
}

async function decide(records: ReadonlySet<number>, withdrawn: readonly number[]): Promise<void> {
  const among = async (name: string, of: readonly number[]) =>
    session.append(name, { name, schema: { record_id: 'UUID' } }, [[of.map(id)]]);
  await among('asked', [...records].slice(0, 1));
  await among('replaced', [...records].slice(1));
  await among('withdrawn', withdrawn);
}

const written: KeptFindings = { table: (name) => ident(`written_${name}`) };
async function everything(rowsOf: (name: (typeof TABLES)[number]) => Sql): Promise<unknown[]> {
  const all: unknown[] = [];
  for (const name of TABLES)
    all.push(await session.rows(name, sql`SELECT * FROM (${rowsOf(name)}) ORDER BY ALL`));
  return all;
}

/** @returns how many tables were kept as they were. */
async function write(before: KeptFindings | undefined): Promise<number> {
  const { kept, made } = await findingsOfNight(session, before);
  for (const [name, rows] of made) await session.make('written', `written_${name}`, rows);
  return kept.length;
}

const record = fc.nat(RECORDS - 1);
const whole = Array.from({ length: RECORDS }, (_, each) => ({ a: each, b: each }));
const night = fc.record({
  pairs: fc.array(fc.record({ a: record, b: record }), { maxLength: 12 }),
  decided: fc.uniqueArray(record, { maxLength: 2 }),
});

describe('findings that are kept beside what takes their place', () => {
  it('read as all that was found, night after night', async () => {
    let kept = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(night, { minLength: 2, maxLength: 4 }), async (nights) => {
        let found: Found = [];
        for (const [at, { pairs, decided }] of nights.entries()) {
          const tonight = [...whole, ...pairs].map((pair) => ({ ...pair, night: at }));
          found = at === 0 ? tonight : nextNight(found, tonight, new Set(decided));
          await keep(found);
          await decide(new Set(decided), []);
          kept += await write(at === 0 ? undefined : written);
          expect(await everything((name) => asItStands(written).table(name))).toEqual(
            await everything((name) => foundRows[name]),
          );
        }
      }),
      { numRuns: 8, seed: 3 },
    );
    expect(kept).toBeGreaterThan(0);
  });

  it('are written whole once a record of theirs is withdrawn, or many have been decided since', async () => {
    const found = whole.map((each) => ({ ...each, night: 0 }));
    await keep(found);
    await decide(new Set(), []);
    await write(undefined);
    await decide(new Set([1]), []);
    expect(await write(written)).toBe(TABLES.length);
    await decide(new Set([1]), [2]);
    expect(await write(written)).toBe(0);
    await decide(new Set([1, 2, 3]), []);
    expect(await write(written)).toBe(0);
  });
});
