import { z } from 'zod';

/**
 * The pass by which records are joined because their owner says that they are one person. No rule has its name where the
 * memorandum allows it.
 */
export const OWN_DUPLICATES = 'own_duplicates';

/** `linkage.own_duplicates` of the memorandum. */
export const duplicateTerms = z
  .literal('likely')
  .optional()
  .describe(
    'likely: each owner judges, in clear text at its desk, which of its own records are one child, and tells the linkage unit; of kinds of record in which a child may occur twice. Without this, records of one owner are joined by exact tokens alone',
  );

/** Whether owners tell which of their own records are likely one person. */
export const tellsDuplicates = (linkage: {
  readonly own_duplicates?: z.infer<typeof duplicateTerms>;
}): boolean => linkage.own_duplicates === 'likely';
