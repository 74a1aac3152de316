import { ageRecipient, parseYaml } from '@throughline/agreement';
import { SIZE, safeName, ThroughlineError } from '@throughline/core';
import { readText } from '@throughline/engine';
import { measureAsked, measuresAsked } from '@throughline/measure';
import { leastPersons } from '@throughline/tokenize';
import { z } from 'zod';
import { throughlineSchema } from '../throughline/throughline.js';

const name = z.string().regex(/^[a-z][a-z0-9-]{0,60}$/, 'lower-case letters, digits and hyphens');
const path = z
  .string()
  .min(1)
  .refine((value) => !value.includes('\0'), 'a path without NUL');

/** A file name inside the inbox: no folders, no way out. */
const inboxFile = z
  .string()
  .regex(/^[^/\\:*?"<>|\p{Cc}]{1,200}$/u, 'a plain file name')
  .refine((value) => !value.startsWith('.') && !/[. ]$/.test(value), 'a plain file name');

const schoolYear = z.strictObject({
  first_day: z.iso.date(),
  last_day: z.iso.date(),
  breaks: z.array(z.strictObject({ from: z.iso.date(), to: z.iso.date() })).default([]),
});

const delivered = {
  space: z.string().min(1).max(200).describe('the kind of record, as a field manifest names it'),
  duplicate_free: z
    .boolean()
    .default(false)
    .describe(
      'whether a person has at most one; where a manifest brings identifiers of this kind, it says so',
    ),
  file: inboxFile,
};

/** What a partner delivers as another system encodes it; a record is called there what its source calls it. */
const interopFile = z.discriminatedUnion('profile', [
  z.strictObject({ profile: z.literal('olt-2'), ...delivered }),
  z.strictObject({
    profile: z.literal('clk-v3'),
    ...delivered,
    records: inboxFile.describe('the records of the CLKs in their order: a line each, below RecordId'),
    schema: path.describe('the linkage schema, of the hash that the memorandum names'),
  }),
]);

const partner = z.strictObject({
  name: name.describe('the partner, as its agreement names it'),
  inbox: path.describe('the folder in which the partner delivers'),
  record_key: path.describe("the owner's own key, which makes record ids"),
  token_key: path.describe(
    'the key of the agreement, from the keyholder: a file, an open descriptor (`fd:3`), or `-` for standard input',
  ),
  wrap_key: path
    .optional()
    .describe('under the profile `sealed+clkd`, the wrap key from the keyholder: a file'),
  recipient: ageRecipient
    .optional()
    .describe('to whom the keyholder encrypts the token key and the wrap key: an age recipient'),
  age_identity: path
    .optional()
    .describe(
      "the owner's own age identity, where extracts come encrypted; senders encrypt to its public half",
    ),
  extracts: z
    .array(z.strictObject({ manifest: name.describe('id of the field manifest'), file: inboxFile }))
    .min(1),
  canaries: z
    .int()
    .min(0)
    .max(500)
    .default(0)
    .describe('how many children who do not exist are linked with the records, to judge the linkage by'),
  interop: z
    .array(interopFile)
    .default([])
    .describe('what the partner delivers in profiles of other systems, if the agreements consent to them'),
});

/** Which host of the memorandum this is, and where its parcels lie. All else in the file is the same at every host. */
const host = z.strictObject({
  name: name.describe('the host, as the memorandum names it'),
  inbox: path.describe(
    'the folder into which parcels for this host are brought; files that were taken in are removed from it',
  ),
  outbox: path.describe('the folder from which its parcels are fetched; only files travel'),
  signing_key: path.describe(
    'with which it signs parcels: an Ed25519 key in the format of OpenSSH, without a passphrase, mode 0600',
  ),
  age_identity: path.describe(
    'with which it opens parcels; its public half is the recipient in the memorandum',
  ),
  largest_parcel: z
    .string()
    .regex(SIZE)
    .default('4GB')
    .describe('a parcel of more bytes is refused before any of it is read'),
});

/** `pipeline.yaml`: who delivers what where, and what is made of it. Relative paths are relative to the file. */
export const pipelineSchema = z.strictObject({
  pipeline: name.describe('a name of its own'),
  city: z.string().min(2).max(80),
  synthetic: z.boolean().default(false).describe('true only if nobody in the extracts exists'),
  clock: z.iso.date().optional().describe('pins the date; allowed for synthetic people only'),
  documents: z.array(path).min(1).describe('folders of agreements, field manifests and approvals'),
  emou: name.describe('id of the memorandum that all partners stand under'),
  anchor: z
    .string()
    .regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits')
    .optional()
    .describe(
      'SHA-256 of the first version of that memorandum, as it was signed at the table; without it whatever memorandum lies here is trusted',
    ),
  state: path.describe('the folder for everything that a run makes'),
  log: z.strictObject({
    origin: z
      .string()
      .regex(/^[a-z0-9][a-z0-9./-]{2,120}$/, 'lower-case letters, digits, dots, slashes and hyphens')
      .describe('the name of the log for good, such as city.example/throughline'),
    key: path.describe(
      'the key that signs the checkpoints of the log; its public half lies beside it in log.vkey',
    ),
    witnesses: z
      .strictObject({
        keys: z
          .array(z.string().min(10).max(300))
          .min(1)
          .describe('verifier keys, as `log witness` prints them'),
        quorum: z
          .int()
          .min(1)
          .max(20)
          .describe('so many of them must have cosigned a release before it appears'),
        notes: path.describe('the folder in which their cosigned checkpoints are put'),
      })
      .refine(({ keys, quorum }) => quorum <= new Set(keys).size, {
        error: 'no more than there are keys',
        path: ['quorum'],
      })
      .optional()
      .describe('who watches the log; without it a release appears once the log has it'),
  }),
  key_card: path.describe('the public card of the token key, made with it'),
  school_years: z
    .array(schoolYear)
    .default([])
    .describe(
      'when deliveries are due: in term, not in breaks and summer; without them, on the days that a manifest covers',
    ),
  host: host
    .optional()
    .describe('where the roles are on several hosts: which of them this is; without it every role is here'),
  partners: z.array(partner).min(1),
  linkage_unit: z.strictObject({
    person_key: path.describe("the linkage unit's own key, which makes person ids"),
    recipient: ageRecipient
      .optional()
      .describe('its age recipient, so that no token key is ever issued to it'),
    parameters: path
      .optional()
      .describe('the parameters of the linkage model, where the memorandum fixes some by their hash'),
  }),
  households: z
    .array(name)
    .min(1)
    .optional()
    .describe(
      'partners whose tokens of addresses, telephones and guardians make a household index; the memorandum and the agreement of each must grant it. Without this there is none',
    ),
  definitions: z
    .array(path)
    .default([])
    .describe("folders of the city's own definitions of measures, beside the catalogue"),
  least_persons: leastPersons,
  measures: measuresAsked.describe('what to count'),
  throughlines: z
    .array(throughlineSchema)
    .default([])
    .describe('goal -> initiative -> access -> outcome; `report` shows the standing of each'),
  release: z.strictObject({
    dul: name.describe('id of the licence under which tables are released'),
    policy: name.describe('id of the release policy'),
    measures: z
      .array(measureAsked)
      .min(1)
      .optional()
      .describe('which measures the release holds; all where nothing is said. The licence must name each'),
  }),
  housekeeping: z
    .strictObject({
      days: z
        .int()
        .min(1)
        .max(3660)
        .default(30)
        .describe('how long records that nothing reads any more are kept, in days since they were made'),
    })
    .prefault({}),
  limits: z
    .strictObject({
      memory: z.string().regex(SIZE).default('3GB'),
      threads: z.int().min(1).max(256).default(2),
    })
    .prefault({}),
});

export type Pipeline = z.infer<typeof pipelineSchema> & {
  /** Resolves a path of the pipeline file. */
  readonly resolve: (path: string) => string;
};

/**
 * Reads a pipeline file.
 *
 * @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID (file:line:column), CLOCK_PINNED.
 */
export async function readPipeline(file: string): Promise<Pipeline> {
  const { basename, dirname, resolve } = await import('node:path');
  const text = await readText(file);
  const pipeline = parseYaml({ file: safeName(basename(file)), text }, pipelineSchema);
  if (pipeline.clock !== undefined && !pipeline.synthetic) throw new ThroughlineError('CLOCK_PINNED', {});
  const stranger = pipeline.households?.find(
    (each) => !pipeline.partners.some((known) => known.name === each),
  );
  if (stranger !== undefined)
    throw new ThroughlineError('CONFIG_INVALID', {
      file: safeName(basename(file)),
      field: safeName('households'),
      rule: safeName('partners of the pipeline'),
    });
  return { ...pipeline, resolve: (path) => resolve(dirname(file), path) };
}
