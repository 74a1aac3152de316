import type { Comparison } from '../compare/comparisons.js';

/** Whether the first name agrees in full, and so its initial; or has nothing in common with the other. */
export type FirstName = 'equal' | 'alike' | 'differs';

/** @param first the comparison that has this level; a name that is not compared is alike. */
export function likenessOf(level: number | undefined, first: Comparison | undefined): FirstName {
  if (level === 0) return 'equal';
  return level === (first?.levels.length ?? 0) - 1 ? 'differs' : 'alike';
}
