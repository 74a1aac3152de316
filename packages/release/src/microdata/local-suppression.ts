import { ANY } from './hierarchies.js';
import type { Demand } from './rows.js';

/** A row as it would be told: generalised keys, and what is sensitive. */
export type Told = { readonly keys: readonly string[]; readonly sensitive: readonly string[] };

const groupsOf = (rows: readonly Told[], at: readonly number[]): readonly (readonly number[])[] => {
  const groups = new Map<string, number[]>();
  for (const place of at) {
    const key = JSON.stringify(rows[place]?.keys);
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [place]);
    else members.push(place);
  }
  return [...groups.values()];
};

/** Whether rows that look alike are enough, and differ enough. */
export const isEnough = (rows: readonly Told[], members: readonly number[], { k, l }: Demand): boolean =>
  members.length >= k &&
  (l <= 1 ||
    (rows[members[0] ?? 0]?.sensitive ?? []).every(
      (_, column) => new Set(members.map((at) => rows[at]?.sensitive[column])).size >= l,
    ));

/** All sets of columns of one size, in order. */
const choose = (columns: number, size: number, from = 0): readonly (readonly number[])[] =>
  size === 0
    ? [[]]
    : Array.from({ length: Math.max(0, columns - from) }, (_, at) => at + from).flatMap((first) =>
        choose(columns, size - 1, first + 1).map((rest) => [first, ...rest]),
      );

/**
 * Suppresses single cells of rows that are too few alike, as few cells a row as will do, so that they look like
 * enough others that are suppressed alike; rows for which nothing helps are left out. Rows that are enough stay as they
 * are. A suppressed cell counts as a value of its own, so a class is as large as it looks to anybody.
 *
 * @returns the rows by their position; null where one is left out.
 */
export function suppressLocally(rows: readonly Told[], demand: Demand): readonly (Told | null)[] {
  const told: (Told | null)[] = [...rows];
  const everything = rows.map((_, at) => at);
  let left = groupsOf(rows, everything).flatMap((members) =>
    isEnough(rows, members, demand) ? [] : members,
  );
  const columns = rows[0]?.keys.length ?? 0;
  for (let size = 1; size <= columns && left.length > 0; size++) {
    for (const chosen of choose(columns, size)) {
      const blanked = rows.map(({ keys, sensitive }) => ({
        keys: keys.map((key, at) => (chosen.includes(at) ? ANY : key)),
        sensitive,
      }));
      const enough = groupsOf(blanked, left).filter((members) => isEnough(blanked, members, demand));
      for (const at of enough.flat()) told[at] = blanked[at] ?? null;
      const settled = new Set(enough.flat());
      left = left.filter((at) => !settled.has(at));
    }
  }
  for (const at of left) told[at] = null;
  return told;
}
