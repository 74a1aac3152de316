import { join } from 'node:path';
import { exists, openSession, readArtifact, removeFolder, sql } from '@throughline/engine';
import { makeProject } from '../commands/init.js';
import { processEffects } from '../effects.js';
import { openProject } from '../project/project.js';
import { type Cost, costOf } from './measure-command.js';

/** The commands of a first night, in its order: the gate decides once an epoch, before anything is sealed. */
const STAGES: readonly (readonly [name: string, ...options: string[]])[] = [
  ['ingest'],
  ['tokenize', '--plan'],
  ['gate'],
  ['tokenize'],
  ['link'],
  ['measure'],
  ['release'],
  ['report'],
];

/**
 * Times a whole night of a made-up city, each stage in a process of its own, and prints seconds and peak memory.
 *
 * @param place where the city is made; an existing one is used again.
 */
export async function benchNightly(
  place: string,
  students: number,
  print: (line: string) => void,
): Promise<void> {
  const pipeline = join(place, 'pipeline.yaml');
  if (!(await exists(pipeline))) await makeProject(place, { students, seed: 'bench' });
  await removeFolder(join(place, 'state'));
  await costOf(['keys', 'create', pipeline]);
  print(
    `nightly run, ${students.toLocaleString('en-US')} students, ${process.version}, each stage in its own process`,
  );
  print('stage            seconds   peak MB');
  const costs: Cost[] = [];
  for (const [stage, ...options] of STAGES) {
    const cost = await costOf([stage, pipeline, ...options]);
    costs.push(cost);
    print(row([stage, ...options].join(' '), cost));
  }
  print(row('whole run', total(costs)));
  print(row('run, no change', await costOf(['run', pipeline])));
  for (const line of await facts(pipeline)) print(line);
}

const row = (name: string, { seconds, peakMegabytes }: Cost): string =>
  `${name.padEnd(16)}${seconds.toFixed(1).padStart(8)}${peakMegabytes.toFixed(0).padStart(10)}`;

const total = (costs: readonly Cost[]): Cost => ({
  seconds: costs.reduce((sum, { seconds }) => sum + seconds, 0),
  processorSeconds: costs.reduce((sum, { processorSeconds }) => sum + processorSeconds, 0),
  peakMegabytes: Math.max(...costs.map(({ peakMegabytes }) => peakMegabytes)),
});

/** How much there was to do: rows read, records, people. */
async function facts(pipeline: string): Promise<string[]> {
  const project = await openProject(pipeline, await processEffects('none'));
  const { folders } = project;
  const people = await readArtifact(folders.people, 'people');
  const rows = people.manifest.tables.find(({ name }) => name === 'people')?.rows ?? 0;
  const lines = [`source records linked: ${rows.toLocaleString('en-US')}`];
  const session = await openSession({
    folders: [folders.state],
    spill: join(folders.work, 'bench'),
    memory: '1GB',
    threads: 1,
  });
  for (const { name } of project.pipeline.partners) {
    const payload = await readArtifact(folders.partner(name, 'payload'), 'payload');
    const [read] = await session.rows(
      'rows',
      sql`SELECT sum(rows_in)::BIGINT AS rows FROM ${payload.table('extracts')}`,
    );
    lines.push(`rows read from ${name}: ${Number(read?.['rows'] ?? 0).toLocaleString('en-US')}`);
  }
  session.close();
  await removeFolder(join(folders.work, 'bench'));
  return lines;
}
