import { join, resolve } from 'node:path';
import { parseDocuments } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { copyFolder, documentFiles, exists, readText, writeDurably } from '@throughline/engine';
import { generateCity, writeCity } from '@throughline/testkit';
import type { Effects } from '../effects.js';
import { writeMadeUpKeys } from '../made-up/keys.js';
import type { CityOptions, InitOptions, NamedKey } from '../program.js';
import { makeOwnProject, type OwnPartner } from '../project/own-city.js';
import { templates } from '../project/templates.js';

/**
 * Makes a project, with a made-up city or for partners of one's own, and says what to do next.
 *
 * @throws ThroughlineError USAGE, CONFIG_UNREADABLE
 */
export async function init(folder: string, options: InitOptions, effects: Effects): Promise<void> {
  const place = resolve(effects.workingFolder, folder);
  if (await exists(place)) throw new ThroughlineError('USAGE', { folder_exists: safeName(folder) });
  if (options.school.length + options.programme.length > 0) return initOwn(folder, options, effects);
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

async function initOwn(folder: string, options: InitOptions, effects: Effects): Promise<void> {
  const { from, to } = options;
  if (from === undefined || to === undefined || from > to)
    throw new ThroughlineError('USAGE', {
      missing: safeName('--from and --to, the first and the last day that the measures are about'),
    });
  const keyed = (kind: OwnPartner['kind']) => (each: NamedKey) => ({
    kind,
    name: each.name,
    key: resolve(effects.workingFolder, each.key),
  });
  await makeOwnProject(resolve(effects.workingFolder, folder), {
    city: options.city,
    partners: [...options.school.map(keyed('school')), ...options.programme.map(keyed('programme'))],
    from,
    to,
    today: effects.now().toISOString().slice(0, 10),
    madeUp: options.madeUp === true,
  });
  effects.stdout(
    [
      `Made ${folder} for partners of your own. Everything in it is a draft. Next:`,
      `  put each partner's files into ${folder}/inbox/<partner>`,
      `  throughline profile <file> --partner <partner> --out ${folder}/manifests/<partner>/<name>.yaml`,
      '                                       drafts the field manifest of a file: edit it',
      '  throughline approve <document> --key <key>   signs a document: the agreements and every manifest',
      `  throughline check ${folder}/pipeline.yaml        what is missing still`,
      'docs/tutorial/your-city.md goes through all of it.\n',
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
