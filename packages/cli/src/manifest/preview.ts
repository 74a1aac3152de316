import { basename, resolve } from 'node:path';
import { interopWarnings } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { canOpen, openExtract, readIdentity, withWorkspace } from '@throughline/engine';
import { type Preview, type PreviewedColumn, type PreviewedValue, previewExtract } from '@throughline/ingest';
import { counted, visible } from '@throughline/pages';
import type { PreviewOptions } from '../command-line/manifest.js';
import type { Effects } from '../effects.js';
import type { Project } from '../project/project.js';
import { type ManifestFile, manifestAsked } from './sources.js';

/**
 * Shows what would leave the building of a sample extract: columns and shapes. The manifest need not be approved,
 * since nothing leaves. Values are shown at the owner alone, whose key must be at hand.
 *
 * @throws ThroughlineError PREVIEW_AT_OWNER_ONLY, EXTRACT_*, HEADER_* and what else the intake refuses.
 */
export async function previewManifest(
  project: Project,
  { asked, extract, showValues }: { readonly asked: string } & PreviewOptions,
  effects: Effects,
): Promise<void> {
  const manifest = await manifestAsked(project, asked, effects);
  const partner = partnerOf(project, manifest);
  if (showValues !== undefined) await requireOwner(project, partner);
  const { preview, path } = await previewOf(
    project,
    { manifest, extract, sampled: showValues ?? 0 },
    effects,
  );
  effects.stdout(`${basename(path)} under ${manifest.document.id} version ${manifest.document.version}\n`);
  for (const line of [...previewLines(preview), ...weakerLines(project, partner)])
    effects.stdout(`${line}\n`);
}

export type Previewing = {
  readonly manifest: ManifestFile;
  /** A sample extract instead of the one in the inbox. */
  readonly extract?: string | undefined;
  /** How many rows are given with their values. */
  readonly sampled?: number;
};

/** Takes an extract through the steps of the intake, and says which file that was. @throws as `previewManifest` */
export async function previewOf(
  project: Project,
  { manifest, extract, sampled = 0 }: Previewing,
  effects: Effects,
): Promise<{ readonly preview: Preview; readonly path: string }> {
  const partner = partnerOf(project, manifest);
  const path =
    extract === undefined ? inboxFile(project, partner, manifest) : resolve(effects.workingFolder, extract);
  const file = await openExtract(manifest.document.extract, path);
  const place = partner.age_identity;
  const identity =
    place === undefined ? undefined : await readIdentity(project.pipeline.resolve(place), effects.userId);
  const preview = await withWorkspace(
    { folder: `${project.folders.work}/preview`, limits: project.pipeline.limits },
    (workspace) => previewExtract(workspace, { manifest: manifest.document, file, sampled, identity }),
  );
  return { preview, path };
}

type Partner = Project['pipeline']['partners'][number];

/** What leaves beside tokens where the partner's agreement consents to an encoding that attacks are known on. */
function weakerLines({ documents }: Project, { name }: Partner): string[] {
  const profiles = documents.dsas.flatMap(({ document }) =>
    document.partner === name ? (document.weaker_encodings ?? []) : [],
  );
  return block(
    'may leave in weaker encodings, to which the agreement consents:',
    profiles.map((profile) => `${profile}: ${interopWarnings[profile]}`),
  );
}

function partnerOf({ pipeline }: Project, { document }: ManifestFile): Partner {
  const partner = pipeline.partners.find(({ name }) => name === document.partner);
  if (partner !== undefined) return partner;
  throw new ThroughlineError('USAGE', { unknown_partner: safeName(document.partner) });
}

/** Whoever holds the key that names the owner's records is the owner. */
async function requireOwner({ pipeline }: Project, { name, record_key }: Partner): Promise<void> {
  if (await canOpen(pipeline.resolve(record_key))) return;
  throw new ThroughlineError('PREVIEW_AT_OWNER_ONLY', { partner: safeName(name) });
}

function inboxFile({ pipeline }: Project, { inbox, extracts }: Partner, { document }: ManifestFile): string {
  const listed = extracts.find(({ manifest }) => manifest === document.id);
  if (listed !== undefined) return pipeline.resolve(`${inbox}/${listed.file}`);
  throw new ThroughlineError('EXTRACT_MISSING', { name: safeName(document.extract) });
}

function previewLines({ rows, reasons, columns, payload, sample }: Preview): string[] {
  const linked = columns.filter(({ treatment }) => /\blink\b/.test(treatment));
  const inside = columns.filter(({ leaves, filled }) => !leaves && filled !== null);
  const unread = columns.filter(({ filled }) => filled === null);
  return [
    `  ${counted(rows.read, 'row', 'rows')}: ${rows.kept} taken in, ${rows.rejected} rejected, ${rows.excluded} left out by a rule of the manifest`,
    ...reasons.map(
      ({ reason, rows: count, line }) =>
        `    ${visible(reason)}: ${counted(count, 'row', 'rows')}, first at line ${line}`,
    ),
    '  Opt-out lists are for the night: this looks at one extract alone.',
    ...block('would leave as keyed tokens, made in the building of the owner:', linked.map(columnLine)),
    ...block('would leave as they are, under a record id:', payload.map(valueLine)),
    ...block('used in the building of the owner alone:', inside.map(columnLine)),
    ...block(
      'never stored:',
      unread.map(({ name, treatment }) => `${visible(name)}: ${treatment}`),
    ),
    ...block('the first rows as they would leave:', sample.map(rowLine)),
  ];
}

const block = (heading: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', heading, ...lines.map((line) => `  ${line}`)];

const columnLine = ({ name, filled, unread }: PreviewedColumn): string =>
  `${visible(name)}: ${counted(filled ?? 0, 'row holds', 'rows hold')} something${unread === 0 ? '' : `, ${unread} not readable as declared`}`;

const valueLine = ({ column, type, filled, different, shortest, longest }: PreviewedValue): string => {
  const lengths = shortest === longest ? `${longest}` : `${shortest} to ${longest}`;
  const shape = filled === 0 ? '' : `, ${different} different, ${lengths} characters`;
  return `${column} (${type}): ${counted(filled, 'row', 'rows')} filled${shape}`;
};

const rowLine = (row: Preview['sample'][number]): string =>
  Object.entries(row)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${visible(String(value))}`)
    .join(' | ');
