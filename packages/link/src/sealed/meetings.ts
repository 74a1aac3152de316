import { SLOT_TOKEN_BYTES, slotLevelsOf } from '@throughline/core';
import { ident, type Session, type Sql, sql, sqlJoin } from '@throughline/engine';
import { NO_INTEGERS, readIntegers } from '../columns/integers.js';
import { comparing } from '../compare/comparisons.js';
import { gatherPatterns, type Patterns } from '../estimate/patterns.js';
import { bytesAt, type SealedFiles, type SealedPass } from './slots.js';

/** Pairs of records of two partners whose slots meet in some pass, in the order of their records. */
export type Meetings = {
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** The place of the first pass in which they meet. */
  readonly pass: Int32Array;
  readonly patterns: Patterns;
};

/**
 * Table `met_N`: pairs of records whose slots meet in one pass. A token that one partner holds twice names nobody, and
 * its slots meet nothing.
 */
const pairsMet = (pass: SealedPass): Sql => {
  const tokens = sql`SELECT any_value(record) AS record, partner, ${bytesAt(sql`slots`, pass.starts, SLOT_TOKEN_BYTES)} AS token
        FROM sealed GROUP BY partner, token HAVING count(*) = 1`;
  return sql`SELECT one.record AS a, other.record AS b FROM (${tokens}) one JOIN (${tokens}) other
          ON one.token = other.token AND one.partner <> other.partner AND one.record < other.record`;
};

const metIn = ({ place }: SealedPass): string => `met_${place}`;

/** Table `meetings`: pairs of records that meet, the first pass in which they do, and all of them as bits. */
const meetingPairs = (passes: readonly SealedPass[]): Sql => {
  const met = passes.map(
    (pass) => sql`SELECT a, b, ${pass.place}::INTEGER AS pass FROM ${ident(metIn(pass))}`,
  );
  return sql`SELECT a, b, min(pass) AS pass, bit_or(1::BIGINT << pass) AS passes
      FROM (${sqlJoin(met, sql` UNION ALL `)}) GROUP BY a, b`;
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
    await step(`sealed pass ${pass.name}`, () => session.make('meeting pairs', metIn(pass), pairsMet(pass)));
  }
  return step('sealed meetings', () => session.make('meetings', 'meetings', meetingPairs(files.passes)));
}

/**
 * Compares every pair that meets, in its first pass. Pairs are few, since a pass value belongs to one person a
 * partner, and comparing one takes some microseconds: threads would only wait for the database.
 */
export async function compareMeetings(session: Session, files: SealedFiles): Promise<Meetings> {
  const { layout, passes } = files;
  const { levelsOf } = comparing(layout);
  const ids: { a: Int32Array[]; b: Int32Array[]; pass: Int32Array[] } = { a: [], b: [], pass: [] };
  const levels: Uint8Array[] = [];
  for (const pass of passes) {
    const where = sql`FROM meetings WHERE pass = ${pass.place}::INTEGER ORDER BY a, b`;
    const [a = NO_INTEGERS, b = NO_INTEGERS] = await readIntegers(session, {
      step: 'meetings',
      select: sql`SELECT a, b ${where}`,
    });
    ids.a.push(a);
    ids.b.push(b);
    ids.pass.push(new Int32Array(a.length).fill(pass.place));
    for await (const [ones = [], others = []] of session.blobs('compare', slotsOfPairs(pass, layout.width))) {
      for (const [index, one] of ones.entries()) {
        const other = others[index] ?? one;
        levels.push(levelsOf(slotLevelsOf(layout, { bytes: one, at: 0 }, { bytes: other, at: 0 })));
      }
    }
  }
  return {
    a: joined(ids.a),
    b: joined(ids.b),
    pass: joined(ids.pass),
    patterns: gatherPatterns(levels, levels.length),
  };
}

const slotsOfPairs = ({ place, starts }: SealedPass, width: number): Sql =>
  sql`SELECT ${bytesAt(sql`one.slots`, starts, width)} AS one, ${bytesAt(sql`other.slots`, starts, width)} AS other
      FROM meetings JOIN sealed one ON one.record = a JOIN sealed other ON other.record = b
      WHERE pass = ${place}::INTEGER ORDER BY a, b`;

function joined(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
