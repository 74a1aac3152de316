import { join, resolve } from 'node:path';
import { parseDocuments } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { copyFolder, documentFiles, exists, readText, writeDurably } from '@throughline/engine';
import { generateCity, writeCity } from '@throughline/testkit';
import type { Effects } from '../effects.js';
import { writeMadeUpKeys } from '../made-up/keys.js';
import type { CityOptions } from '../program.js';
import { templates } from '../project/templates.js';

/** Makes a project with a made-up city of its own and says what to do next. @throws ThroughlineError USAGE */
export async function init(folder: string, options: CityOptions, effects: Effects): Promise<void> {
  const place = resolve(effects.workingFolder, folder);
  if (await exists(place)) throw new ThroughlineError('USAGE', { folder_exists: safeName(folder) });
  await makeProject(place, options);
  effects.stdout(
    [
      `Made ${folder} with a made-up city of ${options.students} students. Next:`,
      `  throughline check ${folder}/pipeline.yaml         what the agreements and approvals say`,
      `  throughline keys create ${folder}/pipeline.yaml   keys of the owners, the agreement and the linkage unit`,
      `  throughline run ${folder}/pipeline.yaml           a whole night`,
      `Then replace the extracts, manifests and agreements by your own, one partner at a time. The keys in`,
      `${folder}/approvers are of made-up people and known to everybody: name your own approvers before anything else.\n`,
    ].join('\n'),
  );
}

const DOCUMENTS = ['agreements', 'manifests'] as const;

/** Writes documents, extracts and pipeline of a generated city. */
export async function makeProject(place: string, { students, seed }: CityOptions): Promise<void> {
  for (const name of DOCUMENTS) await copyFolder(join(templates.millbrook, name), join(place, name));
  await writeMadeUpKeys(join(place, 'approvers'), await approversOf(place));
  await writeCity(generateCity({ seed, students, namesDir: templates.names }), place);
  await writeDurably(join(place, 'pipeline.yaml'), await ownPipeline(), 0o644);
}

/** Everybody whom the sample documents name as an approver, and every one of them is made up. */
async function approversOf(place: string): Promise<string[]> {
  const files = await documentFiles([{ name: 'agreements', path: join(place, 'agreements') }]);
  const people = parseDocuments(files).flatMap(({ document }) =>
    'approvers' in document ? document.approvers.map(({ person }) => person) : [],
  );
  return [...new Set(people)];
}

/** The sample pipeline with its extracts and state inside the project. */
async function ownPipeline(): Promise<string> {
  const text = await readText(templates.pipeline);
  return text
    .replaceAll('../../fixtures/millbrook/extracts/', 'extracts/')
    .replaceAll('../../work/millbrook', 'state')
    .replace(
      /^# The nightly.*$/m,
      '# The nightly pipeline of a made-up city. Every path is relative to this file.',
    );
}
