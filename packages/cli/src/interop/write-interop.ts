import { basename, dirname, resolve } from 'node:path';
import { interopTermsOf, interopWarnings, termsOf } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import {
  bytesOfSmall,
  makePrivateFolder,
  openExtract,
  readSharedSecret,
  type SecretKey,
  writeDurably,
} from '@throughline/engine';
import { plainTable } from '@throughline/ingest';
import { agreedSchema, type Clk3Schema, clk3, clk3File, olt2, olt2File } from '@throughline/tokenize';
import type { InteropWriteOptions } from '../command-line/interop.js';
import type { Effects } from '../effects.js';
import { descriptorOf } from '../keys/token-key.js';
import type { Project } from '../project/project.js';

/** The largest file that is encoded at once, in bytes. */
const LARGEST = 500 * 1024 ** 2;

/**
 * Encodes a table of a partner as another system does, and says what came of it.
 *
 * @throws ThroughlineError PROFILE_NOT_AGREED before anything is read; KEY_*, EXTRACT_*, HEADER_MISSING_COLUMN,
 *   INTEROP_REFUSED, USAGE.
 */
export async function writeInterop(
  project: Project,
  options: InteropWriteOptions,
  effects: Effects,
): Promise<void> {
  const { profile } = options;
  requirePartner(project, options.partner);
  const terms = termsOf(project.documents, options.partner, { day: project.day, use: 'linkage' });
  interopTermsOf(terms, profile);
  effects.stdout(`NOTE    ${profile} is weaker: ${interopWarnings[profile]}\n`);
  const schema =
    profile === 'clk-v3'
      ? await schemaOf(options, interopTermsOf(terms, profile).schema_sha256, effects)
      : undefined;
  const table = await tableOf(options.file, effects);
  const secret = await sharedSecret(options.secret, effects);
  try {
    const lines = await (schema === undefined
      ? writeTokens(table, { secret, day: project.day, out: outOf(options, effects) })
      : writeFilters(table, { secret, schema, record: recordOf(options), out: outOf(options, effects) }));
    for (const line of lines) effects.stdout(`${line}\n`);
  } finally {
    secret.erase();
  }
}

function requirePartner({ pipeline }: Project, partner: string): void {
  if (pipeline.partners.some(({ name }) => name === partner)) return;
  throw new ThroughlineError('USAGE', { unknown_partner: safeName(partner) });
}

const outOf = ({ out }: InteropWriteOptions, { workingFolder }: Effects): string =>
  resolve(workingFolder, out);

function recordOf({ record }: InteropWriteOptions): string {
  if (record !== undefined) return record;
  throw new ThroughlineError('USAGE', { missing: safeName('--record, the column that names the record') });
}

async function schemaOf(
  { schema }: InteropWriteOptions,
  sha256: string,
  { workingFolder }: Effects,
): Promise<Clk3Schema> {
  if (schema === undefined) throw new ThroughlineError('USAGE', { missing: safeName('--schema') });
  return agreedSchema(await openExtract(basename(schema), resolve(workingFolder, schema)), sha256);
}

async function tableOf(file: string, { workingFolder }: Effects) {
  const name = basename(file);
  const refusal = { missing: 'EXTRACT_MISSING', refused: 'EXTRACT_REFUSED', name: safeName(name) } as const;
  const bytes = await bytesOfSmall(resolve(workingFolder, file), refusal, LARGEST);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ThroughlineError('ENCODING_BROKEN', { extract: safeName(name), encoding: safeName('utf-8') });
  }
  return { name, ...(await plainTable(name, text)) };
}

const sharedSecret = (place: string, { userId, workingFolder }: Effects): Promise<SecretKey> =>
  readSharedSecret(descriptorOf(place) ?? resolve(workingFolder, place), userId);

type Table = Awaited<ReturnType<typeof tableOf>>;
type Out = { readonly secret: SecretKey; readonly out: string };

async function writeTokens(
  table: Table,
  { secret, day, out }: Out & { readonly day: string },
): Promise<string[]> {
  const profile = olt2(secret.bytes, day);
  try {
    const { text, records, tokens, blank, invalid } = olt2File(table, profile);
    await makePrivateFolder(dirname(out));
    await writeDurably(out, text);
    return [
      `${records} records: ${tokens} tokens, ${blank} blank`,
      ...[...invalid].sort().map(([column, count]) => `  ${column}: missing or invalid in ${count} records`),
    ];
  } finally {
    profile.erase();
  }
}

async function writeFilters(
  table: Table,
  { secret, schema, record, out }: Out & { readonly schema: Clk3Schema; readonly record: string },
): Promise<string[]> {
  const { text, records, count } = clk3File(table, { schema, profile: clk3(schema, secret.bytes), record });
  await makePrivateFolder(dirname(out));
  await writeDurably(out, text);
  await writeDurably(`${out}.records.csv`, records);
  return [
    `${count} CLKs of ${schema.clkConfig.l} bits`,
    `  their records, which stay here: ${basename(out)}.records.csv`,
  ];
}
