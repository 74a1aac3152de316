import { join } from 'node:path';
import { removeFolder } from '@throughline/engine';
import { openRelease } from '@throughline/explore';
import { writeMadeUpRelease } from '../made-up/release.js';

const ROWS = 10_000_000;
const TIMES = 15;

const QUESTIONS: readonly (readonly [string, string])[] = [
  ['by measure', 'SELECT measure, count(*), sum(total) FROM cells GROUP BY 1 ORDER BY 1'],
  [
    'by measure, group and status',
    'SELECT measure, level_1, status, count(*), sum(total) FROM cells GROUP BY ALL ORDER BY ALL',
  ],
  [
    'one measure by group',
    "SELECT level_1, sum(yes), sum(total) FROM cells WHERE measure = 'measure_3' GROUP BY 1 ORDER BY 1",
  ],
];

/** Opens a made-up release of ten million cells and prints how long grouped questions take. */
export async function benchExplore(folder: string, print: (line: string) => void): Promise<void> {
  const place = join(folder, 'release');
  await removeFolder(place);
  await writeMadeUpRelease(place, { day: '2026-06-16', rows: ROWS });
  const opening = performance.now();
  const { database } = await openRelease(place, { memory: '512MB', threads: 2 });
  print(`explore: ${ROWS.toLocaleString('en-US')} cells, ${process.version}`);
  print(`opened, every file compared with its hash${ms(performance.now() - opening)}`);
  for (const [name, question] of QUESTIONS) {
    const times: number[] = [];
    for (let time = 0; time < TIMES; time += 1) {
      const started = performance.now();
      const answer = await database.ask(question, { rows: 1_000, ms: 60_000 });
      if ('refused' in answer) throw new Error('bench: no answer');
      times.push(performance.now() - started);
    }
    times.sort((a, b) => a - b);
    print(`${name.padEnd(32)} median${ms(times[TIMES >> 1] ?? 0)}, slowest${ms(times.at(-1) ?? 0)}`);
  }
  database.close();
  await removeFolder(place);
}

const ms = (time: number): string => `${Math.round(time).toLocaleString('en-US').padStart(7)} ms`;
