import { carriedTables, namingRecords } from '@throughline/core';
import { ident, type ReadArtifact, type Sql, sql, standingRows } from '@throughline/engine';

/** What the linkage unit has kept of an earlier night, as it stands. */
export type Findings = Pick<ReadArtifact<'findings'>, 'table'>;

export type Found = keyof (typeof carriedTables)['findings'];
export const FOUND = Object.keys(carriedTables.findings) as readonly Found[];

export type FoundTables = Readonly<Record<Found, Sql>>;

/**
 * What is found of a night: `tonight`, what is about records that were decided tonight, and `all`. Of a meeting or a pair
 * that is tonight's, one of the two records may not have been asked about.
 */
export type FoundOfNight = { readonly tonight: FoundTables; readonly all: FoundTables };

/** The table of this name that a night makes. */
export const tonightsName = (name: Found): string => `tonight_${name}`;

const tables = (of: (name: Found) => Sql): FoundTables =>
  Object.fromEntries(FOUND.map((name) => [name, of(name)])) as Record<Found, Sql>;

const TONIGHT = tables((name) => ident(tonightsName(name)));

/**
 * Of tables `tonight_…`; reads `anew`, the records that tonight's rows are about, where there is a night before.
 *
 * @param before last night's, if nothing but rows has changed since.
 */
export const foundOfNight = (before: Findings | undefined): FoundOfNight => ({
  tonight: TONIGHT,
  all: before === undefined ? TONIGHT : tables((name) => withTonights(before, name)),
});

const withTonights = (before: Findings, name: Found): Sql =>
  sql`(${standingRows(before.table(name), namingRecords('findings', name) ?? [], sql`anew`)}
      UNION ALL BY NAME SELECT * FROM ${TONIGHT[name]})`;
