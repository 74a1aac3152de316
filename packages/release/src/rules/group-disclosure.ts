import type { RecordCandidate, RecordSet } from '../records/record-sets.js';

const isWithin = (part: RecordSet, whole: RecordSet): boolean => {
  const atoms = new Set(whole.atoms);
  return part.atoms.every((atom) => atoms.has(atom));
};

/**
 * Sets that are nearly all of a larger one: all but `coalition` of its people, or all. Whoever knows that somebody is
 * in the larger set knows nearly for certain that they are in the smaller one too; `coalition` of those who are not
 * could tell it for certain together (group disclosure; the rate is near 0 % or 100 %). A set that equals the larger
 * one tells that nobody is outside. Sets of nobody tell nothing.
 */
export const nearlyAllOf = ({ sets }: RecordCandidate, coalition: number): readonly number[] =>
  sets.flatMap((part, at) => {
    if (part.count === 0) return [];
    const nearly = sets.some(
      (whole, other) =>
        other !== at &&
        whole.atoms.length >= part.atoms.length &&
        whole.count - part.count <= coalition &&
        isWithin(part, whole),
    );
    return nearly ? [at] : [];
  });
