import { type ArtifactKind, schemaVersions } from './tables.js';

/**
 * What this software does with an artifact of an older schema version. `made again`: the next run makes it anew from
 * what lies before it. `carried over`: it is read as it is, with what has been added since as empty, and written in the
 * new form. `refused`: nothing can make it again, and no older form is known; ARTIFACT_SCHEMA.
 */
export const olderVersions: Readonly<Record<ArtifactKind, 'made again' | 'carried over' | 'refused'>> = {
  identifiers: 'made again',
  payload: 'made again',
  tokens: 'made again',
  interop: 'made again',
  planted: 'refused',
  canaries: 'refused',
  duplicates: 'made again',
  plan: 'made again',
  gate: 'refused',
  slots: 'refused',
  residual: 'made again',
  ledger: 'refused',
  links: 'made again',
  people: 'carried over',
  findings: 'made again',
  households: 'refused',
  counted: 'made again',
  equations: 'made again',
  frozen: 'refused',
  row_codes: 'refused',
  microdata: 'refused',
  measures: 'made again',
  release: 'made again',
};

/** The tables that a kind has had only since a schema version: an older artifact is read with them as empty. */
const addedTables: Readonly<Partial<Record<ArtifactKind, Readonly<Record<string, number>>>>> = {
  people: {
    tombstones: 2,
    certainty: 3,
    later_people: 4,
    later_certainty: 4,
    later_history: 4,
    since: 4,
  },
};

/** The tables that an artifact of an older version lacks; undefined where that version is not carried over. */
export function tablesLacking(kind: ArtifactKind, version: number): readonly string[] | undefined {
  if (olderVersions[kind] !== 'carried over' || version < 1 || version > schemaVersions[kind])
    return undefined;
  return Object.entries(addedTables[kind] ?? {}).flatMap(([table, since]) =>
    version < since ? [table] : [],
  );
}
