import { z } from 'zod';

/** What a partner takes in, by the ids of the field manifests; each names its extract. */
export const ingestConfig = z.strictObject({
  manifests: z.array(z.string().min(1)).min(1).describe('field manifests, one an extract'),
  accepted: z
    .record(z.string(), z.string().regex(/^[0-9a-f]{64}$/))
    .default({})
    .describe('deliveries that a person has accepted as they are: extracts and the SHA-256 of their files'),
  withdrawn: z
    .array(z.strictObject({ record_id: z.guid(), space: z.string(), effective: z.iso.date() }))
    .default([])
    .describe('records that their families have withdrawn at the owner, and from which day'),
});
export type IngestConfig = z.infer<typeof ingestConfig>;
