import { dirname, join } from 'node:path';
import { artifactTables, columnsOf, safeName, type TableSchema, ThroughlineError } from '@throughline/core';
import {
  exists,
  makeFreshFolder,
  makePrivateFolder,
  moveFile,
  namesIn,
  openSession,
  type ReadArtifact,
  readArtifact,
  readText,
  removeFolder,
  replaceFolder,
  type Session,
  sql,
  writeDurably,
} from '@throughline/engine';
import {
  type NoteKind,
  type OpenedParcel,
  type ParcelContent,
  type ParcelHeader,
  parcelHeader,
  parcelIdOf,
} from '@throughline/parcel';
import { z } from 'zod';
import type { Effects } from '../effects.js';
import { parsedFile } from '../holds/hold-records.js';
import { answersIn } from '../linkage/reviews.js';
import type { Project } from '../project/project.js';
import { fileOfNote, isNote, placeOfArtifact } from './contents.js';
import type { SplitProject } from './ground.js';
import { acknowledgement, linked, standing } from './notes.js';
import { logParcel } from './send.js';
import { keepReceived, REMEMBERED, type Received, receivedFrom } from './state.js';

/*
 * A parcel lands in two moves. It is unpacked beside the state and checked there; then `landing.json` is written, and
 * from then on it has arrived: whatever is killed after that, the next start carries it through.
 */

const JOURNAL = 'landing.json';
const journal = z.strictObject({ header: parcelHeader, file: z.string() });
type Journal = z.infer<typeof journal>;

const landingFolder = ({ folders }: Project): string => join(folders.parcels, 'landing');

/** Carries through what had arrived when a run was killed, and removes what had not. */
export async function completeLandings(split: SplitProject): Promise<void> {
  const place = landingFolder(split.project);
  for (const name of await namesIn(place)) {
    const folder = join(place, name);
    const path = join(folder, JOURNAL);
    if (await exists(path)) await complete(split, folder, parsedFile(await readText(path), journal, JOURNAL));
    else await removeFolder(folder);
  }
}

/**
 * Takes in a parcel that may be taken in: all of it or nothing.
 *
 * @param file its name in the inbox.
 * @throws ThroughlineError PARCEL_ALTERED, PARCEL_UNREADABLE, OUTPUT_UNWRITABLE, LOG_*, KEY_*.
 */
export async function land(
  split: SplitProject,
  { parcel, file }: { readonly parcel: OpenedParcel; readonly file: string },
  effects: Effects,
): Promise<void> {
  const { header, id } = parcel;
  const folder = join(landingFolder(split.project), id);
  await makeFreshFolder(folder);
  try {
    for (const content of header.contents) await makePrivateFolder(join(folder, partName(content)));
    await parcel.unpack((content, name) => join(folder, partName(content), name));
    await requireSound(split.project, folder, header);
    await logParcel(split, { event: 'received', host: header.from, header }, effects);
    await writeDurably(join(folder, JOURNAL), JSON.stringify({ header, file } satisfies Journal));
  } catch (thrown) {
    await removeFolder(folder);
    throw thrown;
  }
  await complete(split, folder, { header, file });
}

const partName = ({ kind, of }: Pick<ParcelContent, 'kind' | 'of'>): string => `${kind}-${of}`;

async function complete(split: SplitProject, folder: string, { header, file }: Journal): Promise<void> {
  const { project, post } = split;
  for (const content of header.contents) {
    const staged = join(folder, partName(content));
    if (isNote(content.kind)) await settleNote(project, content.kind, { staged, of: content.of });
    else if (await exists(staged)) {
      const place = placeOfArtifact(project, { kind: content.kind, of: content.of });
      await makePrivateFolder(dirname(place));
      await replaceFolder(staged, place);
    }
  }
  await keepReceived(project, header.from, await receivedNow(project, folder, header));
  await removeFolder(join(project.pipeline.resolve(post.inbox), file));
  await removeFolder(folder);
}

/** Sheets go where people look for them; the other notes are read into the record of the sender. */
async function settleNote(
  { folders }: Project,
  kind: NoteKind,
  { staged, of }: { readonly staged: string; readonly of: string },
): Promise<void> {
  if (kind !== 'questions' && kind !== 'answers') return;
  const from = join(staged, fileOfNote(kind));
  if (!(await exists(from))) return;
  await makePrivateFolder(dirname(folders.sheet(of, kind)));
  await moveFile(from, folders.sheet(of, kind));
}

async function receivedNow(project: Project, folder: string, header: ParcelHeader): Promise<Received> {
  const before = await receivedFrom(project, header.from);
  const id = parcelIdOf(header);
  const noted = async <T>(kind: NoteKind, schema: z.ZodType<T>): Promise<T | undefined> => {
    const content = header.contents.find((each) => each.kind === kind);
    if (content === undefined) return undefined;
    return parsedFile(
      await readText(join(folder, partName(content), fileOfNote(kind))),
      schema,
      fileOfNote(kind),
    );
  };
  return {
    ...before,
    sequence: header.sequence,
    id,
    ids: [...before.ids.filter((each) => each !== id), id].slice(-REMEMBERED),
    day: header.day,
    at: header.at,
    standing: (await noted('standing', standing)) ?? before.standing,
    linked: (await noted('linked', linked)) ?? before.linked,
    acknowledgement: (await noted('acknowledgement', acknowledgement)) ?? before.acknowledgement,
    refused: [],
  };
}

/** Every artifact is what the header says, whole and of declared columns; every note of its form. @throws ThroughlineError PARCEL_ALTERED */
async function requireSound(project: Project, folder: string, { contents }: ParcelHeader): Promise<void> {
  const spill = join(project.folders.work, 'parcel');
  const session = await openSession({ folders: [folder], spill, memory: '500MB', threads: 1 });
  try {
    for (const content of contents) {
      const staged = join(folder, partName(content));
      if (isNote(content.kind)) await requireNote(staged, content, content.kind);
      else await requireArtifact(staged, content, session);
    }
  } finally {
    session.close();
    await removeFolder(spill);
  }
}

async function requireNote(
  staged: string,
  { kind, identity, files }: ParcelContent,
  note: NoteKind,
): Promise<void> {
  const [file, ...more] = files;
  if (more.length > 0 || file?.name !== fileOfNote(note) || file.sha256 !== identity)
    throw altered({ kind }, 'one file of the name of the note');
  try {
    const text = await readText(join(staged, file.name));
    if (note === 'standing') standing.parse(JSON.parse(text));
    if (note === 'linked') linked.parse(JSON.parse(text));
    if (note === 'acknowledgement') acknowledgement.parse(JSON.parse(text));
    if (note === 'questions') answersIn(text.split('\n').slice(0, 1).join(), '', []);
  } catch {
    throw altered({ kind }, 'a note of its form');
  }
}

async function requireArtifact(staged: string, content: ParcelContent, session: Session): Promise<void> {
  if (isNote(content.kind)) return;
  const artifact = await readArtifact(staged, content.kind).catch(() => {
    throw altered(content, 'a whole artifact of this version of the software');
  });
  const { manifest } = artifact;
  const named = [
    'manifest.json',
    ...manifest.tables.map(({ file }) => file),
    ...manifest.files.map(({ name }) => name),
  ];
  if (
    named.toSorted().join() !==
    content.files
      .map(({ name }) => name)
      .toSorted()
      .join()
  )
    throw altered(content, 'exactly the files of its manifest');
  if (artifact.sha256 !== content.identity || artifact.of !== content.of)
    throw altered(content, 'the artifact that the header names');
  for (const { name } of manifest.tables) await requireColumns(artifact, name, session);
}

/** What the file itself has, and not only its manifest: a column more would be one that nobody approved. */
async function requireColumns({ kind, table }: ReadArtifact, name: string, session: Session): Promise<void> {
  const tables: Readonly<Record<string, TableSchema>> = artifactTables[kind];
  const declared = columnsOf(tables[name] ?? {}).map((column) => `${column.name} ${column.type}`);
  const described = await session
    .rows('columns', sql`DESCRIBE SELECT * FROM ${table(name as never)}`)
    .catch(() => undefined);
  const found = described?.map((row) => `${row['column_name']} ${row['column_type']}`);
  if (found?.join() !== declared.join()) throw altered({ kind }, 'exactly the declared columns');
}

const altered = (
  { kind }: Pick<ParcelContent, 'kind'> | { readonly kind: string },
  rule: string,
): ThroughlineError => new ThroughlineError('PARCEL_ALTERED', { kind: safeName(kind), rule: safeName(rule) });
