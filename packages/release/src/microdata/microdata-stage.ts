import { rowTerms } from '@throughline/agreement';
import { artifactTables, columnsOf, safeName, ThroughlineError } from '@throughline/core';
import {
  keyedIds,
  type ReadArtifact,
  type Row,
  type Stage,
  type StageContext,
  sql,
} from '@throughline/engine';
import { z } from 'zod';
import { forbiddenColumns } from './lint.js';
import { type ProtectedRows, protectRows } from './protect-rows.js';

const name = z.string().min(1);
const config = z.strictObject({
  dul: name.describe('id of the licence under which rows are released'),
  policy: name,
  partners: z.array(name).min(1),
  measures: z.array(name).min(1),
});
export type MicrodataConfig = z.infer<typeof config>;
type Context = StageContext<MicrodataConfig>;

/** Whom the measures count -> rows about single children for one licensee, and whose row is which, for the desk. */
export const microdataStage: Stage<MicrodataConfig> = {
  name: 'release',
  version: 'rows-1',
  config,
  writes: ['microdata', 'row_codes'],
  secrets: ['licence-key'],
  governs: (documents, { day, config: asked }) => rowTerms(documents, { ...asked, day }).documents,
  run: async (context) => {
    const { config: asked, documents, day, output, step } = context;
    const { rows: terms } = rowTerms(documents, { ...asked, day });
    requireStandard(terms.columns, terms.standard);
    const people = await step('people', () => readPeople(context, terms));
    const found = await step('protect', async () =>
      protectRows(
        { columns: terms.columns, rows: people, population: people.map(({ keys }) => keys) },
        { k: terms.k, l: terms.l, mostSuppressed: terms.most_suppressed, populationK: terms.population_k },
      ),
    );
    if (found === null) throw new ThroughlineError('RELEASE_UNSAFE', { k: terms.k, l: terms.l });
    const codes = await step('codes', async () =>
      codesFor(
        context,
        people.map(({ id }) => id),
      ),
    );
    await append(context, 'codes', [...codes]);
    await output('row_codes').table(
      'codes',
      sql`SELECT person_id::UUID AS person_id, row_code::UUID AS row_code FROM codes`,
    );
    await step('rows', () => writeRows(context, { people, found, codes, ...terms }));
    await output('microdata').file('README.md', readme(asked.dul, terms, found));
  },
};

/** @throws ThroughlineError RELEASE_IDENTIFIER naming the columns that the standard of the licence does not let out. */
function requireStandard(columns: readonly string[], standard: Parameters<typeof forbiddenColumns>[1]): void {
  const known = columnsOf(artifactTables.microdata.rows).map((column) => column.name);
  const wrong = [...forbiddenColumns(columns, standard), ...columns.filter((each) => !known.includes(each))];
  if (wrong.length > 0) throw new ThroughlineError('RELEASE_IDENTIFIER', { columns: wrong.map(safeName) });
}

type Person = {
  readonly id: string;
  readonly keys: readonly string[];
  readonly sensitive: readonly string[];
};
type Shown = { readonly columns: readonly string[]; readonly outcomes: readonly string[] };

/** Children enrolled on the snapshot, with a value in every column; `none` where a measure does not count them. */
async function readPeople({ inputs, session }: Context, { columns, outcomes }: Shown): Promise<Person[]> {
  const counted: ReadArtifact<'counted'> | undefined = inputs('counted')[0];
  if (counted === undefined) throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName('counted') });
  const verdicts = new Map(
    (await session.rows('verdicts', sql`SELECT * FROM ${counted.table('verdicts')}`)).map((row) => [
      `${row['person_id']} ${row['measure']}`,
      String(row['verdict']),
    ]),
  );
  const levels = await session.rows(
    'levels',
    sql`SELECT * FROM ${counted.table('levels')} WHERE enrolled_on_snapshot ORDER BY person_id`,
  );
  return levels.map((row: Row) => ({
    id: String(row['person_id']),
    keys: columns.map((column) => String(row[column] ?? 'unknown')),
    sensitive: outcomes.map((measure) => verdicts.get(`${row['person_id']} ${measure}`) ?? 'none'),
  }));
}

/**
 * A code for each person, kept from the last time, drawn anew for those who are new: a keyed counter under a key of
 * this licence alone. Nothing of a person goes into it (34 CFR 99.31(b)(2), 45 CFR 164.514(c)).
 */
async function codesFor(context: Context, people: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { config: asked, previous, secret, session } = context;
  const before = previous('row_codes');
  const kept =
    before === undefined ? [] : await session.rows('codes', sql`SELECT * FROM ${before.table('codes')}`);
  const codes = new Map(kept.map((row) => [String(row['person_id']), String(row['row_code'])]));
  const draw = keyedIds(secret('licence-key'), `row of ${asked.dul}`);
  let issued = codes.size;
  for (const id of people) {
    if (codes.has(id)) continue;
    issued += 1;
    codes.set(id, draw(String(issued)));
  }
  return codes;
}

async function append({ session }: Context, table: string, rows: readonly (readonly [string, string])[]) {
  await session.append(table, { name: table, schema: { person_id: 'VARCHAR', row_code: 'VARCHAR' } }, [
    [rows.map(([person]) => person), rows.map(([, code]) => code)],
  ]);
}

type Writing = Shown & {
  readonly people: readonly Person[];
  readonly found: ProtectedRows;
  readonly codes: ReadonlyMap<string, string>;
};

/** In the order of their codes, which tells nothing. Returns how many rows there are. */
async function writeRows({ output, session }: Context, writing: Writing): Promise<number> {
  const { people, found, codes, columns, outcomes } = writing;
  const told = people.flatMap(({ id }, at) => {
    const row = found.told[at];
    return row === null || row === undefined ? [] : [{ code: codes.get(id) ?? '', ...row }];
  });
  const schema = artifactTables.microdata.rows;
  const names = columnsOf(schema).map((column) => column.name);
  await session.append('rows', { name: 'told_rows', schema }, [
    names.map((each) =>
      told.map(({ code, keys }) => (each === 'row_code' ? code : (keys[columns.indexOf(each)] ?? null))),
    ),
  ]);
  await session.append('outcomes', { name: 'told_outcomes', schema: artifactTables.microdata.outcomes }, [
    [
      told.flatMap(({ code }) => outcomes.map(() => code)),
      told.flatMap(() => outcomes),
      told.flatMap(({ sensitive }) => sensitive),
    ],
  ]);
  await output('microdata').table('outcomes', sql`SELECT * FROM told_outcomes`);
  return output('microdata').table('rows', sql`SELECT * FROM told_rows`);
}

const readme = (
  licence: string,
  { k, l, population_k, standard }: { k: number; l: number; population_k: number; standard: string },
  found: ProtectedRows,
): string => `# Rows about children, for one licensee

Licence \`${licence}\`. Who receives these rows may not try to find out whom they are about, and may not pass them on.

- rows.parquet: one row a child; \`*\` tells nothing. outcomes.parquet: what each child counts as, by \`row_code\`.
- The code of a row is drawn at random for this licence; another licence has other codes for the same children.
- At least ${k} rows look alike, with ${l} or more different verdicts of each measure among them, and each could be of at least
  ${population_k} enrolled children. The standard is ${standard}.
- Told whole or not at all: ${[...found.levels].map(([column, level]) => `${column} ${level === 0 ? 'told' : 'not told'}`).join(', ')}.
`;
