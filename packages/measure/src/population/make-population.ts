import { safeName, ThroughlineError } from '@throughline/core';
import { type Sql, type StageContext, sql } from '@throughline/engine';
import type { MeasureConfig } from '../config/config.js';
import { countsBy } from '../definition/counts.js';
import type { Scope } from '../definition/measure.js';
import { peopleWithoutCanaries } from './canaries.js';
import { conflicts, homes, levels, population, schoolNames, statements } from './people.js';
import { enrolmentsLeftOut, recordPeople, recordsWithoutPerson, schoolRecords, spans } from './spans.js';

type Context = Pick<StageContext<MeasureConfig>, 'config' | 'inputs' | 'session'>;

/**
 * Makes the tables that every measure reads: `record_people`, `school_records`, `spans`, `population`, `levels`.
 *
 * @returns the number of persons.
 * @throws ThroughlineError ARTIFACT_MISSING if there are no people, CANARIES_UNACCOUNTED.
 */
export async function makePopulation({ config, inputs, session }: Context, scope: Scope): Promise<number> {
  const { bands, dimensions, snapshot } = config;
  const [people] = inputs('people');
  if (people === undefined) throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName('people') });
  const real = await peopleWithoutCanaries(session, { people, canaries: inputs('canaries') });
  await session.make('record people', 'record_people', recordPeople(real));
  await session.make('school records', 'school_records', schoolRecords(scope));
  await session.make('spans', 'spans', spans(scope, snapshot));
  await session.make('homes', 'homes', homes(scope));
  await session.make('school names', 'school_names', schoolNames());
  await session.make('statements', 'statements', statements(dimensions, scope.rows('enrolment', 'students')));
  const persons = await session.make('population', 'population', population(dimensions, bands));
  const enrolled = sql`(SELECT * FROM population WHERE enrolled_in_period)`;
  await session.make('levels', 'levels', levels(dimensions, enrolled));
  await session.make('levels on record', 'levels_on_record', levels(dimensions));
  return persons;
}

/** What stands beside every measure: whom the population holds, and what was left out of it. */
export const populationCoverage = ({ dimensions }: MeasureConfig, scope: Scope): readonly Sql[] => [
  countsBy(
    'persons',
    sql`
    SELECT CASE WHEN enrolled_on_snapshot THEN 'enrolled_on_snapshot' WHEN enrolled_in_period THEN 'enrolled_at_another_time' ELSE 'on_record_only' END AS "by",
      count(*) AS count
    FROM population GROUP BY ALL`,
  ),
  countsBy('persons_with_conflict', conflicts(dimensions)),
  countsBy('persons_in_several_systems', inSeveralSystems),
  countsBy('enrolments_left_out', enrolmentsLeftOut(scope)),
  countsBy('records_without_person', recordsWithoutPerson(scope)),
];

/** Movers and children enrolled twice: one person each, if linkage found them. */
const inSeveralSystems = sql`
  SELECT NULL::VARCHAR AS "by", count(*) AS count
  FROM (SELECT person_id FROM spans GROUP BY person_id HAVING count(DISTINCT partner) > 1)`;
