import { join } from 'node:path';
import { addDays } from '@throughline/agreement';
import { type ArtifactKind, type SafeName, safeName, ThroughlineError } from '@throughline/core';
import {
  type Below,
  below,
  glance,
  namesIn,
  type ReadArtifact,
  readArtifactIfThere,
} from '@throughline/engine';
import { wraps } from '../keys/wrap-key.js';
import { tellsOfDuplicates } from '../pipeline/requests.js';
import { agreesOnSealing } from '../pipeline/sealing.js';
import type { OwnedKind } from '../project/folders.js';
import type { Project } from '../project/project.js';

/** Something of the state, or of the inbox of a host, that nothing reads any more. */
export type Outlived = {
  /** A folder, or a file. */
  readonly folder: string;
  readonly what: SafeName;
  readonly because: string;
  /** Whether it is emptied and not removed, since what it has given out must never be given out again. */
  readonly emptied?: true;
  /** Whose records it holds, and the identity of the artifact; undefined for what holds none by itself. */
  readonly records: { readonly of: string; readonly kind: string; readonly sha256: string } | undefined;
};

/** What a partner's folder has that a run makes of its records; what it decided and registered is never among it. */
const OWNED: readonly OwnedKind[] = [
  'identifiers',
  'payload',
  'tokens',
  'interop',
  'planted',
  'canaries',
  'duplicates',
  'plan',
  'slots',
  'residual',
  'ledger',
];
const OF_SEALING: readonly OwnedKind[] = ['plan', 'slots', 'residual', 'ledger'];

type Candidate = {
  readonly folder: string;
  readonly of: string;
  readonly kind: ArtifactKind;
  readonly because: string;
};

/**
 * What has outlived its use by as many days as the pipeline says: records of partners that it no longer names, and what
 * it or the memorandum no longer asks for. The data of a partner that it names are never among it, however old: they may
 * be the last good ones.
 */
export async function outlivedIn(project: Project): Promise<readonly Outlived[]> {
  const found: Outlived[] = [];
  for (const candidate of await candidatesIn(project)) {
    const artifact = await artifactIn(candidate);
    if (artifact === undefined || !isOld(project, artifact.manifest.run.startedAt)) continue;
    const { folder, of, kind, because } = candidate;
    found.push({
      folder,
      what: safeName(`${kind} of ${of}`),
      because,
      records: { of, kind, sha256: artifact.sha256 },
    });
  }
  return [
    ...found,
    ...(await unaskedHouseholds(project)),
    ...(await oldRejects(project)),
    ...(await oldParcels(project)),
  ];
}

/** The household index, once the pipeline asks for none: whoever is in it, and how that came about. */
async function unaskedHouseholds(project: Project): Promise<Outlived[]> {
  const { pipeline, folders } = project;
  if (pipeline.households !== undefined) return [];
  const of = pipeline.pipeline;
  const because = 'the pipeline asks for no household index any more';
  const index = await artifactIn({ folder: folders.households, of, kind: 'households', because });
  if (index === undefined || !isOld(project, index.manifest.run.startedAt)) return [];
  if (index.manifest.tables.every(({ name, rows }) => name === 'counter' || rows === 0)) return [];
  return [
    {
      folder: folders.households,
      what: safeName('household index'),
      because,
      emptied: true,
      records: { of, kind: 'households', sha256: index.sha256 },
    },
  ];
}

const isOld = ({ pipeline, day }: Project, since: string): boolean =>
  addDays(since.slice(0, 10), pipeline.housekeeping.days) < day;

/** One of another version, or that is broken, is left to a person. */
const artifactIn = ({ folder, kind }: Candidate): Promise<ReadArtifact | undefined> =>
  readArtifactIfThere(folder, kind).catch((thrown: unknown) => {
    if (thrown instanceof ThroughlineError) return undefined;
    throw thrown;
  });

async function candidatesIn(project: Project): Promise<Candidate[]> {
  const { folders, pipeline } = project;
  const named = new Map(pipeline.partners.map((partner) => [partner.name, partner]));
  const sealing = agreesOnSealing(project);
  const owners = await namesIn(join(folders.state, 'partners'));
  const found = [
    ...new Set([...owners, ...(await namesIn(join(folders.state, 'linkage-unit', 'received')))]),
  ].flatMap((of) => {
    const partner = named.get(of);
    if (partner === undefined) return everythingOf(project, of);
    const unasked: readonly OwnedKind[] = [
      ...(partner.interop.length === 0 ? (['interop'] as const) : []),
      ...(tellsOfDuplicates(project) ? [] : (['duplicates'] as const)),
      ...(sealing ? [] : OF_SEALING),
      ...(sealing && !wraps(project) ? (['residual'] as const) : []),
    ];
    const because = 'neither pipeline nor memorandum asks for it any more';
    return [
      ...unasked.map((kind) => ({ folder: folders.partner(of, kind), of, kind, because })),
      ...(sealing ? [] : [{ folder: folders.received(of, 'slots'), of, kind: 'slots' as const, because }]),
    ];
  });
  return found;
}

function everythingOf({ folders }: Project, of: string): Candidate[] {
  const because = 'the pipeline no longer names this partner';
  return [
    ...OWNED.map((kind) => ({ folder: folders.partner(of, kind), of, kind, because })),
    ...(['tokens', 'slots'] as const).map((kind) => ({
      folder: folders.received(of, kind),
      of,
      kind,
      because,
    })),
  ];
}

/** The lines that an owner was to look up. */
async function oldRejects(project: Project): Promise<Outlived[]> {
  const found: Outlived[] = [];
  for (const name of await namesIn(join(project.folders.state, 'partners'))) {
    const folder = project.folders.owner(name, 'refused');
    const seen = await glance(folder, '.');
    if (seen === undefined || !isOld(project, new Date(seen.modified).toISOString())) continue;
    const because = 'nobody has looked them up';
    found.push({
      folder,
      what: safeName(`numbers of refused lines of ${name}`),
      because,
      records: undefined,
    });
  }
  return found;
}

/** Parcels that could not be taken in and were put aside, sealed as they came, counted from that day. */
async function oldParcels(project: Project): Promise<Outlived[]> {
  const { host, resolve } = project.pipeline;
  if (host === undefined) return [];
  const inbox = resolve(host.inbox);
  const aside = (await below(inbox)).filter(
    ({ kind, path, changed }) =>
      kind === 'file' && path.endsWith('.parcel.refused') && isOld(project, new Date(changed).toISOString()),
  );
  return aside.map(({ path }) => ({
    folder: join(inbox, path),
    what: safeName('a parcel that was refused'),
    because: 'nobody has looked at it',
    records: undefined,
  }));
}

/** What a run that died left: its work, and files and folders on their way into place. */
export async function leftBehind({ folders }: Pick<Project, 'folders'>): Promise<readonly Below[]> {
  const files = await below(folders.state);
  return files.filter(
    ({ path }) =>
      /^work\/[^/]+$/.test(path) || /^(?!before-restore\/|work\/).*\.(?:partial|aside)$/.test(path),
  );
}
