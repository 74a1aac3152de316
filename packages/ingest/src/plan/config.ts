import { z } from 'zod';

/** What a partner takes in, by the ids of the field manifests; each names its extract. */
export const ingestConfig = z.strictObject({
  manifests: z.array(z.string().min(1)).min(1).describe('field manifests, one an extract'),
  accepted: z
    .record(z.string(), z.string().regex(/^[0-9a-f]{64}$/))
    .default({})
    .describe('deliveries that a person has accepted as they are: extracts and the SHA-256 of their files'),
});
export type IngestConfig = z.infer<typeof ingestConfig>;
