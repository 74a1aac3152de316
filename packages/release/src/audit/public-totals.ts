import { z } from 'zod';
import type { CellId } from '../candidate/cell.js';
import { byName } from '../candidate/cell.js';
import type { Printed } from './printed-tables.js';

/** Totals of children that everybody has from elsewhere, such as enrolment by school from the state. */
export const publicTotalsSchema = z.strictObject({
  kind: z.literal('public-totals'),
  source: z.string().min(3).describe('where everybody has them from'),
  as_of: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .optional()
    .describe('the day whose rows they add up with; every day unless given'),
  totals: z
    .array(
      z.strictObject({
        at: z
          .record(z.string().min(1).max(60), z.string().min(1).max(200))
          .describe('a level for each dimension, such as { school: "0010" }; {} is everybody'),
        children: z.int().min(0),
      }),
    )
    .min(1),
});
export type PublicTotals = z.infer<typeof publicTotalsSchema>;

/** The denominators of the tables: population and place of each. */
const denominators = ({ structure }: Printed) =>
  structure.cells.flatMap((cell) => {
    const [kind, population, , ...place] = JSON.parse(cell) as readonly unknown[];
    return kind === 'population'
      ? [{ cell, population: String(population), place: JSON.stringify(place) }]
      : [];
  });

const placeOf = (at: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.entries(at).sort(([a], [b]) => byName(a, b)));

/**
 * The totals as counts of the tables' populations. A population of which a printed total says something else is another
 * one, and nobody learns anything of it from them.
 */
const asCounts = (printed: Printed, { totals }: PublicTotals): ReadonlyMap<CellId, number> => {
  const known = new Map(totals.map(({ at, children }) => [placeOf(at), children]));
  const all = denominators(printed).flatMap((each) => {
    const children = known.get(each.place);
    return children === undefined ? [] : [{ ...each, children }];
  });
  const isOther = ({ cell, children }: { cell: CellId; children: number }): boolean => {
    const count = printed.published.get(cell);
    const { least, most } = printed.bounds.get(cell) ?? { least: 0, most: Number.POSITIVE_INFINITY };
    return (count !== undefined && count !== children) || children < least || children > most;
  };
  const others = new Set(all.filter(isOther).map(({ population }) => population));
  return new Map(
    all.flatMap(({ cell, population, children }) => (others.has(population) ? [] : [[cell, children]])),
  );
};

type Given = { readonly day: string; readonly totals: PublicTotals | undefined };

/**
 * What an attack finds that is given the totals of a day beside what is printed; without them where they do not add up
 * with it.
 */
export const withPublicTotals = <Outcome>(
  printed: Printed,
  { day, totals }: Given,
  attack: (printed: Printed) => Outcome,
): { readonly outcome: Outcome; readonly used: number } => {
  const isOfDay = totals !== undefined && (totals.as_of ?? day) === day;
  const counts = isOfDay ? asCounts(printed, totals) : new Map<CellId, number>();
  const unprinted = [...counts].filter(([cell]) => !printed.published.has(cell));
  if (unprinted.length === 0) return { outcome: attack(printed), used: counts.size };
  try {
    const published = new Map([...printed.published, ...unprinted]);
    return { outcome: attack({ ...printed, published }), used: counts.size };
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    return { outcome: attack(printed), used: 0 };
  }
};
