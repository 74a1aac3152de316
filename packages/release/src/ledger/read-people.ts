import type { ReadArtifact, Row, Session } from '@throughline/engine';
import { sql, sqlJoin } from '@throughline/engine';
import type { CountedPerson } from './cells-night.js';

type Drafted = { readonly levels: Map<string, string>; readonly verdicts: Map<string, Verdict> };
type Verdict = 'yes' | 'no' | 'unknown';

const verdictIn = (text: Row[string] | undefined): Verdict =>
  text === 'yes' || text === 'no' ? text : 'unknown';

/** Whom some measures count, and as what, from what the desk keeps of the night. */
export async function readPeople(
  counted: ReadArtifact<'counted'>,
  measures: readonly string[],
  session: Session,
): Promise<CountedPerson[]> {
  const people = new Map<string, Drafted>();
  const person = (id: Row[string] | undefined): Drafted => {
    const key = String(id);
    const known = people.get(key) ?? {
      levels: new Map<string, string>(),
      verdicts: new Map<string, Verdict>(),
    };
    people.set(key, known);
    return known;
  };
  const asked = sqlJoin(measures.map((measure) => sql`${measure}`));
  const verdicts = sql`SELECT person_id, measure, verdict FROM ${counted.table('verdicts')} WHERE measure IN (${asked})`;
  for (const row of await session.rows('verdicts', verdicts))
    person(row['person_id']).verdicts.set(String(row['measure']), verdictIn(row['verdict']));
  for (const row of await session.rows('levels', sql`SELECT * FROM ${counted.table('levels')}`)) {
    const { levels } = person(row['person_id']);
    for (const [dimension, level] of Object.entries(row))
      if (dimension !== 'person_id' && typeof level === 'string') levels.set(dimension, level);
  }
  for (const row of await session.rows('access', sql`SELECT * FROM ${counted.table('access')}`))
    person(row['person_id']).levels.set(String(row['dimension']), String(row['level']));
  return [...people].map(([id, drafted]) => ({ id, ...drafted }));
}
