import { z } from 'zod';

/** What a partner takes in, by the ids of the field manifests; each names its extract. */
export const ingestConfig = z.strictObject({
  manifests: z.array(z.string().min(1)).min(1).describe('field manifests, one an extract'),
});
export type IngestConfig = z.infer<typeof ingestConfig>;
