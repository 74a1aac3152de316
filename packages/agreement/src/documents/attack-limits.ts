import { z } from 'zod';

const share = (most: number, of: string) => z.number().min(0).max(most).default(most).describe(of);

/**
 * Shares up to which attacks on the encodings may succeed, before an epoch may begin. A memorandum can only be
 * stricter than what the software promises.
 */
export const attackLimits = z.strictObject({
  sealed: share(0.01, 'rows named rightly by whoever knows 1,000 children, of sealed fields'),
  tokens: share(0.002, 'the same of exact tokens'),
  frequency: share(0.001, 'rows whose token a table of frequencies explains'),
  graph: share(0.01, 'rows found by who is how much like whom, or named from a list of candidates'),
  control: z
    .number()
    .min(0.94)
    .max(1)
    .default(0.94)
    .describe('what the same attacks must achieve on a plain CLK, or the assessment is void'),
});
export type AttackLimits = z.infer<typeof attackLimits>;
