import { join } from 'node:path';
import type { AgreedHost } from '@throughline/agreement';
import { canonicalJson, type Json, type Sha256, safeName } from '@throughline/core';
import {
  exists,
  identityIfThere,
  makePrivateFolder,
  openOrdinary,
  type ReadArtifact,
  readArtifactIfThere,
  readText,
  sha256OfFile,
  writeDurably,
} from '@throughline/engine';
import {
  type Going,
  mayGo,
  type NoteKind,
  noteKinds,
  type ParcelContent,
  type TravellingKind,
} from '@throughline/parcel';
import { standingOf } from '../holds/standing.js';
import { readValidCard } from '../keys/key-card.js';
import { wraps } from '../keys/wrap-key.js';
import { sheetFor } from '../linkage/reviews.js';
import { agreesOnSealing, sealingPartners } from '../pipeline/sealing.js';
import type { Project } from '../project/project.js';
import type { SplitProject } from './ground.js';
import { receivedFrom } from './state.js';

/** Something that goes into a parcel, and where its files lie. */
export type Part = { readonly content: ParcelContent; readonly files: readonly string[] };

/** Everything that is there for another host tonight, in the order of the table of what may go. */
export async function partsFor(split: SplitProject, to: AgreedHost): Promise<readonly Part[]> {
  const { project, host } = split;
  const parts: Part[] = [];
  for (const going of mayGo({ from: host, to, pipeline: project.pipeline.pipeline })) {
    const part = isNote(going.kind)
      ? await notePart(split, { kind: going.kind, of: going.of })
      : await artifactPart(project, { kind: going.kind, of: going.of });
    if (part !== undefined) parts.push(part);
  }
  return parts;
}

/** Whether it is a note of a host, and no artifact. */
export const isNote = (kind: Going['kind']): kind is NoteKind => noteKinds.some((each) => each === kind);

type GoingArtifact = { readonly kind: TravellingKind; readonly of: string };
type GoingNote = { readonly kind: NoteKind; readonly of: string };

/** Where an artifact lies that one host makes and another one reads: at both in the same place. */
export function placeOfArtifact({ folders }: Project, { kind, of }: GoingArtifact): string {
  if (kind === 'gate') return folders.gate;
  return kind === 'people' ? folders.people : folders.partner(of, kind);
}

async function artifactPart(project: Project, going: GoingArtifact): Promise<Part | undefined> {
  const artifact: ReadArtifact | undefined = await readArtifactIfThere(
    placeOfArtifact(project, going),
    going.kind,
  );
  if (artifact === undefined || !(await isOfNow(project, artifact))) return undefined;
  const { manifest, folder, sha256 } = artifact;
  const names = [
    'manifest.json',
    ...manifest.tables.map(({ file }) => file),
    ...manifest.files.map(({ name }) => name),
  ];
  return partOf(going, { identity: sha256, folder, names });
}

/** What was made with the key of another epoch stays here, and so do slots that the gate no longer asks for. */
async function isOfNow(project: Project, { kind, of, manifest }: ReadArtifact): Promise<boolean> {
  const { keyCheck } = manifest.producedBy;
  if (keyCheck === undefined) return true;
  const card = await readValidCard(project.pipeline.resolve(project.pipeline.key_card));
  if (keyCheck.value !== card.check || keyCheck.epoch !== card.epoch) return kind === 'people';
  if (kind === 'residual' && !wraps(project)) return false;
  if (kind !== 'slots' && kind !== 'residual') return true;
  return agreesOnSealing(project) && (await sealingPartners(project)).includes(of);
}

type Lying = { readonly identity: Sha256; readonly folder: string; readonly names: readonly string[] };

async function partOf({ kind, of }: Going, { identity, folder, names }: Lying): Promise<Part> {
  const files: ParcelContent['files'] = [];
  for (const name of names) {
    const refusal = {
      missing: 'ARTIFACT_ALTERED',
      refused: 'ARTIFACT_ALTERED',
      name: safeName(name),
    } as const;
    const { bytes, close } = await openOrdinary(join(folder, name), refusal);
    close();
    files.push({ name, bytes, sha256: await sha256OfFile(join(folder, name), refusal) });
  }
  return { content: { kind, of, identity, files }, files: names.map((name) => join(folder, name)) };
}

async function notePart(split: SplitProject, note: GoingNote): Promise<Part | undefined> {
  const text = await textOf(split, note);
  if (text === undefined) return undefined;
  const folder = join(split.project.folders.work, 'parcel', note.kind, note.of);
  const name = fileOfNote(note.kind);
  await makePrivateFolder(folder);
  await writeDurably(join(folder, name), text);
  const { content, files } = await partOf(note, { identity: '' as Sha256, folder, names: [name] });
  return { content: { ...content, identity: content.files[0]?.sha256 ?? '' }, files };
}

export const fileOfNote = (kind: NoteKind): string =>
  kind === 'questions' || kind === 'answers' ? `${kind}.csv` : `${kind}.json`;

async function textOf({ project }: SplitProject, { kind, of }: GoingNote): Promise<string | undefined> {
  switch (kind) {
    case 'standing':
      return json({ ...(await standingOf(project, of)), intake: await intakeOf(project, of) });
    case 'linked':
      return linkedBy(project);
    case 'acknowledgement':
      return acknowledgementFor(project, of);
    case 'questions':
      return questionsFor(project, of);
    case 'answers':
      return answersOf(project, of);
  }
}

const json = (value: Json): string => `${canonicalJson(value)}\n`;

async function intakeOf({ folders }: Project, partner: string): Promise<string | null> {
  return (await identityIfThere(folders.partner(partner, 'identifiers'), 'identifiers')) ?? null;
}

/** Of each partner the intake behind the tokens that the people index was made with. */
async function linkedBy({ pipeline, folders }: Project): Promise<string | undefined> {
  const people = await readArtifactIfThere(folders.people, 'people');
  if (people === undefined) return undefined;
  const found: Record<string, string> = {};
  for (const { name } of pipeline.partners) {
    const kept = await readArtifactIfThere(folders.received(name, 'tokens'), 'tokens');
    const delivered = await readArtifactIfThere(folders.partner(name, 'tokens'), 'tokens');
    const intake = delivered?.manifest.inputs.find(({ kind }) => kind === 'identifiers')?.sha256;
    if (intake !== undefined && isMadeOf(people, kept) && isMadeOf(kept, delivered)) found[name] = intake;
  }
  return json(found);
}

const isMadeOf = (made: ReadArtifact | undefined, of: ReadArtifact | undefined): boolean =>
  made?.manifest.inputs.some(({ kind, sha256 }) => kind === of?.kind && sha256 === of.sha256) === true;

/** Nothing where nothing ever came. */
async function acknowledgementFor(project: Project, host: string): Promise<string | undefined> {
  const { sequence, id, refused, answers } = await receivedFrom(project, host);
  if (id === null && refused.length === 0) return undefined;
  return json({ taken: id === null ? null : { sequence, id }, refused, answers });
}

/** An empty sheet says that nothing is asked any more. */
async function questionsFor(project: Project, partner: string): Promise<string | undefined> {
  if (!(await exists(join(project.folders.links, 'manifest.json')))) return undefined;
  const { openQuestions } = await import('../commands/review.js');
  return sheetFor(partner, (await openQuestions(project)).openTo(partner));
}

async function answersOf(project: Project, partner: string): Promise<string | undefined> {
  const path = project.folders.sheet(partner, 'answers');
  return (await exists(path)) ? readText(path) : undefined;
}
