import { fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeFolder } from '@throughline/engine';
import type { ScaleCost, ScaleTask } from './linkage-scale-child.js';

const CHILD = fileURLToPath(new URL('linkage-scale-child.js', import.meta.url));
const MEGABYTES_OF_HEAP = 6000;
type Print = (line: string) => void;
type Work = Omit<ScaleTask, 'work'>;
type Extent = {
  /** Children in a file. */
  readonly sizes: readonly number[];
  /** Shares of the rows that change before each night after the first. */
  readonly changes: readonly number[];
};

/**
 * Runs the stage that links over two files of so many made-up children each, every night in a process of its own: a first
 * night that links everybody, nights on which some rows have changed, and the last of them once more from nothing. Prints
 * what each costs.
 *
 * @param place where deliveries are made; those that are there are used again.
 */
export async function benchLinkageScale(
  place: string,
  { sizes, changes }: Extent,
  print: Print,
): Promise<void> {
  print(
    'linking two files of made-up children, reading and writing included; seconds of the clock and of processors',
  );
  print(
    'children a file   night             seconds   processor   of the first   peak MB   microseconds a row   persons',
  );
  for (const size of sizes) {
    const folder = join(place, String(size));
    const memory = size > 500_000 ? '6GB' : '2GB';
    const night = (nights: number): Work => ({
      folder,
      size,
      changes: changes.slice(0, nights),
      memory,
      threads: 2,
    });
    await forget(folder, ['links', 'people', 'findings', 'log']);
    const first = await spent(night(0));
    const line = lines(size, first, print);
    line('everybody', first, 2 * size);
    const nights = [first];
    for (const [place, share] of changes.entries()) {
      const cost = await spent(night(place + 1));
      line(`${share * 100} % changed`, cost, 2 * size * share);
      nights.push(cost);
    }
    await forget(folder, ['links', 'findings']);
    line('everybody again', await spent(night(changes.length)), 2 * size);
    print('seconds of processors by step, in the order of the nights');
    for (const step of Object.keys(first.steps)) {
      const spent = nights.map(({ steps }) => (steps[step] ?? 0).toFixed(2).padStart(8));
      print(`    ${step.padEnd(34)}${spent.join('')}`);
    }
  }
}

async function forget(folder: string, made: readonly string[]): Promise<void> {
  for (const each of made) await removeFolder(join(folder, each));
}

/** What a night delivers is made before it is timed. */
async function spent(night: Work): Promise<ScaleCost> {
  await child({ ...night, work: 'deliver' });
  return child({ ...night, work: 'link' });
}

function child(task: ScaleTask): Promise<ScaleCost> {
  const forked = fork(CHILD, [JSON.stringify(task)], {
    execArgv: [`--max-old-space-size=${MEGABYTES_OF_HEAP}`],
  });
  return new Promise((done, failed) => {
    forked.on('message', (cost) => done(cost as ScaleCost));
    forked.on('exit', (code) => {
      if (code !== 0) failed(new Error('bench: linking did not succeed'));
    });
  });
}

const lines =
  (size: number, first: ScaleCost, print: Print) =>
  (night: string, { seconds, processorSeconds, peakBytes, persons }: ScaleCost, rows: number): void =>
    print(
      [
        size.toLocaleString('en').padEnd(18),
        night.padEnd(15),
        seconds.toFixed(1).padStart(10),
        processorSeconds.toFixed(1).padStart(12),
        `${((100 * processorSeconds) / first.processorSeconds).toFixed(1)} %`.padStart(15),
        String(Math.round(peakBytes / 1e6)).padStart(10),
        ((processorSeconds / rows) * 1e6).toFixed(1).padStart(21),
        persons.toLocaleString('en').padStart(10),
      ].join(''),
    );
