import { type Session, type Sql, sql } from '@throughline/engine';
import { type Clusters, clustersOf, personsOf } from '../cluster/clusters.js';
import { integerBatches, NO_INTEGERS, readIntegers } from '../columns/integers.js';
import { strongest } from '../evidence/agreement.js';
import { bitsOf, type Pass } from '../passes/passes.js';

/**
 * Pairs on which an exact pass agrees, the strongest first: by pass, then by how many passes agree, then by record.
 * The order decides where links contradict one another, so it is total.
 */
const exactPairs = (passes: readonly Pass[]): Sql => {
  const deciding = sql`agreeing & ${bitsOf(passes.filter(({ basis }) => basis === 'exact'))}::INTEGER`;
  return sql`SELECT a, b FROM evidence WHERE (${deciding}) <> 0
      ORDER BY ${strongest(deciding)}, bit_count(agreeing) DESC, a, b`;
};

const sourcesOfRecords = (): Sql => sql`SELECT source FROM records ORDER BY record`;
const capacities = (): Sql => sql`SELECT capacity FROM sources ORDER BY source`;

/**
 * Joins records on exact passes, which link on their own. A pair that would give a person two records of a
 * duplicate-free source stays apart.
 */
export async function linkExactly(session: Session, passes: readonly Pass[]): Promise<Clusters> {
  const [sourceOf = NO_INTEGERS] = await readIntegers(session, {
    step: 'sources of records',
    select: sourcesOfRecords(),
  });
  const [capacityOf = NO_INTEGERS] = await readIntegers(session, {
    step: 'capacities',
    select: capacities(),
  });
  const clusters = clustersOf({ sourceOf, capacityOf });
  const [a = NO_INTEGERS, b = NO_INTEGERS] = await readIntegers(session, {
    step: 'exact pairs',
    select: exactPairs(passes),
  });
  for (let pair = 0; pair < a.length; pair += 1) clusters.join(a[pair] ?? 0, b[pair] ?? 0);
  await keepPersons(session, 'exact_persons', personsOf(clusters));
  return clusters;
}

/** Makes a table of each `record` and its `person`. */
export async function keepPersons(session: Session, name: string, persons: Int32Array): Promise<void> {
  const schema = { record: 'INTEGER', person: 'INTEGER' } as const;
  const batches = integerBatches([Int32Array.from(persons.keys()), persons]);
  await session.append(name, { name, schema }, batches);
}
