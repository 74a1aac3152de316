import { join } from 'node:path';
import { copyFolder, exists, readText, removeFolder, writeDurably } from '@throughline/engine';
import { templates } from '../project/templates.js';
import { type Cost, costOf } from './measure-command.js';

const TIMES = 5;

/** Times `run` where nothing has changed, and `status`, on Millbrook: processes of their own, the median of five. */
export async function benchIdle(place: string, print: (line: string) => void): Promise<void> {
  const pipeline = await millbrookIn(place);
  await costOf(['keys', 'create', pipeline]);
  await costOf(['run', pipeline]);
  print(`Millbrook, nothing changed since the last night, median of ${TIMES}`);
  for (const command of ['run', 'status']) {
    const costs: Cost[] = [];
    for (let time = 0; time < TIMES; time += 1) costs.push(await costOf([command, pipeline]));
    print(`  ${command.padEnd(8)}${inWords(costs)}`);
  }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

const inWords = (costs: readonly Cost[]): string =>
  `${median(costs.map(({ seconds }) => seconds)).toFixed(2)} s (processor ${median(costs.map(({ processorSeconds }) => processorSeconds)).toFixed(2)} s)`;

async function millbrookIn(place: string): Promise<string> {
  const pipeline = join(place, 'pipeline.yaml');
  if (await exists(place)) await removeFolder(place);
  await copyFolder(templates.millbrook, place);
  const text = (await readText(pipeline))
    .replaceAll('../../fixtures/millbrook/extracts', join(templates.fixtures, 'millbrook/extracts'))
    .replaceAll('../../work/millbrook', 'state');
  await writeDurably(pipeline, text, 0o644);
  return pipeline;
}
