import { join } from 'node:path';
import type { Encoding } from '@throughline/assess';
import { readText, removeFolder } from '@throughline/engine';
import { costOf } from './measure-command.js';

const SETS = ['febrl4-names', 'febrl4-postcode', 'febrl4-all'] as const;
const RUNS: readonly (readonly [Encoding, readonly string[]])[] = [
  ['default', ['1', '2', '3', '4', '5']],
  ['clear', ['1']],
  ['exact', ['1']],
];

/** Links labelled sets, each time under a fresh key: sealed, in the clear with the same model, and by exact tokens. */
export async function benchLinkage(
  places: { readonly fixtures: string; readonly folder: string },
  print: (line: string) => void,
): Promise<void> {
  print('linkage of labelled sets at its own threshold; sealed with five keys, mean (least)');
  print(
    'set              encoding   precision   recall       F1   (least)   calibration   seconds   peak MB',
  );
  for (const set of SETS) {
    for (const [encoding, seeds] of RUNS) {
      const results = [];
      for (const seed of seeds) results.push(await evaluated(places, { set, encoding, seed }));
      print(row(set, encoding, results));
      if (encoding === 'default') print(row(set, 'ungated', results.flatMap(ungatedOf)));
    }
  }
}

type Run = { readonly set: string; readonly encoding: Encoding; readonly seed: string };

async function evaluated(
  { fixtures, folder }: { readonly fixtures: string; readonly folder: string },
  { set, encoding, seed }: Run,
): Promise<Result> {
  await removeFolder(folder);
  const config = join(fixtures, `${set}.yaml`);
  await costOf(['evaluate', 'linkage', config, '--out', folder, '--encoding', encoding, '--seed', seed]);
  return JSON.parse(await readText(join(folder, 'result.json'))) as Result;
}

const ungatedOf = ({ ungated, seconds, peak_mb }: Result): Result[] =>
  ungated === null ? [] : [{ ...ungated, ungated: null, seconds: { all: seconds.ungated ?? 0 }, peak_mb }];

type Result = {
  readonly own: { readonly precision: number; readonly recall: number; readonly f1: number };
  readonly calibration_error: number | null;
  readonly ungated: Pick<Result, 'own' | 'calibration_error'> | null;
  readonly seconds: { readonly all: number; readonly ungated?: number };
  readonly peak_mb: number;
};

function row(set: string, encoding: Encoding, results: readonly Result[]): string {
  const mean = (of: (result: Result) => number) =>
    results.reduce((sum, each) => sum + of(each), 0) / results.length;
  const least = Math.min(...results.map(({ own }) => own.f1));
  const calibration = results.every(({ calibration_error }) => calibration_error === null)
    ? '-'
    : Math.max(...results.map(({ calibration_error }) => calibration_error ?? 0)).toFixed(4);
  return [
    set.padEnd(17),
    encoding.padEnd(8),
    mean(({ own }) => own.precision)
      .toFixed(4)
      .padStart(12),
    mean(({ own }) => own.recall)
      .toFixed(4)
      .padStart(9),
    mean(({ own }) => own.f1)
      .toFixed(4)
      .padStart(9),
    `(${least.toFixed(4)})`.padStart(10),
    calibration.padStart(14),
    mean(({ seconds }) => seconds.all)
      .toFixed(1)
      .padStart(10),
    String(Math.max(...results.map(({ peak_mb }) => peak_mb))).padStart(10),
  ].join('');
}
