import { join } from 'node:path';
import { safeName, ThroughlineError } from '@throughline/core';
import { makePrivateFolder, writeDurably } from '@throughline/engine';
import { narrowestSet, narrowSets, type RecordAttack, type RecordAttacker } from '../attack/record-attack.js';
import { loadSolver } from '../linear/program.js';
import { type ProtectedRecords, protectRecords } from '../protect/records/protect-records.js';
import { entriesOf, MOST_ENTRIES, recordCandidate } from '../records/crossings.js';
import { crossingSize, withEmptyCombinations } from '../records/empty-combinations.js';
import type { Microdata, RecordCandidate } from '../records/record-sets.js';
import { largestOf, mostEntangled } from '../records/what-to-drop.js';
import type { DisclosureConfig } from './config.js';
import { readMicrodata } from './read-microdata.js';
import { tableCsv } from './table-files.js';

/** What the gate did with some microdata. Counts of cells, none of people: cells are told apart by their labels. */
export type DisclosureEvaluation = {
  readonly verdict: ProtectedRecords['verdict'];
  readonly cells: number;
  readonly withheld: number;
  readonly primary: number;
  /** The same in distinct sets of records; `exact_by_attacker` counts these. */
  readonly sets: number;
  readonly withheld_sets: number;
  readonly primary_sets: number;
  /** Of the sensitive sets, how many an attacker of each model knows exactly. */
  readonly exact_by_attacker: Readonly<Record<string, number>>;
  /** The model that the interval is of, which is at least as strong as the others here. */
  readonly strongest_attacker: string;
  /** People between the least and the most that the narrowest sensitive count may be; null if nothing bounds any. */
  readonly narrowest_interval: number | null;
  readonly tables: readonly { readonly name: string; readonly cells: number; readonly withheld: number }[];
};

const requireRoom = (microdata: Microdata, { tables, primary }: DisclosureConfig): void => {
  const empty = primary.zero === 'suppress' ? crossingSize(microdata, tables) : 0;
  const most = MOST_ENTRIES / 20;
  if (empty > most)
    throw new ThroughlineError('TABLES_TOO_LARGE', { most_combinations: most, ...largestOf(tables) });
};

const candidateFor = (microdata: Microdata, config: DisclosureConfig): RecordCandidate => {
  const { tables, primary } = config;
  requireRoom(microdata, config);
  const everybody = primary.zero === 'suppress' ? withEmptyCombinations(microdata, tables) : microdata;
  if (entriesOf(everybody, tables) > MOST_ENTRIES) {
    throw new ThroughlineError('TABLES_TOO_LARGE', { most_entries: MOST_ENTRIES, ...largestOf(tables) });
  }
  return recordCandidate(everybody, tables);
};

const STRENGTH: readonly RecordAttacker[] = ['A0', 'A1', 'A3'];

/** Where zeros are not printed, A1 knows no more than A0: a withheld cell may be a zero. */
const effective = (asked: RecordAttacker, { zero }: DisclosureConfig['primary']): RecordAttacker =>
  asked === 'A1' && zero === 'suppress' ? 'A0' : asked;

/** The strongest of the attackers that are asked for. */
function strongestOf({ attackers, primary }: DisclosureConfig): RecordAttacker {
  const places = attackers.map((each) => STRENGTH.indexOf(effective(each, primary)));
  return STRENGTH[Math.max(...places)] ?? 'A3';
}

/** What is wide to the strongest reader is wide to all, so only what that one knows is asked of the others. */
const exactBy = (attack: Omit<RecordAttack, 'attacker'>, config: DisclosureConfig, of: Attacked) =>
  Object.fromEntries(
    config.attackers.map((model) => {
      const attacker = effective(model, config.primary);
      if (of.exact === 0 || attacker === of.strongest) return [model, of.exact] as const;
      return [model, narrowestSet({ ...attack, attacker }, of.primary).exact] as const;
    }),
  );

type Attacked = {
  readonly strongest: RecordAttacker;
  readonly exact: number;
  readonly primary: readonly number[];
};

const cellsOf = ({ sets }: RecordCandidate, positions: Iterable<number>): number =>
  [...positions].reduce((sum, at) => sum + (sets[at]?.cells ?? 0), 0);

/**
 * Runs the gate on microdata: protects the tables, attacks the outcome with nothing but what would be printed, and
 * writes each table as `<name>.csv` into a folder.
 *
 * @throws ThroughlineError as `readMicrodata`, and RELEASE_UNSAFE if the attack succeeds; nothing is written then.
 */
export async function evaluateDisclosure(
  config: DisclosureConfig,
  { microdata, folder }: { readonly microdata: string; readonly folder: string },
): Promise<DisclosureEvaluation> {
  const people = await readMicrodata(microdata, config);
  const candidate = candidateFor(people, config);
  const solver = await loadSolver();
  const sensitive = config.primary;
  const strongest = strongestOf(config);
  const protection = { candidate, sensitive, minWidth: config.min_width, solver, attacker: strongest };
  const outcome = protectRecords(protection);
  const { withheld, witnesses, primary } = outcome;
  const attack = { candidate, withheld, witnesses, solver };
  const { exact, width } = narrowestSet({ ...attack, attacker: strongest }, primary, config.min_width);
  if (exact > 0 || width < config.min_width) {
    const open = narrowSets({ ...attack, attacker: strongest }, primary, config.min_width);
    throw new ThroughlineError('RELEASE_UNSAFE', {
      cells_exact: exact,
      narrowest: width,
      ...mostEntangled(candidate, config.tables, new Set(open)),
    });
  }
  await makePrivateFolder(folder);
  for (const table of candidate.tables) {
    await writeDurably(join(folder, `${table.name}.csv`), await tableCsv(table, candidate, withheld), 0o644);
  }
  return {
    verdict: outcome.verdict,
    cells: cellsOf(candidate, candidate.sets.keys()),
    withheld: cellsOf(candidate, withheld),
    primary: cellsOf(candidate, primary),
    sets: candidate.sets.length,
    withheld_sets: withheld.size,
    primary_sets: primary.length,
    exact_by_attacker: exactBy(attack, config, { strongest, exact, primary }),
    strongest_attacker: strongest,
    narrowest_interval: Number.isFinite(width) ? width : null,
    tables: candidate.tables.map(({ name, rows }) => ({
      name: safeName(name),
      cells: rows.length,
      withheld: rows.filter(({ set }) => withheld.has(set)).length,
    })),
  };
}
