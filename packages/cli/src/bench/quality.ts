import { join } from 'node:path';
import { documentOf } from '@throughline/agreement';
import {
  type KnownRecord,
  knownRecords,
  type LinkageQuality,
  linkageQuality,
  readTrueRecords,
} from '@throughline/assess';
import { openSession, readArtifact, removeFolder, type Session } from '@throughline/engine';
import { makeProject } from '../commands/init.js';
import { processEffects } from '../effects.js';
import { openProject, type Project } from '../project/project.js';
import { costOf } from './measure-command.js';

const SEEDS = ['1', '2', '3', '4', '5'] as const;
const STUDENTS = 3000;

/** Links five made-up cities that nobody has tuned anything to, and prints precision and recall against their truth. */
export async function benchQuality(folder: string, print: (line: string) => void): Promise<void> {
  print(
    `linkage quality, ${SEEDS.length} made-up cities of ${STUDENTS} students, pairs of records from different sources`,
  );
  print('seed   true pairs   linked   precision   recall');
  for (const seed of SEEDS) {
    const place = join(folder, seed);
    await removeFolder(place);
    await makeProject(place, { students: STUDENTS, seed });
    const pipeline = join(place, 'pipeline.yaml');
    await costOf(['keys', 'create', pipeline]);
    await costOf(['run', pipeline]);
    print(row(seed, await qualityOf(pipeline, join(place, 'truth'))));
  }
}

const row = (seed: string, { truePairs, linkedPairs, precision, recall }: LinkageQuality): string =>
  `${seed.padEnd(4)}${String(truePairs).padStart(13)}${String(linkedPairs).padStart(9)}${precision.toFixed(4).padStart(12)}${recall.toFixed(4).padStart(9)}`;

/** Precision and recall of a project's last night against a truth folder. */
export async function qualityOf(pipeline: string, truthFolder: string): Promise<LinkageQuality> {
  const effects = await processEffects('none');
  const project = await openProject(pipeline, effects);
  const { folders } = project;
  const spill = join(folders.work, 'quality');
  const session = await openSession({ folders: [folders.state], spill, memory: '1GB', threads: 1 });
  try {
    const known = await knownIn(project, truthFolder, { session, userId: effects.userId });
    return await linkageQuality(await readArtifact(folders.people, 'people'), known, session);
  } finally {
    session.close();
    await removeFolder(spill);
  }
}

export type Reading = { readonly session: Session; readonly userId: number | undefined };

/** The records of every partner, each with the child it is about. */
export async function knownIn(
  project: Project,
  truthFolder: string,
  reading: Reading,
): Promise<KnownRecord[]> {
  const { pipeline, folders } = project;
  const truth = await readTrueRecords(truthFolder);
  const known: KnownRecord[] = [];
  for (const partner of pipeline.partners) {
    const own = {
      partner: partner.name,
      recordKey: pipeline.resolve(partner.record_key),
      identifiers: await readArtifact(folders.partner(partner.name, 'identifiers'), 'identifiers'),
      keyless: keylessSpaces(project, partner),
    };
    known.push(...(await knownRecords(truth, own, reading)));
  }
  return known;
}

function keylessSpaces(
  { documents }: Project,
  partner: Project['pipeline']['partners'][number],
): Map<string, string> {
  return new Map(
    partner.extracts.flatMap(({ manifest }) => {
      const { records, extract } = documentOf(documents.manifests, manifest, 'manifest').document;
      return records !== null && records.key.length === 0 ? [[records.space, extract] as const] : [];
    }),
  );
}
