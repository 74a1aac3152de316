import { join } from 'node:path';
import { readText } from '@throughline/engine';
import {
  againstLedger,
  histories,
  type LedgerRules,
  type LedgerVerdict,
  loadSolver,
  narrowestSet,
  neverPrinted,
  protectRecords,
  type RecordRelease,
  recordNight,
  sensitiveHistory,
} from '@throughline/release';
import { driftingPeople, type NightPerson } from '@throughline/testkit';
import { processEffects } from '../effects.js';

type Print = (line: string) => void;

const NIGHTS = 30;
const DIMS = ['school', 'grade', 'race', 'sex', 'income', 'el'] as const;
const MEASURES = ['chronic', 'afterschool'] as const;
const THRESHOLD = 11;
const WIDTH = 10;

const TABLES = MEASURES.flatMap((measure) =>
  DIMS.map((dim) => ({ name: `${measure}-${dim}`, cross: [[measure], [dim]] })),
);

/** Publishes thirty nights of Millbrook against the ledger, and attacks all of them together. */
export async function benchNights(fixtures: string, print: Print): Promise<void> {
  const people = await millbrook(join(fixtures, 'millbrook/truth'));
  const effects = await processEffects('none');
  const started = effects.elapsed();
  const rules = { threshold: THRESHOLD, minWidth: WIDTH, solver: await loadSolver() };
  const ledger: RecordRelease[] = [];
  const found: LedgerVerdict[] = [];
  for (const night of driftingPeople(people, NIGHTS, 5)) {
    const verdict = publishedNight(ledger, night, rules);
    found.push(verdict);
    if (verdict.verdict === 'publish') ledger.push(verdict.release);
  }
  const ideal = found.reduce((total, { idealCells }) => total + idealCells, 0);
  const printed = found.reduce(
    (total, { verdict, printedCells }) => total + (verdict === 'publish' ? printedCells : 0),
    0,
  );
  const seconds = ((effects.elapsed() - started) / 1000).toFixed(0);
  print(`${NIGHTS} nights of Millbrook, ${people.length} children, one moving a night: ${seconds} s`);
  print(`  published ${ledger.length}, held ${NIGHTS - ledger.length}`);
  print(
    `  cells that each night could print alone: ${ideal}; with a number: ${printed} (${(printed / ideal).toFixed(3)})`,
  );
  for (const line of [...standingLines(ledger), ...attackLines(ledger, rules)]) print(`  ${line}`);
}

function publishedNight(
  ledger: readonly RecordRelease[],
  people: readonly NightPerson[],
  rules: LedgerRules,
): LedgerVerdict {
  const night = recordNight({ columns: [...DIMS, ...MEASURES], people }, TABLES);
  const sensitive = { from: 1, to: THRESHOLD - 1, zero: 'publish' } as const;
  const alone = protectRecords({ ...rules, candidate: night.candidate, sensitive, attacker: 'A0' });
  return againstLedger(ledger, { ...night, withheldAlone: alone.withheld }, rules);
}

/** How far what stands is from the truth of the night on which it stands. */
function standingLines(ledger: readonly RecordRelease[]): readonly string[] {
  const counts = ledger.map(
    ({ candidate, labels }) =>
      new Map([...labels].map(([label, set]) => [label, candidate.sets[set]?.count ?? 0])),
  );
  const off = ledger.flatMap(({ standing }, night) =>
    [...standing].map(([label, of]) =>
      Math.abs((counts[night]?.get(label) ?? 0) - (counts[of]?.get(label) ?? 0)),
    ),
  );
  const anew = ledger
    .slice(1)
    .flatMap(({ standing }, at) => [...standing.values()].filter((of) => of === at + 1));
  const share = (most: number): string => (off.filter((each) => each <= most).length / off.length).toFixed(3);
  return [
    `numbers equal to that night's: ${share(0)}; within 1: ${share(1)}; the furthest is off by ${Math.max(...off)}`,
    `numbers printed anew after the first night: ${anew.length}`,
  ];
}

/** A linear program for every small count and change, over all that was ever printed. */
function attackLines(
  ledger: readonly RecordRelease[],
  { threshold, solver }: LedgerRules,
): readonly string[] {
  const history = histories(ledger);
  const withheld = neverPrinted(history, ledger);
  const printed = new Set([...history.candidate.sets.keys()].filter((at) => !withheld.has(at)));
  const asked = sensitiveHistory(history, threshold, printed);
  const attack = {
    candidate: history.candidate,
    withheld,
    attacker: 'A4',
    solver,
    witnesses: [],
  } as const;
  const { exact, width } = narrowestSet(attack, asked);
  return [`small counts and changes over all releases: ${asked.length}, exact ${exact}, narrowest ${width}`];
}

const rowsOf = (text: string): string[][] =>
  text
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','));

/** Every child with a school, with attributes and outcomes as only the maker of the city knows them. */
async function millbrook(truth: string): Promise<NightPerson[]> {
  const attendance = new Map(
    rowsOf(await readText(join(truth, 'attendance.csv'))).map((row) => [row[0], row]),
  );
  const afterschool = new Map(
    rowsOf(await readText(join(truth, 'afterschool.csv'))).map((row) => [row[0], row]),
  );
  return rowsOf(await readText(join(truth, 'children.csv')))
    .filter((row) => row[3] !== '')
    .map(([id = '', , , school = '', , grade = '', race = '', sex = '', income = '', , el = '']) => ({
      id,
      values: [
        school,
        grade,
        race,
        sex,
        income,
        el,
        chronic(attendance.get(id)),
        afterschool.get(id)?.[2] ?? '',
      ],
    }));
}

const chronic = ([, days = '0', absent = '0', status = 'unknown']: readonly string[] = []): string => {
  if (status !== 'known') return 'unknown';
  return Number(absent) / Number(days) >= 0.1 ? 'yes' : 'no';
};
