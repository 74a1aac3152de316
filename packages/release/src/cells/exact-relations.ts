import type { MeasureDefinition } from '@throughline/core';
import type { ReadArtifact, Row, Session } from '@throughline/engine';
import { sql } from '@throughline/engine';
import type { OverlapTable, Relations } from '../candidate/relations.js';
import type { Level } from '../candidate/tables.js';
import { type NamedTable, TOTAL } from './exact-cells.js';
import type { LinkTable } from './printed-links.js';

/** Of what an exact artifact holds, what ties the tables that are to be released. */
export type ExactRelations = Relations & {
  /** Tables of one dimension and totals: in a two-way table nearly all of them would be few. */
  readonly links: readonly LinkTable[];
  /** Persons of a measure's source who are linked to no school record, by measure. */
  readonly unlinked: ReadonlyMap<string, number>;
};

type Read = { readonly measures: ReadArtifact<'measures'>; readonly session: Session };

/** @throws ThroughlineError ARTIFACT_* */
export async function readRelations(
  read: Read,
  tables: readonly NamedTable[],
  definitions: readonly MeasureDefinition[],
): Promise<ExactRelations> {
  return {
    links: await linkTables(read, tables),
    partitions: partitionsOf(tables, definitions),
    overlaps: await overlapTables(read, tables),
    unlinked: await unlinkedOf(read),
  };
}

const levelKey = (levels: readonly unknown[]): string => JSON.stringify(levels);

const writtenLevels = ({ dims }: NamedTable, levels: readonly Level[]): readonly (string | null)[] =>
  [0, 1].map((at) => (dims[at] === undefined ? null : (levels[at] ?? TOTAL)));

const hasLinks = ({ dims }: NamedTable): boolean => dims.length < 2;

async function linkTables({ measures, session }: Read, tables: readonly NamedTable[]): Promise<LinkTable[]> {
  const rows = await session.rows(
    'links',
    sql`SELECT table_name, level_1, level_2, by_exact_links, by_probable_links, by_weak_links FROM ${measures.table('rates')}`,
  );
  const byPlace = new Map(
    rows.map((row) => [levelKey([row['table_name'], row['level_1'], row['level_2']]), row]),
  );
  const counts = (row: Row | undefined) =>
    new Map(
      (['exact', 'probable', 'weak'] as const).map((basis) => [
        basis,
        Number(row?.[`by_${basis}_links`] ?? 0),
      ]),
    );
  return tables.filter(hasLinks).map((table) => ({
    measure: table.measure,
    dims: table.dims,
    rows: table.rows.map(({ levels }) => ({
      levels,
      counts: counts(byPlace.get(levelKey([table.name, ...writtenLevels(table, levels)]))),
    })),
  }));
}

/** Bands of a rule of which more than one has tables. */
function partitionsOf(
  tables: readonly NamedTable[],
  definitions: readonly MeasureDefinition[],
): readonly (readonly string[])[] {
  const printed = new Set(tables.map(({ measure }) => measure));
  const members = new Map<string, readonly string[]>();
  for (const { name, partition } of definitions) {
    if (partition === undefined || !printed.has(name)) continue;
    members.set(partition, [...(members.get(partition) ?? []), name]);
  }
  return [...members.values()].filter(({ length }) => length > 1);
}

async function overlapTables({ measures, session }: Read, tables: readonly NamedTable[]) {
  const rows = await session.rows('overlaps', sql`SELECT * FROM ${measures.table('overlaps')} ORDER BY ALL`);
  const byPlace = new Map<string, Map<string, number>>();
  const pairs = new Map<string, readonly [string, string]>();
  for (const row of rows) {
    const [measure, other] = [String(row['measure']), String(row['other'])];
    pairs.set(levelKey([measure, other]), [measure, other]);
    const at = levelKey([measure, other, row['dim_1'], row['level_1'], row['dim_2'], row['level_2']]);
    const counts = byPlace.get(at) ?? new Map<string, number>();
    counts.set(`${row['verdict']},${row['other_verdict']}`, Number(row['count']));
    byPlace.set(at, counts);
  }
  const dimsOf = ({ dims }: NamedTable): string => levelKey(dims);
  return [...pairs.values()].flatMap(([measure, other]): OverlapTable[] => {
    const own = tables.filter((table) => table.measure === measure);
    const shared = new Set(tables.filter((table) => table.measure === other).map(dimsOf));
    return own
      .filter((table) => shared.has(dimsOf(table)))
      .map((table) => ({
        measure,
        other,
        dims: table.dims,
        rows: table.rows.map(({ levels }) => {
          const [one = null, two = null] = writtenLevels(table, levels);
          const [first = null, second = null] = table.dims;
          const at = levelKey([measure, other, first, one, second, two]);
          return { levels, counts: byPlace.get(at) ?? new Map<string, number>() };
        }),
      }));
  });
}

async function unlinkedOf({ measures, session }: Read): Promise<ReadonlyMap<string, number>> {
  const rows = await session.rows('unlinked', sql`SELECT * FROM ${measures.table('unlinked')}`);
  return new Map(rows.map((row) => [String(row['measure']), Number(row['unlinked'])]));
}
