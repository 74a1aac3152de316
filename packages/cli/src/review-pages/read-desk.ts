import { basename, dirname, join, relative } from 'node:path';
import {
  changesBetween,
  type FieldManifest,
  type Filed,
  isRefused,
  type ParsedFile,
  parseDocuments,
  versionsOf,
} from '@throughline/agreement';
import { type ErrorCode, errorCodes, ThroughlineError } from '@throughline/core';
import {
  documentFiles,
  namesIn,
  type ReadArtifact,
  readArtifactIfThere,
  withPresets,
} from '@throughline/engine';
import type { Effects } from '../effects.js';
import { lastTaken } from '../holds/deliveries.js';
import { readHolds } from '../holds/hold-records.js';
import { openChange } from '../manifest/change-request.js';
import { type ManifestFile, manifestIn, proposalsOf, sheetSource } from '../manifest/sources.js';
import { documentFolders, type Project } from '../project/project.js';
import { templates } from '../project/templates.js';
import type { Desk, HoldUnderReview, ManifestUnderReview } from './desk.js';
import { readCandidate } from './read-candidate.js';

export type Asked = { readonly pipeline: string; readonly partner: string | undefined };

/** Everything that waits for a person, or has been decided. @throws ThroughlineError of exit status 10 and 11. */
export async function readDesk(project: Project, asked: Asked, effects: Effects): Promise<Desk> {
  const release = await readArtifactIfThere(project.folders.release, 'release');
  const isAsked = (partner: string) => asked.partner === undefined || asked.partner === partner;
  return {
    city: project.pipeline.city,
    synthetic: project.pipeline.synthetic,
    day: project.day,
    pipeline: asked.pipeline,
    manifests: (await manifestsOf(project, effects)).filter(({ source }) =>
      isAsked(source.manifest.document.partner),
    ),
    holds: (await holdsOf(project)).filter(({ partner }) => isAsked(partner)),
    // One partner's own people decide about its columns and deliveries, not about what all partners release.
    ...(release === undefined || asked.partner !== undefined
      ? { candidate: undefined }
      : await candidateOf(project, release)),
  };
}

/** Whatever keeps the candidate from being read keeps nobody from deciding about holds and manifests. */
async function candidateOf(
  project: Project,
  release: ReadArtifact<'release'>,
): Promise<Pick<Desk, 'candidate' | 'candidateRefused'>> {
  try {
    return { candidate: await readCandidate(project, release) };
  } catch (thrown) {
    if (!(thrown instanceof ThroughlineError)) throw thrown;
    return { candidate: undefined, candidateRefused: `${thrown.code}: ${errorCodes[thrown.code].meaning}` };
  }
}

async function manifestsOf(project: Project, effects: Effects): Promise<ManifestUnderReview[]> {
  const versions = await versionsIn(project);
  const places = new Map(documentFolders(project.pipeline).map(({ name, path }) => [name, path]));
  const found: ManifestUnderReview[] = [];
  for (const one of versions) {
    const { document, file, sha256, text } = one;
    const filed = project.documents.manifests.find((each) => each.sha256 === sha256);
    if (document.kind !== 'manifest' || filed === undefined) continue;
    const path = join(places.get(dirname(file)) ?? '', basename(file));
    const lying = { document, file, sha256, source: { file, text }, path };
    found.push(await underReview(project, { filed, file: lying, versions, belongs: undefined }, effects));
  }
  for (const proposal of await proposals(project)) {
    const before = found.find(({ source }) => source.manifest.document.id === proposal.document.id);
    const belongs = before === undefined ? project.pipeline.resolve('manifests') : dirname(before.file.path);
    found.push(await underReview(project, { filed: undefined, file: proposal, versions, belongs }, effects));
  }
  return found;
}

/** Every version of every document of the pipeline. */
async function versionsIn({ pipeline }: Project): Promise<readonly ParsedFile[]> {
  const files = await documentFiles(documentFolders(pipeline));
  return parseDocuments(await withPresets(files, templates.presets));
}

async function proposals(project: Project): Promise<ManifestFile[]> {
  const folder = proposalsOf(project);
  const found: ManifestFile[] = [];
  for (const name of await namesIn(folder))
    if (/\.ya?ml$/i.test(name)) found.push(await manifestIn(join(folder, name)));
  return found.filter(({ sha256 }) => !project.documents.manifests.some((filed) => filed.sha256 === sha256));
}

type Lies = {
  /** Undefined for a proposal, which is in no folder of the pipeline yet. */
  readonly filed: Filed<FieldManifest> | undefined;
  readonly file: ManifestFile;
  readonly versions: readonly ParsedFile[];
  /** The folder that a proposal goes to once it is signed. */
  readonly belongs: string | undefined;
};

async function underReview(
  project: Project,
  { filed, file, versions, belongs }: Lies,
  { workingFolder }: Effects,
): Promise<ManifestUnderReview> {
  const { document } = file;
  const change = filed === undefined ? undefined : await openChange(project, file);
  const source = { ...sheetSource(project, file), change };
  return {
    // A proposal may have the id and version of what is filed, in other bytes.
    name: `${document.id}.v${document.version}${filed === undefined ? `.${file.sha256.slice(0, 12)}` : ''}`,
    source,
    file,
    path: relative(workingFolder, file.path),
    belongs: belongs === undefined ? undefined : relative(workingFolder, belongs),
    approval: approvalOf(source.dsa, filed),
    since: sinceOf(document, versions),
  };
}

/** What a signature mends; a document that is revoked or in no chain of versions waits for none. */
const WAITING: readonly ErrorCode[] = ['DOCUMENT_NOT_APPROVED', 'QUORUM_SHORT'];

function approvalOf(
  { document }: ManifestUnderReview['source']['dsa'],
  filed: Filed<FieldManifest> | undefined,
): ManifestUnderReview['approval'] {
  const approvers = document.approvers.map(({ person, name, role }) => ({
    person,
    words: `${name}, ${role}`,
  }));
  const needed = document.quorum.at_least;
  if (filed === undefined)
    return { by: undefined, lacks: 'A proposal: nobody has signed it yet.', waits: true, approvers, needed };
  const { standing } = filed;
  if (!isRefused(standing))
    return {
      by: standing.approvals.map(({ person }) => person),
      lacks: '',
      waits: false,
      approvers,
      needed,
    };
  const { code } = standing.refusal;
  return { by: undefined, lacks: errorCodes[code].meaning, waits: WAITING.includes(code), approvers, needed };
}

function sinceOf(document: FieldManifest, versions: readonly ParsedFile[]): ManifestUnderReview['since'] {
  const older = versionsOf(versions, document).findLast((each) => each.document.version < document.version);
  if (older === undefined || older.document.kind !== 'manifest') return undefined;
  return { version: older.document.version, changes: changesBetween(older.document, document) };
}

async function holdsOf(project: Project): Promise<HoldUnderReview[]> {
  const found: HoldUnderReview[] = [];
  for (const { name: partner } of project.pipeline.partners) {
    const inUse = (await lastTaken(project, partner))?.taken;
    for (const hold of await readHolds(project, partner)) found.push({ partner, hold, inUse });
  }
  return found;
}
