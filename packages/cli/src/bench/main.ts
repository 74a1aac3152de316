import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { templates } from '../project/templates.js';
import { benchDisclosure } from './disclosure.js';
import { benchEncode } from './encode.js';
import { benchExplore } from './explore.js';
import { benchGate } from './gate.js';
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

/**
 * `pnpm bench [linkage-scale|disclosure|encode|explore|gate|intake|linkage|nightly|nights|normalise|quality|idle|sixty-nights] [--students N] [--nights N]`: prints what docs/benchmarks.md quotes.
 */
const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: { students: { type: 'string', default: '100000' }, nights: { type: 'string', default: '60' } },
  allowPositionals: true,
});
const students = Number(values.students);
const print = (line: string) => void process.stdout.write(`${line}\n`);
const asked = (name: string) => positionals.length === 0 || positionals.includes(name);

if (asked('encode')) await benchEncode(join(templates.generated, `bench-${students}`), students, print);
if (asked('nightly')) await benchNightly(join(templates.generated, `bench-${students}`), students, print);
if (asked('intake')) await benchIntake(join(templates.generated, 'bench-intake'), print);
if (asked('normalise')) await benchNormalise(print);
if (asked('explore')) await benchExplore(join(templates.generated, 'bench-explore'), print);
if (asked('quality')) await benchQuality(join(templates.generated, 'bench-quality'), print);
if (asked('disclosure')) {
  const places = { fixtures: templates.fixtures, out: join(templates.generated, 'bench-disclosure') };
  await benchDisclosure(places, print);
}
if (asked('idle')) await benchIdle(join(templates.generated, 'bench-idle'), print);
if (positionals.includes('sixty-nights')) {
  const size = process.argv.includes('--students') ? students : 150;
  const simulation = { students: size, nights: Number(values.nights) };
  await benchSixtyNights(join(templates.generated, 'bench-sixty-nights'), simulation, print);
}
if (positionals.includes('peers')) {
  const folder = join(templates.generated, 'bench-peers');
  await benchPeers({ fixtures: join(templates.fixtures, 'linkage'), folder }, print);
}
if (positionals.includes('linkage-scale')) {
  const place = join(templates.generated, 'bench-linkage-scale');
  await benchLinkageScale(
    place,
    positionals.includes('linkage-scale') && values.students !== '100000' ? [students] : [100_000, 200_000],
    print,
  );
}
if (positionals.includes('gate')) benchGate(print);
if (asked('nights')) await benchNights(templates.fixtures, print);
if (asked('linkage')) {
  const folder = join(templates.generated, 'bench-linkage');
  await benchLinkage({ fixtures: join(templates.fixtures, 'linkage'), folder }, print);
}
