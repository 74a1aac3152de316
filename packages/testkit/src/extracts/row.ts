/** A cell; null is written the way its dialect writes "no value". */
export type Cell = string | null;
export type Row = readonly Cell[];

/** How a partner's system writes text. Each is described, with its bytes, in write/dialects.ts. */
export type Dialect = 'aspen' | 'campus' | 'comma' | 'semicolon' | 'pipe' | 'truth';

/** One file to write: its path below the city's folder, and its rows, header first. */
export type Table = { readonly path: string; readonly dialect: Dialect; readonly rows: Iterable<Row> };

/** Rows between two broken ones. */
const BROKEN_EVERY = 29;

/** Sets the broken rows among the sound ones, evenly, the rest at the end. The header stays first. */
export function* withBroken(rows: Iterable<Row>, broken: readonly Row[]): Generator<Row> {
  let written = 0;
  let next = 0;
  for (const row of rows) {
    yield row;
    written += 1;
    const due = written > 1 && (written - 1) % BROKEN_EVERY === 0 ? broken[next] : undefined;
    if (due === undefined) continue;
    yield due;
    next += 1;
  }
  yield* broken.slice(next);
}
