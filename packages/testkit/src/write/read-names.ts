import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NameTables, nameTables } from '../people/name-tables.js';

/** Reads the five tables of a names folder, such as fixtures/names. */
export function readNames(namesDir: string): NameTables {
  const read = (file: string) => readFileSync(join(namesDir, file), 'utf8');
  return nameTables({
    surnames: read('surnames.csv'),
    givenByCohort: read('given_by_cohort.csv'),
    givenByEthnicity: read('given_by_ethnicity.csv'),
    nicknames: read('nicknames.csv'),
    accents: read('accents.csv'),
  });
}
