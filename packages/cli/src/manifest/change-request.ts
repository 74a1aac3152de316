import { dirname, join } from 'node:path';
import { documentOf, type FieldManifest, type Written } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { exists, makePrivateFolder, readText, removeFolder, writeDurably } from '@throughline/engine';
import type { HeaderChange } from '@throughline/sheet';
import { z } from 'zod';
import { asJson } from '../project/as-json.js';
import type { Project } from '../project/project.js';

/** What an export had that its manifest does not list, or lacked: a question to the owner of the records. */
const changeRequest = z.strictObject({
  kind: z.literal('change-request'),
  manifest: z.string(),
  version: z.int(),
  sha256: z.string(),
  on: z.iso.date(),
  added: z.array(z.string()),
  missing: z.array(z.string()),
  unnamed: z.array(z.string()).default([]),
});
export type ChangeRequest = z.infer<typeof changeRequest>;

const placeOf = ({ folders }: Project, manifest: string): string =>
  join(folders.state, 'change-requests', `${manifest}.json`);

const HEADER_CHANGES: ReadonlySet<string> = new Set(['HEADER_UNKNOWN_COLUMN', 'HEADER_MISSING_COLUMN']);

/** What a refusal says about the header of an export; undefined where it is about something else or places nothing. */
export function headerChangeOf({ code, details }: ThroughlineError): HeaderChange | undefined {
  if (!HEADER_CHANGES.has(code)) return undefined;
  const names = (key: string) => {
    const value = details[key];
    return Array.isArray(value) ? value.map(String) : [];
  };
  if (code === 'HEADER_MISSING_COLUMN') return { added: [], missing: names('columns'), unnamed: [] };
  const change = { added: names('columns'), missing: names('missing'), unnamed: names('positions') };
  return change.added.length + change.unnamed.length === 0 ? undefined : change;
}

/** Puts a changed header to the owner of the records: the request waits in the state until the export fits again. */
export async function requestChange(
  project: Project,
  { document, sha256 }: Written<FieldManifest>,
  { added, missing, unnamed = [] }: HeaderChange,
): Promise<void> {
  const request: ChangeRequest = {
    kind: 'change-request',
    manifest: document.id,
    version: document.version,
    sha256,
    on: project.day,
    added: [...added],
    missing: [...missing],
    unnamed: [...unnamed],
  };
  const place = placeOf(project, document.id);
  await makePrivateFolder(dirname(place));
  await writeDurably(place, `${JSON.stringify(request, undefined, 2)}\n`);
}

/** Takes a request away: the export fits its manifest. */
export const settleChange = (project: Project, manifest: string): Promise<void> =>
  removeFolder(placeOf(project, manifest));

/** The change that a manifest's own bytes still wait for. @throws ThroughlineError CONFIG_INVALID */
export async function openChange(
  project: Project,
  { document, sha256 }: Written<FieldManifest>,
): Promise<ChangeRequest | undefined> {
  const place = placeOf(project, document.id);
  if (!(await exists(place))) return undefined;
  const parsed = changeRequest.safeParse(asJson(await readText(place)));
  return parsed.success && parsed.data.sha256 === sha256 ? parsed.data : undefined;
}

/** The request in words, for the terminal. */
export const changeLines = ({ manifest, added, missing, unnamed }: ChangeRequest): string[] => [
  ...added.map((name) => `  ${manifest}: new column ${safeName(name)}\n`),
  ...unnamed.map(
    (position) =>
      `  ${manifest}: new column at ${safeName(position)}; the owner writes its name on the sheet\n`,
  ),
  ...missing.map((name) => `  ${manifest}: column ${safeName(name)} is missing\n`),
];

type Partner = Project['pipeline']['partners'][number];

/** Takes in a partner's extracts; a changed header becomes a request to the owner before the refusal is told. */
export async function requestingChanges<T>(
  project: Project,
  partner: Partner,
  work: () => Promise<T>,
): Promise<T> {
  try {
    const done = await work();
    for (const { manifest } of partner.extracts) await settleChange(project, manifest);
    return done;
  } catch (thrown) {
    const change = thrown instanceof ThroughlineError ? headerChangeOf(thrown) : undefined;
    const extract = thrown instanceof ThroughlineError ? thrown.details['extract'] : undefined;
    const filed = partner.extracts
      .map(({ manifest }) => documentOf(project.documents.manifests, manifest, 'manifest'))
      .find(({ document }) => safeName(document.extract) === extract);
    if (change !== undefined && filed !== undefined) await requestChange(project, filed, change);
    throw thrown;
  }
}
