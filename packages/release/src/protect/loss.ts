import type { Cell, CellStatus } from '../candidate/cell.js';

/**
 * What a reader loses with a cell, in whole units. Interior cells go first, then margins, and the grand total only
 * if nothing else will do; small counts go before large ones, by their number of bits.
 */
const GRAND_TOTAL_LOSS = 256;
const MARGIN_LOSS = 16;
const INTERIOR_LOSS = 4;

/**
 * A `yes` is the headline of its measure, so a `no` goes before it; a denominator is lost to every measure of its
 * population; an overlap is withheld anyway.
 */
const STATUS_FACTOR: { readonly [status in CellStatus]: number } = {
  yes: 2,
  no: 1,
  unknown: 2,
  all: 6,
  overlap: 0,
};

/** Moving a cell that is withheld anyway: nearly free, so that no perturbation is longer than it has to be. */
export const WITHHELD_LOSS = 1;

const placeLoss = (depth: number): number => [GRAND_TOTAL_LOSS, MARGIN_LOSS][depth] ?? INTERIOR_LOSS;

const bits = (count: number): number => Math.ceil(Math.log2(count + 2));

/** The loss of withholding a cell that is printed as yet. */
export const lossOf = ({ status, depth, count }: Cell): number =>
  placeLoss(depth) * bits(count) * STATUS_FACTOR[status];
