import type { ArtifactKind } from './tables.js';

/**
 * Tables of which an artifact may hold the file of an earlier night, the same bytes: what takes the place of their rows is
 * in `later_<table>`, and a row counts while no record that it names is in `since`. By table, the columns that name
 * records; a table without any only grows.
 */
export const carriedTables = {
  findings: {
    records: ['record_id'],
    // All of a component are decided together.
    decided: ['record_id_a'],
    token_passes: ['component'],
    meetings: ['record_id_a', 'record_id_b'],
    pairs: ['record_id_a', 'record_id_b'],
    judged: ['record_id_a'],
  },
  links: { links: ['record_id_a'], compared: ['record_id_a', 'record_id_b'] },
  people: { people: ['record_id'], certainty: ['record_id'], history: [] },
} as const satisfies Partial<Record<ArtifactKind, Readonly<Record<string, readonly string[]>>>>;

/** The columns of a table that name records; undefined where it is written whole each time. */
export function namingRecords(kind: ArtifactKind, table: string): readonly string[] | undefined {
  const ofKinds: Readonly<Partial<Record<ArtifactKind, Readonly<Record<string, readonly string[]>>>>> =
    carriedTables;
  const tables = ofKinds[kind];
  return tables !== undefined && Object.hasOwn(tables, table) ? tables[table] : undefined;
}
