import type { Held } from './form.js';

/** How two persons stand to each other. */
export type Standing = {
  /** Sources in which they hold a clear token in common. */
  readonly together: number;
  /** Whether they hold a clear token in common, be it of two sources. */
  readonly shares: boolean;
  /** Whether a source knows both by one rule, and has no token of theirs in common, clear or not. */
  readonly parted: boolean;
  /** Whether both are known by one rule, be it in two sources. */
  readonly comparable: boolean;
};

/** Tells how two persons stand to each other; each person's rows are found once. */
export function standingsOf(held: Held): (x: number, y: number) => Standing {
  const rows = rowsOf(held.place);
  return (x, y) => {
    const [one, other] = [rows.get(x) ?? NONE, rows.get(y) ?? NONE];
    let shares = false;
    let comparable = false;
    const [known, together, touching] = [new Set<number>(), new Set<number>(), new Set<number>()];
    for (let a = one.from; a < one.until; a += 1) {
      for (let b = other.from; b < other.until; b += 1) {
        if (held.rule[a] !== held.rule[b]) continue;
        comparable = true;
        const source = held.source[a] ?? 0;
        const inOne = source === held.source[b];
        if (inOne) known.add(source);
        if (held.token[a] !== held.token[b]) continue;
        if (inOne) touching.add(source);
        if (held.clear[a] === 0) continue;
        shares = true;
        if (inOne) together.add(source);
      }
    }
    return { together: together.size, shares, parted: known.size > touching.size, comparable };
  };
}

type Rows = { readonly from: number; readonly until: number };
const NONE: Rows = { from: 0, until: 0 };

function rowsOf(place: Int32Array): ReadonlyMap<number, Rows> {
  const rows = new Map<number, Rows>();
  let from = 0;
  for (let row = 1; row <= place.length; row += 1) {
    if (row < place.length && place[row] === place[from]) continue;
    rows.set(place[from] ?? 0, { from, until: row });
    from = row;
  }
  if (place.length === 0) rows.clear();
  return rows;
}
