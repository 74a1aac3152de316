import { join } from 'node:path';
import { parseYaml } from '@throughline/agreement';
import { safeName } from '@throughline/core';
import { readText, removeFolder } from '@throughline/engine';
import {
  type DisclosureConfig,
  disclosureSchema,
  evaluateDisclosure,
  loadSolver,
  narrowSets,
  recordCandidate,
  type Solver,
  sensitiveSets,
} from '@throughline/release';
import { smallWorld, widthsByTrying } from '@throughline/testkit';
import { processEffects } from '../effects.js';

type Print = (line: string) => void;

/** Where the instances are, and where tables may be written. */
export type DisclosurePlaces = { readonly fixtures: string; readonly out: string };

/** Withheld by GaussSuppression 1.2.3, method `global`, which asks for no width: fixtures/disclosure/README.md. */
const REFERENCE: Readonly<Record<number, number>> = { 3: 5131, 9: 5935 };

const CASES = [
  { to: 3, width: 3 },
  { to: 9, width: 3 },
  { to: 9, width: 9 },
] as const;

const WORLDS = 10_000;

/** Protects four linked tables, and compares verdicts with brute force. */
export async function benchDisclosure(places: DisclosurePlaces, print: Print): Promise<void> {
  await linkedTables(places, print);
  smallWorlds(await loadSolver(), print);
}

async function linkedTables({ fixtures, out }: DisclosurePlaces, print: Print): Promise<void> {
  const file = join(fixtures, 'disclosure/d53.yaml');
  const config: DisclosureConfig = parseYaml(
    { file: safeName('d53'), text: await readText(file) },
    disclosureSchema,
  );
  const effects = await processEffects('none');
  print('d53: four linked tables, 9,408 cells, 10,000 made-up people');
  print('sensitive  width   withheld   of reference   exact (A3)   narrowest   seconds   peak MB');
  for (const { to, width } of CASES) {
    const started = effects.elapsed();
    const asked = { ...config, primary: { ...config.primary, to }, min_width: width };
    const microdata = join(fixtures, 'disclosure/d53.csv');
    const found = await evaluateDisclosure(asked, { microdata, folder: out });
    const share = (found.withheld / (REFERENCE[to] ?? Number.NaN)).toFixed(3);
    const seconds = ((effects.elapsed() - started) / 1000).toFixed(1);
    const line = [
      `1-${to}`,
      width,
      found.withheld,
      share,
      found.exact_by_attacker['A3'],
      found.narrowest_interval,
    ];
    print([...line, seconds, Math.round(effects.peakBytes() / 1e6)].join('\t'));
  }
  await removeFolder(out);
}

/** The verdict of the attack, and that of trying every table, on a random pattern that prints the total. */
function verdicts(seed: number, solver: Solver): readonly [found: string, truth: string] {
  const world = smallWorld(seed);
  const candidate = recordCandidate(world, world.tables);
  const { sets, atoms } = candidate;
  const total = sets.findIndex((set) => set.atoms.length === atoms.length);
  const sensitive = { from: 1, to: world.sensitiveTo, zero: 'publish' } as const;
  const asked = sensitiveSets(candidate, sensitive).filter((at) => at !== total);
  const withheld = new Set([
    ...asked,
    ...[...sets.keys()].filter((at) => at !== total && world.next() < 0.4),
  ]);
  const attack = { candidate, withheld, attacker: 'A3', solver, witnesses: [] } as const;
  const found = narrowSets(attack, asked, world.minWidth).toSorted((a, b) => a - b);
  const widths = widthsByTrying(
    asked.map((at) => sets[at]?.atoms ?? []),
    sets.filter((_, at) => !withheld.has(at)),
    { atoms: atoms.length, least: 1, most: atoms.reduce((sum, count) => sum + count, 0) },
  );
  const truth = asked.filter((_, at) => (widths[at] ?? 0) < world.minWidth);
  return [found.join(), truth.join()];
}

function smallWorlds(solver: Solver, print: Print): void {
  const all = Array.from({ length: WORLDS }, (_, at) => verdicts(at + 1, solver));
  const equal = all.filter(([found, truth]) => found === truth).length;
  const safe = all.filter(([, truth]) => truth === '').length;
  print(`random small worlds: ${equal} of ${WORLDS} verdicts equal brute force (${safe} of them safe)`);
}
