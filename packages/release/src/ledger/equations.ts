import { artifactTables, safeName, ThroughlineError } from '@throughline/core';
import { type OutputArtifact, type ReadArtifact, type Row, type Session, sql } from '@throughline/engine';
import { byName } from '../candidate/cell.js';
import type { RecordRelease } from './histories.js';

/** A release of the ledger: its equations, and of which day the numbers under its labels are. */
export type LedgerRelease = RecordRelease & { readonly asOf: ReadonlyMap<string, string> };

const { persons, members, cells } = artifactTables.equations;

/** Writes what the ledger has to keep of a release. Returns the number of cells. */
export async function writeEquations(
  output: OutputArtifact<'equations'>,
  { candidate, labels, atomOf, withheld, standing, asOf }: LedgerRelease,
  session: Session,
): Promise<number> {
  const people = [...atomOf].sort(([a], [b]) => byName(a, b));
  await session.append('persons', { name: 'equation_persons', schema: persons }, [
    [people.map(([id]) => id), people.map(([, atom]) => atom)],
  ]);
  const [inCell, ofAtom]: [number[], number[]] = [[], []];
  for (const set of labels.values()) {
    for (const atom of candidate.sets[set]?.atoms ?? []) {
      inCell.push(set);
      ofAtom.push(atom);
    }
  }
  await session.append('members', { name: 'equation_members', schema: members }, [[inCell, ofAtom]]);
  const named = [...labels];
  await session.append('cells', { name: 'equation_cells', schema: cells }, [
    [
      named.map(([, set]) => set),
      named.map(([label]) => label),
      named.map(([, set]) => candidate.sets[set]?.count ?? 0),
      named.map(([, set]) => !withheld.has(set)),
      named.map(([label]) => standing.get(label) ?? null),
      named.map(([label]) => asOf.get(label) ?? null),
    ],
  ]);
  await output.table('persons', sql`SELECT * REPLACE (person_id::UUID AS person_id) FROM equation_persons`);
  await output.table('members', sql`SELECT * FROM equation_members`);
  return output.table('cells', sql`SELECT * REPLACE (as_of::DATE AS as_of) FROM equation_cells`);
}

const whole = (value: Row[string] | undefined): number => Number(value);

/** Reads a release of the ledger back. @throws ThroughlineError RELEASE_LEDGER_BROKEN if it does not add up. */
export async function readEquations(
  equations: ReadArtifact<'equations'>,
  session: Session,
): Promise<LedgerRelease> {
  const people = await session.rows('persons', sql`SELECT * FROM ${equations.table('persons')}`);
  const rows = await session.rows('cells', sql`SELECT * FROM ${equations.table('cells')} ORDER BY cell`);
  const entries = await session.rows(
    'members',
    sql`SELECT * FROM ${equations.table('members')} ORDER BY cell, atom`,
  );
  const atomOf = new Map(people.map((row) => [String(row['person_id']), whole(row['atom'])]));
  const counts: number[] = [];
  for (const atom of atomOf.values()) counts[atom] = (counts[atom] ?? 0) + 1;
  const atoms = Array.from(counts, (count) => count ?? 0);
  const inCell: number[][] = rows.map(() => []);
  for (const row of entries) inCell[whole(row['cell'])]?.push(whole(row['atom']));
  const sets = inCell.map((list) => ({
    atoms: Int32Array.from(list),
    count: list.reduce((sum, atom) => sum + (atoms[atom] ?? 0), 0),
    cells: 1,
  }));
  const agrees = rows.every((row, at) => row['cell'] === at && whole(row['count']) === sets[at]?.count);
  if (!agrees)
    throw new ThroughlineError('RELEASE_LEDGER_BROKEN', { rule: safeName('counts that its people make') });
  const filled = (column: string) => rows.filter((row) => row[column] !== null);
  return {
    candidate: { atoms, sets },
    labels: new Map(rows.map((row) => [String(row['name']), whole(row['cell'])])),
    atomOf,
    withheld: new Set(rows.flatMap((row) => (row['printed'] === true ? [] : [whole(row['cell'])]))),
    standing: new Map(filled('stands_of').map((row) => [String(row['name']), whole(row['stands_of'])])),
    asOf: new Map(filled('as_of').map((row) => [String(row['name']), String(row['as_of'])])),
  };
}
