import { childrenRoll, type RollChild } from '../roll/roll.js';
import { readNames } from './read-names.js';

/** A roll of made-up children, from the tables of a names folder such as fixtures/names. */
export function readRoll(
  namesDir: string,
  plan: { readonly seed: number; readonly children: number },
): RollChild[] {
  return childrenRoll({ ...plan, names: readNames(namesDir) });
}
