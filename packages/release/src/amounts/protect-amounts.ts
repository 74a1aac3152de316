import type { Candidate, Cell, CellId, Equation } from '../candidate/cell.js';
import { byName } from '../candidate/cell.js';
import { groupOf, type Level, levelsOf, placeOf, withLevel } from '../candidate/tables.js';
import type { Solver } from '../linear/program.js';
import type { ProtectionPolicy } from '../protect/policy.js';
import { protectCells, publishedCells } from '../protect/protect.js';
import { type DominanceRule, isDominated } from '../rules/dominance.js';
import { type Rounding, roundedCount } from '../rules/rounding.js';
import type { AmountTable, ExactAmount } from './exact-amounts.js';

export type AmountProtection = {
  readonly tables: readonly AmountTable[];
  /** The counts of children that may be printed, by cell. */
  readonly published: ReadonlyMap<CellId, number>;
  readonly policy: ProtectionPolicy;
  /** Rules by which a sum over children is sensitive though enough of them add to it. */
  readonly dominance: readonly DominanceRule[];
  readonly rounding: Rounding;
  readonly solver: Solver;
};

type Placed = { readonly table: AmountTable; readonly row: ExactAmount };

const amountId = ({ table: { table }, row }: Placed): CellId =>
  JSON.stringify(['amount', table.measure, ...placeOf(table.dims, row.levels)]);

const placedIn = (tables: readonly AmountTable[]): readonly Placed[] =>
  tables.flatMap((table) => table.rows.map((row) => ({ table, row })));

/** Too few children, one or two who add nearly all, or a count of children that is itself withheld. */
function isSensitive({ table, row }: Placed, { published, policy, dominance }: AmountProtection): boolean {
  if (!published.has(groupOf(table.table, row.levels).yes)) return true;
  if (row.reach === 0) return false;
  return row.reach < Math.max(policy.threshold, table.smallestReach) || isDominated(row, dominance);
}

/** Doubt about the largest contribution where no rule says how much, in per cent of it. */
const LEAST_DOUBT = 10;

/** How much doubt a sum needs: twice what the rule on the largest contribution asks for, above and below. */
const widthFor = ({ row }: Placed, dominance: readonly DominanceRule[]): number => {
  const asked = dominance.flatMap((rule) => (rule.rule === 'nk' ? [] : [rule.p]));
  return Math.ceil((2 * row.largest * Math.max(LEAST_DOUBT, ...asked)) / 100);
};

/**
 * What a sum has above one for each child who adds to it. A reader who knows how many children add to a sum knows
 * that it is at least as many; of what is above that he knows only that sums of it add up.
 */
const excessOf = ({ volume, reach }: ExactAmount): number => Math.max(0, volume - reach);

function candidateOf(tables: readonly AmountTable[]): Candidate {
  const cells = new Map<CellId, Cell>();
  for (const placed of placedIn(tables)) {
    const depth = placeOf(placed.table.table.dims, placed.row.levels).length;
    const id = amountId(placed);
    cells.set(id, { id, status: 'yes', depth, count: excessOf(placed.row) });
  }
  const equations = tables.flatMap((table) => table.rows.flatMap((row) => totalsIn(table, row)));
  const ordered = [...cells].sort(([a], [b]) => byName(a, b));
  return { cells: new Map(ordered), groups: [], structure: { cells: ordered.map(([id]) => id), equations } };
}

function totalsIn(table: AmountTable, row: ExactAmount): readonly Equation[] {
  const { dims } = table.table;
  const at = (levels: readonly Level[]) => amountId({ table, row: { ...row, levels } });
  return dims.flatMap((_, dim) =>
    row.levels[dim] === null
      ? [
          {
            terms: [
              [at(row.levels), -1] as const,
              ...levelsOf(table.table, dim).map(
                (level) => [at(withLevel(row.levels, dim, level)), 1] as const,
              ),
            ],
            constant: 0,
          },
        ]
      : [],
  );
}

/**
 * Which sums may be printed: none of too few children, none that few of them dominate, none beside a count that is
 * withheld, and none from which such a sum follows. Decided and attacked like counts, on what each sum has above one
 * for each child; all sums of a measure need as much doubt as the one that needs most.
 */
export function protectAmounts(protection: AmountProtection): ReadonlySet<CellId> {
  const printed = new Set<CellId>();
  for (const measure of new Set(protection.tables.map(({ table }) => table.measure))) {
    const tables = protection.tables.filter(({ table }) => table.measure === measure);
    const sensitive = placedIn(tables).filter((placed) => isSensitive(placed, protection));
    const width = Math.max(
      protection.policy.minIntervalWidth,
      ...sensitive.map((placed) => widthFor(placed, protection.dominance)),
    );
    const candidate = candidateOf(tables);
    const { withheld } = protectCells(
      {
        candidate,
        policy: { ...protection.policy, minIntervalWidth: width },
        alreadyPublic: new Set(),
        solver: protection.solver,
      },
      new Set(sensitive.map(amountId)),
    );
    for (const id of publishedCells(candidate, withheld).keys()) printed.add(id);
  }
  return printed;
}

/** One row of sums as it is printed; the average is over all children who are a yes. */
export type ReleasedAmount = {
  readonly measure: string;
  readonly table_name: string;
  readonly dim_1: string | null;
  readonly level_1: string | null;
  readonly dim_2: string | null;
  readonly level_2: string | null;
  readonly status: 'published' | 'withheld';
  readonly unit: string;
  readonly volume: number | null;
  readonly children: number | null;
  readonly average: string | null;
};

export function releasedAmounts(protection: AmountProtection, total: string): ReleasedAmount[] {
  const printed = protectAmounts(protection);
  return placedIn(protection.tables).map((placed) => {
    const { table, row } = placed;
    const { dims, measure, name } = table.table;
    const level = (at: number) => (dims[at] === undefined ? null : (row.levels[at] ?? total));
    const isPrinted = printed.has(amountId(placed));
    const exact = protection.published.get(groupOf(table.table, row.levels).yes) ?? null;
    const children = exact === null ? null : roundedCount(exact, protection.rounding);
    const volume = roundedCount(row.volume, protection.rounding);
    return {
      measure,
      table_name: name,
      dim_1: dims[0] ?? null,
      level_1: level(0),
      dim_2: dims[1] ?? null,
      level_2: level(1),
      status: isPrinted ? 'published' : 'withheld',
      unit: table.unit,
      volume: isPrinted ? volume : null,
      children,
      average: isPrinted && children !== null && children > 0 ? averageOf(volume, children) : null,
    };
  });
}

/** To one decimal, in whole numbers, halves up. */
function averageOf(volume: number, children: number): string {
  const tenths = Math.floor((20 * volume + children) / (2 * children));
  return `${Math.floor(tenths / 10)}.${tenths % 10}`;
}
