import { ident, type Sql, sql, sqlJoin } from '@throughline/engine';
import { countOf, verdictsTable } from '../definition/counts.js';
import type { Measure, Need, Plan, Scope } from '../definition/measure.js';
import type { Amount, CountsOf, Events } from '../definition/vocabulary.js';
import { boundCounts, personCounts, recordCounts, unlinkedPersons } from './coverage.js';
import { eventMake, eventTable, factColumns, needOf, tableFor, windowsOf } from './events.js';
import { followed, followedTable, followedVerdicts } from './followed.js';
import { linkedVerdicts } from './linked.js';
import { maybeMembers, peopleOf, populationNeeds, populationWindows } from './population.js';
import { described, describedBand, populationOf, type Ruled } from './ruled.js';
import { schoolCounts, schoolStates, schoolVerdicts } from './schools.js';
import { tally, tallyTable } from './tally.js';
import { banded, bandsOf, inBand, isUnsent, reached } from './verdicts.js';

type Parts = Pick<Measure, 'population' | 'populationRule' | 'needs' | 'windows' | 'onRecord'>;

/** Who is counted and what is read, for kinds with a population of their own. */
function parts(ruled: Ruled, sources: readonly Events[], further: readonly Need[] = []): Parts {
  const rule = populationOf(ruled);
  return {
    population: rule.name,
    populationRule: JSON.stringify({ ...rule, name: '' }),
    needs: [...populationNeeds(rule), ...sources.map((events) => needOf(events)), ...further],
    windows: [...populationWindows(rule), ...sources.flatMap(windowsOf)],
    ...(rule.who === 'on_record' && rule.having !== undefined
      ? { onRecord: { role: rule.having.role, table: rule.having.table } }
      : {}),
  };
}

/** Coverage of a measure of events: of records, of persons, and the bounds. */
const countsBeside = (ruled: Ruled, events: Events, name: string): readonly Sql[] => [
  ...recordCounts(events),
  countOf('persons_population_open', maybeMembers(populationOf(ruled))),
  ...personCounts(events, verdictsTable(name)),
  ...boundCounts(verdictsTable(name), unlinkedPersons(events)),
];

export function eventMeasure(ruled: Ruled, counts: CountsOf<'events'>): Measure {
  const { events, of, at_least, otherwise } = counts;
  const about = described(ruled);
  const { amount } = ruled.definition;
  const added = amount?.column === undefined ? [] : [needOf(events, [amount.column])];
  const minutes = of === 'minutes' || amount?.of === 'minutes' ? [needOf(events, ['minutes'])] : [];
  const plan = (scope: Scope): Plan => {
    const people = peopleOf(populationOf(ruled), scope);
    return {
      makes: [
        ...people.makes,
        eventMake(events, scope),
        tally({ events, of }),
        ...(amount === undefined || amount.of === 'number' ? [] : [tally({ events, of: amount.of })]),
      ],
      verdicts: reached({
        people: people.table,
        tally: tallyTable({ events, of }),
        atLeast: at_least,
        otherwise,
        unsent: isUnsent(events, scope),
      }),
      coverage: countsBeside(ruled, events, about.name),
      unlinked: unlinkedPersons(events),
      ...(amount === undefined ? {} : { amounts: amountsOf(people.table, events, amount) }),
    };
  };
  return {
    ...about,
    ...parts(ruled, [events], [...added, ...minutes]),
    ...(amount === undefined ? {} : { amount }),
    plan,
  };
}

/** `person_id`, `amount`: what the rows that count add up to, 0 for a child without any. */
function amountsOf(people: string, events: Events, amount: Amount): Sql {
  const summed =
    amount.of === 'number'
      ? sql`(${numbersOf(events, amount.column ?? '')})`
      : sql`(SELECT person_id, lower AS amount FROM ${ident(tallyTable({ events, of: amount.of }))})`;
  return sql`SELECT person_id, coalesce(amount, 0)::BIGINT AS amount FROM ${ident(people)} LEFT JOIN ${summed} USING (person_id)`;
}

const numbersOf = (events: Events, column: string): Sql => sql`
  SELECT person_id, sum(${ident(column)}) AS amount
  FROM (SELECT DISTINCT person_id, ${sqlJoin(factColumns(events).map(ident))} FROM ${ident(eventTable(events))} WHERE NOT left_out AND state = 'yes')
  GROUP BY person_id`;

export function bandMeasures(ruled: Ruled, counts: CountsOf<'bands'>): readonly Measure[] {
  const { events, of } = counts;
  const bands = bandsOf(counts.bands);
  const table = tableFor('banded', { counts, rule: populationOf(ruled) });
  const minutes = of === 'minutes' ? [needOf(events, ['minutes'])] : [];
  return bands.map((band, index): Measure => {
    const about = describedBand(ruled, band);
    const plan = (scope: Scope): Plan => {
      const people = peopleOf(populationOf(ruled), scope);
      const select = banded(
        { people: people.table, tally: tallyTable({ events, of }), unsent: isUnsent(events, scope) },
        bands,
      );
      return {
        makes: [...people.makes, eventMake(events, scope), tally({ events, of }), { table, select }],
        verdicts: inBand(table, band.name),
        // What is told of the source is the same for every band.
        coverage:
          index === 0
            ? countsBeside(ruled, events, about.name)
            : [
                ...personCounts(events, verdictsTable(about.name)),
                ...boundCounts(verdictsTable(about.name), unlinkedPersons(events)),
              ],
        unlinked: unlinkedPersons(events),
      };
    };
    return { ...about, ...parts(ruled, [events], minutes), banded: table, plan };
  });
}

export function followedMeasure(ruled: Ruled, counts: CountsOf<'followed'>): Measure {
  const { events, by, match } = counts;
  const about = described(ruled);
  const plan = (scope: Scope): Plan => {
    const people = peopleOf(populationOf(ruled), scope);
    return {
      makes: [...people.makes, eventMake(events, scope), eventMake(by, scope), followed(counts, scope)],
      verdicts: followedVerdicts(counts, people.table),
      coverage: [
        ...countsBeside(ruled, events, about.name),
        countOf('referrals_followed', sql`${ident(followedTable(counts))} WHERE strength IS NOT NULL`),
        countOf('referrals_open', sql`${ident(followedTable(counts))} WHERE strength IS NULL AND open`),
      ],
      unlinked: unlinkedPersons(by),
    };
  };
  const matched = [needOf(events, [match.events]), needOf(by, [match.by])];
  return { ...about, ...parts(ruled, [events, by], matched), plan };
}

const nobody = sql`SELECT 0::BIGINT AS count`;

export function schoolMeasure(ruled: Ruled, counts: CountsOf<'schools'>): Measure {
  const about = described(ruled);
  const plan = (scope: Scope): Plan => {
    const people = peopleOf(populationOf(ruled), scope);
    return {
      makes: [...people.makes, schoolStates(counts, scope)],
      verdicts: schoolVerdicts(counts, people.table),
      coverage: schoolCounts(counts),
      unlinked: nobody,
    };
  };
  return { ...about, ...parts(ruled, [counts.events], [needOf(counts.events, [counts.school])]), plan };
}

export function linkedMeasure(ruled: Ruled): Measure {
  const about = described(ruled);
  const plan = (scope: Scope): Plan => {
    const people = peopleOf(populationOf(ruled), scope);
    return {
      makes: people.makes,
      verdicts: linkedVerdicts(people.table),
      coverage: boundCounts(verdictsTable(about.name), nobody),
      unlinked: nobody,
    };
  };
  return { ...about, ...parts(ruled, []), plan };
}
