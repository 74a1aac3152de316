import { type Session, type Sql, sql } from '@throughline/engine';
import { NO_INTEGERS, readIntegers } from '../columns/integers.js';
import type { MetPersons } from '../decide/link-sources.js';

/*
 * Meetings of records as meetings of persons, as the tokens have joined them: of each two persons of two sources the
 * meeting that agrees most.
 */

/** How far the levels of a pair are from agreement; more than three count as three, and so does what is missing. */
const distanceOf = (levels: Sql): Sql =>
  sql`list_sum([coalesce(least(try_cast(level AS INTEGER), 3), 3) for level in string_split(${levels}, '')])`;

/** Table `met`: reads `tonight_meetings` and `placed`. `x` and `y`: the first records of the persons. */
const metPersonPairs = (): Sql => {
  const sided = sql`SELECT record_id_a, record_id_b, levels, passes, bit_count((passes & -passes) - 1) AS place,
        one.source <= other.source AS straight, one.source AS source_a, other.source AS source_b,
        one.by_tokens AS person_a, other.by_tokens AS person_b
      FROM tonight_meetings JOIN placed one ON one.record_id = record_id_a JOIN placed other ON other.record_id = record_id_b`;
  return sql`WITH distances AS (
        SELECT levels, ${distanceOf(sql`levels`)} AS distance FROM (SELECT DISTINCT levels FROM tonight_meetings)
      )
      SELECT "left", "right", x, y, best.a AS record_id_a, best.b AS record_id_b, best.place::INTEGER AS place,
        best.passes AS passes, best.levels AS levels
      FROM (
        SELECT if(straight, source_a, source_b) AS "left", if(straight, source_b, source_a) AS "right",
          if(straight, person_a, person_b) AS x, if(straight, person_b, person_a) AS y,
          arg_min(struct_pack(a := record_id_a, b := record_id_b, place := place, passes := passes, levels := levels),
            struct_pack(distance := distance, place := place, a := record_id_a, b := record_id_b)) AS best
        FROM (${sided}) JOIN distances USING (levels) GROUP BY ALL
      )`;
};

/** Makes table `met`. @returns how many pairs of persons met. */
export const makeMet = (session: Session): Promise<number> =>
  session.make('persons that met', 'met', metPersonPairs());

/** How many persons each source has. */
export async function personsOfSources(session: Session, sources: number): Promise<Int32Array> {
  const [source = NO_INTEGERS, persons = NO_INTEGERS] = await readIntegers(session, {
    step: 'persons of sources',
    select: sql`SELECT source, CAST(count(DISTINCT by_tokens) AS INTEGER) FROM placed GROUP BY source ORDER BY source`,
  });
  const counts = new Int32Array(sources);
  for (const [place, each] of source.entries()) counts[each] = persons[place] ?? 0;
  return counts;
}

/** Every pattern of levels of two sources that met, in order. */
export type MetPattern = { readonly left: number; readonly right: number; readonly levels: string };

export const readMetPatterns = async (session: Session): Promise<MetPattern[]> =>
  (
    await session.rows(
      'patterns',
      sql`SELECT DISTINCT "left", "right", levels FROM (
            SELECT "left", "right", levels FROM met UNION ALL
            SELECT least(one.source, other.source) AS "left", greatest(one.source, other.source) AS "right", levels
            FROM tonight_meetings JOIN placed one ON one.record_id = record_id_a JOIN placed other ON other.record_id = record_id_b
          ) ORDER BY ALL`,
    )
  ).map((row) => ({
    left: Number(row['left']),
    right: Number(row['right']),
    levels: String(row['levels']),
  }));

/** All that met, in numbers, for a model to learn from: persons of each source numbered from 0. */
export async function readMet(
  session: Session,
  levelsOf: (digits: string) => Uint8Array,
): Promise<MetPersons[]> {
  await session.make(
    'numbers of persons',
    'person_numbers',
    sql`SELECT source, by_tokens AS person, row_number() OVER (PARTITION BY source ORDER BY by_tokens) - 1 AS number
        FROM (SELECT DISTINCT source, by_tokens FROM placed)`,
  );
  await session.make(
    'patterns',
    'met_patterns',
    sql`SELECT row_number() OVER (ORDER BY levels) - 1 AS pattern, levels FROM (SELECT DISTINCT levels FROM met)`,
  );
  const patterns = (
    await session.rows('patterns', sql`SELECT levels FROM met_patterns ORDER BY pattern`)
  ).map(({ levels }) => levelsOf(String(levels)));
  const [left = NO_INTEGERS, right = NO_INTEGERS, a = NO_INTEGERS, b = NO_INTEGERS, pattern = NO_INTEGERS] =
    await readIntegers(session, {
      step: 'persons that met',
      select: sql`SELECT "left", "right", one.number::INTEGER AS a, other.number::INTEGER AS b, pattern::INTEGER AS pattern
          FROM met JOIN met_patterns USING (levels)
          JOIN person_numbers one ON one.source = "left" AND one.person = x
          JOIN person_numbers other ON other.source = "right" AND other.person = y
          ORDER BY "left", "right", a, b`,
    });
  return runsOf(left, right).map(([from, until]): MetPersons => {
    const levels = Array.from(pattern.subarray(from, until), (each) => patterns[each] ?? new Uint8Array());
    return {
      left: left[from] ?? 0,
      right: right[from] ?? 0,
      a: a.subarray(from, until),
      b: b.subarray(from, until),
      levels,
    };
  });
}

/** Where rows of one pair of sources begin and end. */
function runsOf(left: Int32Array, right: Int32Array): [from: number, until: number][] {
  const runs: [number, number][] = [];
  for (let at = 0, from = 0; at < left.length; at += 1) {
    if (left[at] === left[at + 1] && right[at] === right[at + 1]) continue;
    runs.push([from, at + 1]);
    from = at + 1;
  }
  return runs;
}
