import { dirname } from 'node:path';
import { canonicalJson, errorCodes, type SafeName, safeName, ThroughlineError } from '@throughline/core';
import { exists, makePrivateFolder, readText, sha256Of, writeDurably } from '@throughline/engine';
import { z } from 'zod';
import type { Project } from '../project/project.js';

const name = z.string().transform(safeName);
const details = z.record(z.string(), z.union([z.number(), z.boolean(), z.array(name), name]));
const codes = Object.keys(errorCodes) as (keyof typeof errorCodes)[];

const holdRecord = z.strictObject({
  id: z.string(),
  /** The night on which it was held first. */
  opened: z.iso.date(),
  code: z.enum(codes),
  details,
  /** SHA-256 of each file that could be read, by extract. */
  files: z.record(z.string(), z.string()),
  /**
   * `open` until somebody decides; `accepted` and `rejected` hold for these bytes; `taken` once an accepted delivery
   * is in; `overtaken` by another delivery.
   */
  status: z.enum(['open', 'accepted', 'rejected', 'taken', 'overtaken']),
  decision: z
    .strictObject({
      at: z.iso.datetime(),
      reason: z.string(),
      /** Where the log has the decision. */
      logged: z.strictObject({ entry: z.int().min(0), verdict: z.enum(['accepted', 'rejected']) }).optional(),
    })
    .nullable(),
});
export type HoldRecord = z.infer<typeof holdRecord>;
const holdFile = z.strictObject({ holds: z.array(holdRecord) });

/** The holds of a partner, the oldest first. @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID */
export async function readHolds({ folders }: Project, partner: string): Promise<readonly HoldRecord[]> {
  const path = folders.owner(partner, 'holds.json');
  if (!(await exists(path))) return [];
  return parsedFile(await readText(path), holdFile, 'holds.json').holds;
}

/** What a file of the owner's notes says. @throws ThroughlineError CONFIG_INVALID */
export function parsedFile<T>(text: string, schema: z.ZodType<T>, file: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new ThroughlineError('CONFIG_INVALID', { file: safeName(file) });
  }
}

/** @throws ThroughlineError OUTPUT_UNWRITABLE */
export async function writeHolds(
  { folders }: Project,
  partner: string,
  holds: readonly HoldRecord[],
): Promise<void> {
  const path = folders.owner(partner, 'holds.json');
  // A partner's first delivery may be held, before any stage has made its folder.
  await makePrivateFolder(dirname(path));
  await writeDurably(path, `${JSON.stringify({ holds }, undefined, 2)}\n`);
}

/** What a person decided about a hold. */
export type Decided = {
  readonly at: string;
  readonly verdict: 'accepted' | 'rejected';
  readonly reason: string;
};

/**
 * SHA-256 of a decision as the log has it: canonical JSON of the hold's id, code and files, and of what was decided. The
 * hashes of the files, which only the owner has, keep a short reason from being guessed.
 */
export const decisionSha256 = ({ id, code, files }: HoldRecord, { at, verdict, reason }: Decided): string =>
  sha256Of(canonicalJson({ hold: id, code, files, at, verdict, reason }));

/** Whether a delivery is held until somebody decides or another one comes. */
export const isStanding = ({ status }: HoldRecord): boolean => status === 'open' || status === 'rejected';

/** Whether its files may be taken in as they are: not what cannot be read as declared, which is the owner's to change. */
export const isAcceptable = ({ code }: HoldRecord): boolean => code === 'ARRIVAL_HELD';

/** A hold of the same bytes for the same reason stays the same one. */
const isSame = (one: Pick<HoldRecord, 'code' | 'files' | 'details'>, other: typeof one): boolean =>
  JSON.stringify([one.code, one.files, one.details]) ===
  JSON.stringify([other.code, other.files, other.details]);

type Opening = {
  readonly partner: string;
  readonly day: string;
  readonly failure: ThroughlineError;
  readonly files: Readonly<Record<string, string>>;
};

/** The holds with one more, or with the one that stands already. Any other is overtaken. */
export function withHold(
  holds: readonly HoldRecord[],
  { partner, day, failure, files }: Opening,
): { readonly holds: readonly HoldRecord[]; readonly hold: HoldRecord } {
  const found = {
    code: failure.code,
    details: failure.details as Record<string, number | boolean | SafeName | SafeName[]>,
    files: { ...files },
  };
  const standing = holds.find((each) => isStanding(each) && isSame(each, found));
  if (standing !== undefined) return { holds, hold: standing };
  const hold: HoldRecord = {
    id: `${partner}-${holds.length + 1}`,
    opened: day,
    ...found,
    status: 'open',
    decision: null,
  };
  return { holds: [...overtaken(holds), hold], hold };
}

const overtaken = (holds: readonly HoldRecord[]): HoldRecord[] =>
  holds.map((each) => (isStanding(each) ? { ...each, status: 'overtaken' } : each));

/** The holds once a delivery is in: an accepted one of these bytes is taken, others are overtaken. */
export const afterTaking = (
  holds: readonly HoldRecord[],
  files: Readonly<Record<string, string>>,
): readonly HoldRecord[] =>
  overtaken(holds).map((each) =>
    each.status === 'accepted' ? { ...each, status: hasFiles(each, files) ? 'taken' : 'overtaken' } : each,
  );

/** Whether a hold is of exactly these files. */
export const hasFiles = (hold: HoldRecord, files: Readonly<Record<string, string>>): boolean => {
  const names = Object.keys(files);
  return (
    names.length === Object.keys(hold.files).length && names.every((each) => hold.files[each] === files[each])
  );
};
