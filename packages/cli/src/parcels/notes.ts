import { safeName } from '@throughline/core';
import { z } from 'zod';

/*
 * The notes that travel beside artifacts: JSON of these forms, in which nothing stands but counts, days, codes and
 * names from configuration.
 */

const word = z.string().max(80).transform(safeName);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** How a partner stands at home: whether its data are of the night, and if not, why. */
export const standing = z.strictObject({
  state: z.enum(['current', 'held', 'resting']),
  since: z.iso.date(),
  hold: word,
  reasons: z.array(word).max(50),
  /** The identity of the identifiers of the same intake; they stay where they are. */
  intake: sha256.nullable(),
});
export type StandingNote = z.infer<typeof standing>;

/** Of each partner the intake whose records the person ids cover: the desk counts no payload of another one. */
export const linked = z.record(z.string(), sha256);
export type LinkedNote = z.infer<typeof linked>;

/** What has become of the parcels of the host to which it goes. */
export const acknowledgement = z.strictObject({
  taken: z.strictObject({ sequence: z.int().min(1), id: sha256 }).nullable(),
  refused: z
    .array(
      z.strictObject({
        sequence: z.int().min(1).nullable(),
        id: sha256.nullable(),
        code: word,
        day: z.iso.date(),
      }),
    )
    .max(100),
  /** Of the last sheet with answers: how many were taken, or the code and line of what is wrong with it. */
  answers: z
    .strictObject({ identity: sha256, taken: z.int().min(0), code: word.nullable(), line: z.int().min(0) })
    .nullable(),
});
export type AcknowledgementNote = z.infer<typeof acknowledgement>;
export type Refused = AcknowledgementNote['refused'][number];
