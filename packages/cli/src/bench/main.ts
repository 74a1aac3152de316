import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { templates } from '../project/templates.js';
import { benchDisclosure } from './disclosure.js';
import { benchEncode } from './encode.js';
import { benchExplore } from './explore.js';
import { benchGate } from './gate.js';
import { benchHouseholds } from './households.js';
import { benchIdle } from './idle.js';
import { benchIntake } from './intake.js';
import { benchLinkage } from './linkage.js';
import { benchLinkageScale } from './linkage-scale.js';
import { benchNightly } from './nightly.js';
import { benchNights } from './nights.js';
import { benchNormalise } from './normalise.js';
import { benchPeers } from './peers.js';
import { benchQuality } from './quality.js';
import { benchSixtyNights } from './sixty-nights.js';

/** `pnpm bench [NAME...] [--students N] [--nights N] [--changed PERCENT,...]`: prints what docs/benchmarks.md quotes; without a name, what takes minutes. */
const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: { students: { type: 'string' }, nights: { type: 'string' }, changed: { type: 'string' } },
  allowPositionals: true,
});

const print = (line: string) => void process.stdout.write(`${line}\n`);
const students = (usual: number): number => Number(values.students ?? usual);
const at = (name: string): string => join(templates.generated, `bench-${name}`);
const linkage = join(templates.fixtures, 'linkage');

type Bench = () => void | Promise<void>;

const city = () => at(String(students(100_000)));
const inMinutes: Readonly<Record<string, Bench>> = {
  encode: () => benchEncode(city(), students(100_000), print),
  nightly: () => benchNightly(city(), students(100_000), print),
  intake: () => benchIntake(at('intake'), print),
  normalise: () => benchNormalise(print),
  explore: () => benchExplore(at('explore'), print),
  quality: () => benchQuality(at('quality'), print),
  disclosure: () => benchDisclosure({ fixtures: templates.fixtures, out: at('disclosure') }, print),
  idle: () => benchIdle(at('idle'), print),
  nights: () => benchNights(templates.fixtures, print),
  linkage: () => benchLinkage({ fixtures: linkage, folder: at('linkage') }, print),
};
const whenNamed: Readonly<Record<string, Bench>> = {
  gate: () => benchGate(print),
  households: () => benchHouseholds(at('households'), students(3000), print),
  peers: () => benchPeers({ fixtures: linkage, folder: at('peers') }, print),
  'linkage-scale': () =>
    benchLinkageScale(
      at('linkage-scale'),
      {
        sizes: values.students === undefined ? [100_000, 200_000] : [students(0)],
        changes: (values.changed ?? '0.1,1,5').split(',').map((percent) => Number(percent) / 100),
      },
      print,
    ),
  'sixty-nights': () =>
    benchSixtyNights(
      at('sixty-nights'),
      { students: students(150), nights: Number(values.nights ?? 60) },
      print,
    ),
};

const benches = new Map(Object.entries({ ...inMinutes, ...whenNamed }));
const unknown = positionals.filter((name) => !benches.has(name));
if (unknown.length > 0) {
  print(`no such bench: ${unknown.join(', ')}; there are ${[...benches.keys()].join(', ')}`);
  process.exitCode = 2;
} else
  for (const name of positionals.length > 0 ? positionals : Object.keys(inMinutes))
    await benches.get(name)?.();
