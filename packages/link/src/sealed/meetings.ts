import { SLOT_TOKEN_BYTES, slotLevelsOf } from '@throughline/core';
import { ident, type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import { comparing } from '@throughline/model';
import { integerBatches, NO_INTEGERS, readIntegers } from '../columns/integers.js';
import { digitsOf } from './model.js';
import { bytesAt, type SealedFiles, type SealedPass } from './slots.js';

const UNION_ALL = sql` UNION ALL `;
const heldTable = ({ place }: SealedPass): Sql => ident(heldName(place));
const heldName = (place: number): string => `slot_holders_${place}`;

/** Table `slot_holders_N`: who holds those tokens of a pass that two records or more hold, and how many of the partner's do. */
const slotHolders = ({ starts }: SealedPass): Sql =>
  sql`WITH every AS (SELECT record, partner, ${bytesAt(sql`slots`, starts, SLOT_TOKEN_BYTES)} AS token FROM sealed),
        shared AS (SELECT token FROM every GROUP BY token HAVING count(*) > 1),
        held AS MATERIALIZED (SELECT * FROM every SEMI JOIN shared USING (token))
      SELECT record, partner, token, holders FROM held
      JOIN (SELECT partner, token, count(*) AS holders FROM held GROUP BY partner, token) USING (partner, token)`;

/**
 * Table `meetings`: pairs of records that meet, the first pass in which they do, and all of them as bits. A token that
 * one partner holds twice names nobody, and its slots meet nothing.
 */
const meetingPairs = (passes: readonly SealedPass[]): Sql => {
  const pairs = (pass: SealedPass): Sql => {
    const alone = sql`SELECT * FROM ${heldTable(pass)} WHERE holders = 1`;
    return sql`SELECT one.record AS a, other.record AS b, ${pass.place}::INTEGER AS pass
        FROM (${alone}) one JOIN (${alone}) other
          ON one.token = other.token AND one.partner <> other.partner AND one.record < other.record`;
  };
  return sql`SELECT a, b, min(pass) AS pass, bit_or(1::BIGINT << pass) AS passes
      FROM (${sqlJoin(passes.map(pairs), UNION_ALL)}) GROUP BY a, b`;
};

/** Runs one named step. */
type Step = <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;

/** Makes tables `sealed` and `meetings`, pass by pass. @returns how many pairs meet. */
export async function makeMeetings(
  session: Session,
  { files, records }: { readonly files: Pick<SealedFiles, 'passes'>; readonly records: Sql },
  step: Step,
): Promise<number> {
  await session.make('sealed records', 'sealed', records);
  for (const pass of files.passes) {
    await step(`sealed pass ${pass.name}`, () =>
      session.make('slot holders', heldName(pass.place), slotHolders(pass)),
    );
  }
  return step('sealed meetings', () => session.make('meetings', 'meetings', meetingPairs(files.passes)));
}

/**
 * Records, x and y, that hold a token which one partner holds twice: were one of them gone, the others would meet. So
 * all of its holders belong together, though none of them meets another by it.
 */
export const repeatedHolders = (passes: readonly SealedPass[]): Sql => {
  const of = (pass: SealedPass): Sql =>
    sql`SELECT first AS x, record AS y FROM ${heldTable(pass)} JOIN (
          SELECT token, min(record) AS first FROM ${heldTable(pass)} GROUP BY token HAVING max(holders) > 1
        ) USING (token) WHERE first < record`;
  return sqlJoin(passes.map(of), UNION_ALL);
};

/**
 * Compares every pair that meets, in its first pass. Makes tables `patterns` (levels as digits) and `compared`: pairs of
 * records, the passes in which they meet, and their pattern. Pairs are few, since a pass value belongs to one person a
 * partner, and comparing one takes a microsecond: threads would only wait for the database.
 */
export async function compareMeetings(session: Session, files: SealedFiles): Promise<number> {
  const { layout, passes } = files;
  const patterns = patternNumbers(comparing(layout).levelsOf);
  const found: Int32Array[][] = [];
  for (const pass of passes) {
    const [a = NO_INTEGERS, b = NO_INTEGERS] = await readIntegers(session, {
      step: 'meetings',
      select: sql`SELECT a, b FROM meetings WHERE pass = ${pass.place}::INTEGER ORDER BY a, b`,
    });
    const pattern = new Int32Array(a.length);
    let pair = 0;
    for await (const [ones = [], others = []] of session.blobs('compare', slotsOfPairs(pass, layout.width))) {
      for (const [index, one] of ones.entries()) {
        const other = others[index] ?? one;
        pattern[pair] = patterns.of(slotLevelsOf(layout, { bytes: one, at: 0 }, { bytes: other, at: 0 }));
        pair += 1;
      }
    }
    found.push([a, b, pattern]);
  }
  await session.append('patterns', { name: 'patterns', schema: PATTERNS }, [
    [patterns.digits.map((_, place) => place), [...patterns.digits]],
  ]);
  const batches = (function* () {
    for (const columns of found) yield* integerBatches(columns);
  })();
  const appended = await session.append(
    'compared pairs',
    { name: 'compared_pairs', schema: COMPARED },
    batches,
  );
  await session.make(
    'compared pairs',
    'compared',
    sql`SELECT a, b, passes, pattern FROM compared_pairs JOIN meetings USING (a, b)`,
  );
  return appended;
}

const PATTERNS = { pattern: 'INTEGER', levels: 'VARCHAR' } as const;
const COMPARED = { a: 'INTEGER', b: 'INTEGER', pattern: 'INTEGER' } as const;

/** Numbers the patterns of comparisons in the order in which they are first seen. */
function patternNumbers(levelsOf: (fields: Uint8Array) => Uint8Array) {
  const ofFields = new Map<string, number>();
  const ofDigits = new Map<string, number>();
  const digits: string[] = [];
  return {
    digits,
    of: (fields: Uint8Array): number => {
      const key = String.fromCharCode(...fields);
      const known = ofFields.get(key);
      if (known !== undefined) return known;
      const text = digitsOf(levelsOf(fields));
      const number = ofDigits.get(text) ?? digits.push(text) - 1;
      ofDigits.set(text, number);
      ofFields.set(key, number);
      return number;
    },
  };
}

const slotsOfPairs = ({ place, starts }: SealedPass, width: number): Sql =>
  sql`SELECT ${bytesAt(sql`one.slots`, starts, width)} AS one, ${bytesAt(sql`other.slots`, starts, width)} AS other
      FROM meetings JOIN sealed one ON one.record = a JOIN sealed other ON other.record = b
      WHERE pass = ${place}::INTEGER ORDER BY a, b`;

/** Tables `compared` and `patterns` of a night on which nothing meets. */
export async function compareNothing(session: Session): Promise<void> {
  await session.append('patterns', { name: 'patterns', schema: PATTERNS }, []);
  await session.make(
    'compared pairs',
    'compared',
    sql`SELECT 0 AS a, 0 AS b, 0::BIGINT AS passes, 0 AS pattern WHERE false`,
  );
}
