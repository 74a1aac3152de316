import { join } from 'node:path';
import { exists, makePrivateFolder, readText, writeDurably } from '@throughline/engine';
import { z } from 'zod';
import { parsedFile } from '../holds/hold-records.js';
import type { Project } from '../project/project.js';
import { acknowledgement, linked, standing } from './notes.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const sequence = z.int().min(0);

/** How many ids of earlier parcels a recipient remembers: more than a year of nights. */
export const REMEMBERED = 500;

/** What was sent to a host last. */
const sent = z.strictObject({
  sequence,
  id: sha256.nullable(),
  day: z.iso.date(),
  /** Of what was in it: nothing is sent twice on one day. */
  contents: sha256,
  /** What was sent in one row of numbers, the oldest first. */
  onTheWay: z.array(z.strictObject({ sequence, id: sha256, day: z.iso.date() })),
});
export type Sent = z.infer<typeof sent>;

/** What was taken in from a host last, what it said beside it, and what was refused since. */
const received = z.strictObject({
  sequence,
  id: sha256.nullable(),
  ids: z.array(sha256),
  /** The sender's day, and when it sealed the parcel. */
  day: z.iso.date().nullable(),
  at: z.iso.datetime().nullable(),
  standing: standing.nullable(),
  linked: linked.nullable(),
  /** What it says of our parcels. */
  acknowledgement: acknowledgement.nullable(),
  refused: acknowledgement.shape.refused,
  /** The sheet that it answered last, and what became of that. */
  answers: acknowledgement.shape.answers,
});
export type Received = z.infer<typeof received>;

const sentFile = z.record(z.string(), sent);
const receivedFile = z.record(z.string(), received);

const NOTHING: Received = {
  sequence: 0,
  id: null,
  ids: [],
  day: null,
  at: null,
  standing: null,
  linked: null,
  acknowledgement: null,
  refused: [],
  answers: null,
};

type File<T> = { readonly name: string; readonly schema: z.ZodType<Record<string, T>> };
const SENT: File<Sent> = { name: 'sent.json', schema: sentFile };
const RECEIVED: File<Received> = { name: 'received.json', schema: receivedFile };

async function read<T>(
  { folders }: Project,
  { name, schema }: File<T>,
): Promise<Readonly<Record<string, T>>> {
  const path = join(folders.parcels, name);
  return (await exists(path)) ? parsedFile(await readText(path), schema, name) : {};
}

async function keep<T>(project: Project, file: File<T>, [host, value]: readonly [string, T]): Promise<void> {
  const all = { ...(await read(project, file)), [host]: value };
  await makePrivateFolder(project.folders.parcels);
  await writeDurably(join(project.folders.parcels, file.name), `${JSON.stringify(all, undefined, 1)}\n`);
}

/** What was sent to each host last. @throws ThroughlineError CONFIG_INVALID where the file is damaged. */
export const readSent = (project: Project) => read(project, SENT);
export const keepSent = (project: Project, host: string, value: Sent) => keep(project, SENT, [host, value]);

/** What came from a host last; nothing yet, if nothing did. @throws ThroughlineError CONFIG_INVALID */
export async function receivedFrom(project: Project, host: string): Promise<Received> {
  return (await read(project, RECEIVED))[host] ?? NOTHING;
}
export const keepReceived = (project: Project, host: string, value: Received) =>
  keep(project, RECEIVED, [host, value]);
