import type { Row, Session } from '@throughline/engine';
import { sql } from '@throughline/engine';
import type { ReleasedCell } from '../cells/released-cells.js';
import type { Ledger } from '../released-tables.js';

type Place = readonly [table: string, level1: string | null, level2: string | null];
const keyOf = (place: Place): string => JSON.stringify(place);

/** The rows of another table of the last release. */
export async function rowsBefore(
  table: 'magnitudes' | 'comparisons',
  { last }: Ledger,
  session: Session,
): Promise<readonly Row[]> {
  if (last === undefined || !last.manifest.tables.some(({ name }) => name === table)) return [];
  return session.rows('last release', sql`SELECT * FROM ${last.table(table)}`);
}

type Beside<Printed> = {
  readonly released: readonly ReleasedCell[];
  readonly ledger: Ledger;
  /** The row of counts beside which a row stands. */
  readonly cellOf: (row: Printed) => Place;
  /** What a row says if it is withheld. */
  readonly withheld: Partial<Printed>;
};

/**
 * Rows beside counts, of which the ledger knows nothing: they are printed in the first release, and after that they
 * stand as long as their counts do. Printed again with new counts, they could tell what few children have added.
 */
export function standing<Printed extends object>(
  tonight: readonly Printed[],
  before: readonly Row[],
  { released, ledger, cellOf, withheld }: Beside<Printed>,
): Printed[] {
  if (ledger.earlier.length === 0) return [...tonight];
  const stands = new Set(
    released.flatMap((cell) =>
      cell.as_of === null || cell.as_of === ledger.day
        ? []
        : [keyOf([cell.table_name, cell.level_1, cell.level_2])],
    ),
  );
  const known = new Map(
    (before as readonly unknown[] as readonly Printed[]).map((row) => [keyOf(cellOf(row)), row]),
  );
  return tonight.map((row) => {
    const key = keyOf(cellOf(row));
    const earlier = stands.has(key) ? known.get(key) : undefined;
    return earlier ?? { ...row, ...withheld };
  });
}
