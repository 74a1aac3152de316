import type { MeasureDefinition } from '@throughline/core';
import { TOTAL } from '../cells/exact-cells.js';
import type { ReleasedCell } from '../cells/released-cells.js';

/** The measure of how many children any other partner knows: what stands beside every gap. */
export const LINKED_MEASURE = 'linked_elsewhere';

export type ReleasedEquity = {
  readonly measure: string;
  readonly dimension: string;
  readonly level: string;
  readonly status: 'published' | 'withheld';
  readonly share_of_reached_percent: string | null;
  readonly share_of_children_percent: string | null;
  readonly ratio: string | null;
  readonly gap_points: string | null;
  readonly linked_percent: string | null;
  readonly linked_gap_points: string | null;
};

type Whole = { readonly yes: number; readonly known: number };

const wholeOf = (cell: ReleasedCell | undefined): Whole | null =>
  cell === undefined || cell.yes === null || cell.known === null || cell.known === 0
    ? null
    : { yes: cell.yes, known: cell.known };

/**
 * A group's share of the children reached beside its share of the children, for every measure of access and every
 * level of one dimension, with the group's linkage rate: a group that links worse looks under-served. Made of
 * printed cells and nothing else, so it tells nothing more than they do.
 */
export function releasedEquity(
  cells: readonly ReleasedCell[],
  definitions: readonly MeasureDefinition[],
): ReleasedEquity[] {
  const access = new Set(
    definitions.flatMap(({ name, words, breakdown }) =>
      words?.use === 'access-measures' && breakdown === undefined ? [name] : [],
    ),
  );
  const linked = definitions.find(({ measure }) => measure === LINKED_MEASURE)?.name;
  const at = new Map(
    cells.map((cell) => [placeKey(cell.measure, cell.dim_1, cell.level_1, cell.dim_2), cell]),
  );
  const find = (measure: string | undefined, dim: string | null, level: string | null) =>
    measure === undefined ? null : wholeOf(at.get(placeKey(measure, dim, level, null)));
  return cells.flatMap(({ measure, dim_1: dimension, level_1: level, dim_2 }) => {
    if (!access.has(measure) || dimension === null || level === null || dim_2 !== null || level === TOTAL)
      return [];
    const [group, all] = [find(measure, dimension, level), find(measure, null, null)];
    const rates = linkRates(find(linked, dimension, level), find(linked, null, null));
    return [{ measure, dimension, level, ...shares(group, all), ...rates }];
  });
}

const placeKey = (...place: readonly (string | null)[]): string => JSON.stringify(place);

function shares(group: Whole | null, all: Whole | null) {
  if (group === null || all === null || all.yes === 0) {
    return {
      status: 'withheld' as const,
      share_of_reached_percent: null,
      share_of_children_percent: null,
      ratio: null,
      gap_points: null,
    };
  }
  const [reached, children] = [group.yes / all.yes, group.known / all.known];
  return {
    status: 'published' as const,
    share_of_reached_percent: (100 * reached).toFixed(1),
    share_of_children_percent: (100 * children).toFixed(1),
    ratio: (reached / children).toFixed(2),
    gap_points: (100 * (reached - children)).toFixed(1),
  };
}

const linkRates = (group: Whole | null, all: Whole | null) =>
  group === null || all === null
    ? { linked_percent: null, linked_gap_points: null }
    : {
        linked_percent: ((100 * group.yes) / group.known).toFixed(1),
        linked_gap_points: (100 * (group.yes / group.known - all.yes / all.known)).toFixed(1),
      };
