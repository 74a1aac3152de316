import { canonicalJson, fileNameForm, type Json, type Sha256 } from '@throughline/core';
import { sha256Of } from '@throughline/engine';
import { z } from 'zod';
import { noteKinds, travellingKinds } from './flows.js';

/** The version of the form, which stands in the first line too. */
export const PARCEL_VERSION = 1;
export const LONGEST_HEADER = 4 * 1024 ** 2;
const MOST_CONTENTS = 64;
const MOST_FILES = 100;
const MOST_DOCUMENTS = 5000;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const name = z.string().regex(/^[a-z][a-z0-9-]{0,60}$/);
const count = z.int().min(0);

const document = z.strictObject({ kind: name, id: name, version: z.int().min(1), sha256 });
export type ParcelDocument = z.infer<typeof document>;

const file = z.strictObject({ name: z.string().regex(fileNameForm), bytes: count, sha256 });

const content = z
  .strictObject({
    kind: z.enum([...travellingKinds, ...noteKinds]),
    of: name,
    /** The identity of an artifact; of a note the SHA-256 of its one file. */
    identity: sha256,
    files: z.array(file).min(1).max(MOST_FILES),
  })
  .refine(({ files }) => isEachOnce(files.map((each) => each.name.toLowerCase())), 'each file once');
export type ParcelContent = z.infer<typeof content>;

/** What a sender signs: who to whom, on what ground, in which order, and every file by its size and hash. */
export const parcelHeader = z
  .strictObject({
    parcel: z.literal(PARCEL_VERSION),
    from: name,
    to: name,
    memorandum: document,
    epoch: z.string().regex(/^[0-9]{4}-[0-9]{1,2}$/),
    /** The agreements and field manifests in force at the sender on whose ground it sends. */
    documents: z.array(document).max(MOST_DOCUMENTS),
    /** 1, 2, 3 … for each sender and recipient. */
    sequence: z.int().min(1),
    /** The id of the parcel before; null for the first. */
    previous: sha256.nullable(),
    day: z.iso.date(),
    at: z.iso.datetime(),
    contents: z.array(content).min(1).max(MOST_CONTENTS),
  })
  .refine(
    ({ contents }) => isEachOnce(contents.map(({ kind, of }) => `${kind} ${of}`)),
    'each kind of each owner once',
  );
export type ParcelHeader = z.infer<typeof parcelHeader>;

const isEachOnce = (names: readonly string[]): boolean => new Set(names).size === names.length;

/** The exact bytes that are signed: canonical JSON (RFC 8785). */
export const formatHeader = (header: ParcelHeader): Uint8Array =>
  new TextEncoder().encode(canonicalJson(header satisfies Json));

/** The id of a parcel: the SHA-256 of its header, and so of everything in it. */
export const parcelId = (header: Uint8Array): Sha256 => sha256Of(header);

/** The header that bytes hold; undefined if they are not exactly what `formatHeader` writes. */
export function parseHeader(bytes: Uint8Array): ParcelHeader | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const header = parcelHeader.parse(JSON.parse(text));
    return canonicalJson(header satisfies Json) === text ? header : undefined;
  } catch {
    return undefined;
  }
}

/** How many bytes the files of a parcel have together. */
export const bytesWithin = ({ contents }: Pick<ParcelHeader, 'contents'>): number =>
  contents.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes, 0);

/** The id of a parcel by its header. */
export const parcelIdOf = (header: ParcelHeader): Sha256 => parcelId(formatHeader(header));
