import { byName } from '../candidate/cell.js';
import { cellLabel, recordCandidate } from '../records/crossings.js';
import type { Crossing, RecordCandidate } from '../records/record-sets.js';
import type { RecordNight } from './histories.js';

/** People by id, each with a value for every column. */
export type People = {
  readonly columns: readonly string[];
  readonly people: readonly { readonly id: string; readonly values: readonly string[] }[];
};

/**
 * Tables of one night with who is behind every cell. Depends on the people as a set.
 *
 * @throws RangeError if a table names a column that is not there.
 */
export const recordNight = (
  { columns, people }: People,
  tables: readonly Crossing[],
): RecordNight & { readonly candidate: RecordCandidate } => {
  const used = [...new Set(tables.flatMap(({ cross }) => cross.flat()))].sort(byName);
  const positions = used.map((column) => columns.indexOf(column));
  const keyOf = (values: readonly string[]): string =>
    JSON.stringify(positions.map((at) => values[at] ?? ''));
  const counts = new Map<string, number>();
  for (const { values } of people) counts.set(keyOf(values), (counts.get(keyOf(values)) ?? 0) + 1);
  const ordered = [...counts].sort(([a], [b]) => byName(a, b));
  const places = new Map(ordered.map(([key], at) => [key, at]));
  const microdata = {
    columns: used,
    combinations: ordered.map(([key]) => JSON.parse(key) as string[]),
    counts: ordered.map(([, count]) => count),
  };
  const candidate = recordCandidate(microdata, tables);
  return {
    candidate,
    labels: new Map(
      candidate.tables.flatMap(({ rows }) =>
        rows.map(({ levels, set }) => [cellLabel(levels), set] as const),
      ),
    ),
    atomOf: new Map(people.map(({ id, values }) => [id, places.get(keyOf(values)) ?? -1])),
  };
};
