import { codeListOf, columnsOf, type PayloadTable, payloadCodes, payloadTables } from '@throughline/core';
import type { Amount, Counts, Events, PopulationRule } from './vocabulary.js';

type Shape = {
  readonly population?: PopulationRule | undefined;
  readonly counts?: Counts | undefined;
  readonly amount?: Amount | undefined;
  readonly presets: readonly {
    readonly name: string;
    readonly population?: PopulationRule | undefined;
    readonly counts?: Counts | undefined;
  }[];
};

export type Problem = { readonly path: readonly (string | number)[]; readonly message: string };

/** What is wrong with a definition that each of its fields by itself would allow. */
export function definitionProblems(definition: Shape): Problem[] {
  return [
    ...repeated(definition.presets.map(({ name }) => name)).map((at) => ({
      path: ['presets', at, 'name'],
      message: 'this preset is listed twice',
    })),
    ...definition.presets.flatMap((_, index) => presetProblems(definition, index)),
    ...blockProblems([], definition),
    ...amountProblems(definition),
  ];
}

/** Children off every roll are found by what names them. */
const listProblems = (path: readonly (string | number)[], population: PopulationRule): Problem[] =>
  population.who === 'on_record' && population.having === undefined
    ? [{ path, message: 'on_record needs rows that name the children: `having`' }]
    : [];

const repeated = (names: readonly string[]): number[] =>
  names.flatMap((name, index) => (names.indexOf(name) < index ? [index] : []));

/** Kinds that say themselves who is counted. */
const ownPopulation = (kind: Counts['kind']): boolean =>
  kind === 'attendance' || kind === 'attendance_bands' || kind === 'several' || kind === 'by_access';

function presetProblems(definition: Shape, index: number): Problem[] {
  const preset = definition.presets[index];
  const counts = preset?.counts ?? definition.counts;
  const population = preset?.population ?? definition.population;
  const path = ['presets', index];
  if (counts === undefined) return [{ path, message: 'nothing says what is counted' }];
  const needed = !ownPopulation(counts.kind);
  return [
    ...(needed && population === undefined ? [{ path, message: 'nothing says who is counted' }] : []),
    ...(!needed && population !== undefined
      ? [{ path, message: 'this kind says itself who is counted' }]
      : []),
    ...blockProblems(path, preset ?? {}),
  ];
}

type Blocks = { readonly population?: PopulationRule | undefined; readonly counts?: Counts | undefined };

function blockProblems(path: readonly (string | number)[], { population, counts }: Blocks): Problem[] {
  return [
    ...(population === undefined ? [] : listProblems([...path, 'population'], population)),
    ...(population?.having === undefined
      ? []
      : eventProblems([...path, 'population', 'having'], population.having)),
    ...(counts === undefined ? [] : countsProblems([...path, 'counts'], counts)),
  ];
}

function countsProblems(path: readonly (string | number)[], counts: Counts): Problem[] {
  switch (counts.kind) {
    case 'events':
      return [
        ...eventProblems([...path, 'events'], counts.events),
        ...unitProblems([...path, 'of'], counts.events, counts.of),
      ];
    case 'bands':
      return [
        ...eventProblems([...path, 'events'], counts.events),
        ...unitProblems([...path, 'of'], counts.events, counts.of),
        ...bandProblems([...path, 'bands'], counts.bands),
      ];
    case 'attendance_bands':
      return bandProblems([...path, 'bands'], counts.bands);
    case 'followed':
      return followedProblems(path, counts);
    case 'schools':
      return schoolsProblems(path, counts);
    default:
      return [];
  }
}

const UNIT_COLUMNS = { rows: undefined, days: undefined, minutes: 'minutes' } as const;

function unitProblems(
  path: readonly (string | number)[],
  events: Events,
  of: keyof typeof UNIT_COLUMNS,
): Problem[] {
  const column = UNIT_COLUMNS[of];
  const dated = events.date !== undefined && 'column' in events.date;
  return [
    ...(of === 'days' && !dated ? [{ path, message: 'days need a date with one column' }] : []),
    ...(column !== undefined && typeOf(events.table, column) === undefined
      ? [{ path, message: 'the payload table has no minutes' }]
      : []),
  ];
}

function bandProblems(path: readonly (string | number)[], bands: readonly { name: string; from: number }[]) {
  const rising = bands.every(({ from }, index) => index === 0 || from > (bands[index - 1]?.from ?? 0));
  return [
    ...(bands[0]?.from === 0 ? [] : [{ path, message: 'the first band starts at 0' }]),
    ...(rising ? [] : [{ path, message: 'each band starts above the one before' }]),
    ...repeated(bands.map(({ name }) => name)).map((at) => ({
      path: [...path, at],
      message: 'this band is listed twice',
    })),
  ];
}

function followedProblems(
  path: readonly (string | number)[],
  { events, by, match }: Extract<Counts, { kind: 'followed' }>,
): Problem[] {
  const oneDay = ({ date }: Events) => date !== undefined && 'column' in date;
  return [
    ...eventProblems([...path, 'events'], events),
    ...eventProblems([...path, 'by'], by),
    ...(oneDay(events) && oneDay(by) ? [] : [{ path, message: 'both need a date with one column' }]),
    ...columnProblems([...path, 'match', 'events'], events.table, match.events),
    ...columnProblems([...path, 'match', 'by'], by.table, match.by),
  ];
}

/** An indicator about schools takes no row about a child: nobody's therapy is needed to count clinicians. */
function schoolsProblems(
  path: readonly (string | number)[],
  { events, school }: Extract<Counts, { kind: 'schools' }>,
): Problem[] {
  return [
    ...eventProblems([...path, 'events'], events),
    ...columnProblems([...path, 'school'], events.table, school),
    ...('record_id' in payloadTables[events.table]
      ? [
          {
            path: [...path, 'events', 'table'],
            message: 'a measure of schools takes no records of children: name a table about places',
          },
        ]
      : []),
  ];
}

function amountProblems({ amount, counts, presets }: Shape): Problem[] {
  if (amount === undefined) return [];
  const all = [counts, ...presets.map((preset) => preset.counts)].filter((each) => each !== undefined);
  const path = ['amount'];
  return all.flatMap((each) => {
    if (each.kind !== 'events') return [{ path, message: 'an amount needs events' }];
    if (amount.of === 'number') {
      return amount.column !== undefined && typeOf(each.events.table, amount.column) === 'INTEGER'
        ? []
        : [{ path: [...path, 'column'], message: 'a column with whole numbers expected' }];
    }
    return unitProblems([...path, 'of'], each.events, amount.of);
  });
}

const typeOf = (table: PayloadTable, column: string): string | undefined =>
  columnsOf(payloadTables[table]).find(({ name }) => name === column)?.type;

const columnProblems = (
  path: readonly (string | number)[],
  table: PayloadTable,
  column: string,
): Problem[] =>
  typeOf(table, column) === undefined ? [{ path, message: 'the payload table has no such column' }] : [];

/** Columns exist, words are words of their code list, dates are dates. */
function eventProblems(path: readonly (string | number)[], events: Events): Problem[] {
  return [
    ...conditionProblems([...path, 'where'], events.table, events.where),
    ...conditionProblems([...path, 'leaving_out'], events.table, events.leaving_out),
    ...events.present.flatMap((column, index) =>
      columnProblems([...path, 'present', index], events.table, column),
    ),
    ...dateProblems([...path, 'date'], events),
  ];
}

function conditionProblems(
  path: readonly (string | number)[],
  table: PayloadTable,
  conditions: Events['where'],
): Problem[] {
  return Object.entries(conditions).flatMap(([column, words]) => {
    const list = codeListOf[column];
    const known: readonly string[] | undefined = list === undefined ? undefined : payloadCodes[list];
    const strange = known !== undefined && words.some((word) => !known.includes(word));
    return [
      ...columnProblems([...path, column], table, column),
      ...(strange
        ? [{ path: [...path, column], message: 'the payload column does not have this word' }]
        : []),
    ];
  });
}

function dateProblems(path: readonly (string | number)[], { table, date }: Events): Problem[] {
  if (date === undefined) return [];
  const columns = 'column' in date ? [date.column] : [date.first, date.last];
  return columns.flatMap((column) =>
    typeOf(table, column) === 'DATE' ? [] : [{ path, message: 'a column with dates expected' }],
  );
}
