import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseYaml } from '@throughline/agreement';
import { type EvaluationConfig, evaluationConfig } from '@throughline/assess';
import { safeName } from '@throughline/core';
import { readText, removeFolder } from '@throughline/engine';
import { costOf } from './measure-command.js';

const SETS = ['febrl4-names', 'febrl4-postcode', 'febrl4-all'] as const;
const PEERS = ['splink', 'anonlink'] as const;
const PACKAGES = ['splink==5.0.0', 'clkhash==0.18.3', 'anonlink==0.15.3', 'pyarrow'];
const SCRIPT = fileURLToPath(new URL('../../src/bench/peers.py', import.meta.url));

type Places = { readonly fixtures: string; readonly folder: string };
type Measured = {
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  readonly seconds: number;
  readonly peak_mb: number;
};

/**
 * Links labelled sets with Splink (clear text) and anonlink/clkhash (record-level CLKs) beside our sealed fields, on the
 * same fields, in one run. Their packages go into a virtual environment in the folder for temporary files; where there
 * is no Python 3, or no package can be had, it says so and measures nothing.
 */
export async function benchPeers(places: Places, print: (line: string) => void): Promise<void> {
  const environment = join(tmpdir(), 'throughline-peers');
  const python = join(environment, 'bin', 'python');
  if ((await ran('python3', ['-m', 'venv', environment], '')) === undefined) {
    print('peers: skipped, there is no python3 that makes virtual environments');
    return;
  }
  if ((await ran(python, ['-m', 'pip', 'install', '-q', ...PACKAGES], '')) === undefined) {
    print('peers: skipped, splink, clkhash and anonlink could not be installed');
    return;
  }
  print('linkage beside others, one run; ratios are theirs to ours');
  print('set              system        precision   recall       F1   seconds   ratio   peak MB   ratio');
  for (const set of SETS) await measured(set, { ...places, python }, print);
}

async function measured(
  set: string,
  { fixtures, folder, python }: Places & { readonly python: string },
  print: (line: string) => void,
): Promise<void> {
  const ours = await sealed(join(fixtures, `${set}.yaml`), folder);
  print(row({ set, system: 'throughline' }, ours, ours));
  const config = parseYaml(
    { file: safeName('set'), text: await readText(join(fixtures, `${set}.yaml`)) },
    evaluationConfig,
  );
  for (const system of PEERS) {
    const told = await ran(
      python,
      [SCRIPT],
      JSON.stringify({ tool: system, sources: sourcesOf(config, fixtures) }),
    );
    if (told === undefined) print(`${set.padEnd(17)}${system.padEnd(14)}failed`);
    else print(row({ set, system }, JSON.parse(told) as Measured, ours));
  }
}

async function sealed(config: string, folder: string): Promise<Measured> {
  await removeFolder(folder);
  await costOf(['evaluate', 'linkage', config, '--out', folder]);
  const { own, seconds, peak_mb } = JSON.parse(await readText(join(folder, 'result.json')));
  return { ...own, seconds: seconds.all - seconds.ungated, peak_mb };
}

/** Columns by field, for a script that knows no formats. */
const sourcesOf = ({ sources }: EvaluationConfig, fixtures: string) =>
  sources.map(({ path, truth, fields }) => ({
    path: resolve(fixtures, path),
    truth,
    fields: Object.fromEntries(
      Object.entries(fields).map(([field, column]) => [
        field,
        typeof column === 'object' && !Array.isArray(column) ? column.column : [column].flat()[0],
      ]),
    ),
  }));

function row(
  { set, system }: { readonly set: string; readonly system: string },
  { precision, recall, f1, seconds, peak_mb }: Measured,
  ours: Measured,
): string {
  return [
    set.padEnd(17),
    system.padEnd(14),
    precision.toFixed(4).padStart(9),
    recall.toFixed(4).padStart(9),
    f1.toFixed(4).padStart(9),
    seconds.toFixed(1).padStart(10),
    (seconds / ours.seconds).toFixed(2).padStart(8),
    peak_mb.toFixed(0).padStart(10),
    (peak_mb / ours.peak_mb).toFixed(2).padStart(8),
  ].join('');
}

/** Runs a program on some input. @returns what it printed; undefined where it is missing or fails. */
function ran(program: string, args: readonly string[], input: string): Promise<string | undefined> {
  return new Promise((done) => {
    const running = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    let told = '';
    running.stdout.on('data', (piece) => {
      told += String(piece);
    });
    running.on('error', () => done(undefined));
    running.on('close', (code) => done(code === 0 ? told : undefined));
    running.stdin.end(input);
  });
}
