import type { Asked } from '../compile/compile.js';
import type { MeasureConfig } from '../config/config.js';
import type { Cell, City } from './city.js';
import { type Person, peopleOf } from './people.js';
import { rulesOf, type World } from './rows.js';
import { bandOf, type Counted, counted } from './verdicts.js';

export { daysFrom } from './attendance.js';

/** A cell with what its numerator rests on. */
export type ExpectedCell = Cell & Readonly<Record<'yes_exact' | 'yes_probable' | 'yes_weak', number>>;

/**
 * The measures once more, slow and obvious: person by person, day by day, row by row. It shares nothing with the SQL
 * but the definitions.
 */
export function expectedCells(city: City, config: MeasureConfig): ExpectedCell[] {
  const world: World = { city, config, read: new Map() };
  const people = peopleOf(world);
  const ground = { world, people };
  return config.measures.flatMap((asked) => {
    const { counts } = rulesOf(world, asked);
    if (counts.kind === 'by_access') return crossedTables(ground, counts);
    if (counts.kind === 'bands' || counts.kind === 'attendance_bands') {
      return counts.bands.flatMap(({ name }) =>
        plainTables(ground, {
          asked,
          name: `${nameOf(asked)}_${name}`,
          verdict: (person) => inBand(bandOf(ground, person, asked), name),
        }),
      );
    }
    return plainTables(ground, {
      asked,
      name: nameOf(asked),
      verdict: (person) => counted(ground, person, asked),
    });
  });
}

export const nameOf = ({ measure, preset }: Asked): string => `${measure}_${preset}`;

function inBand(banded: ReturnType<typeof bandOf>, name: string): Counted | null {
  if (banded === null) return null;
  if (banded.band === 'unknown') return { verdict: 'unknown', basis: null };
  return banded.band === name ? { verdict: 'yes', basis: banded.basis } : { verdict: 'no', basis: null };
}

type Ground = { readonly world: World; readonly people: readonly Person[] };

type Plain = {
  readonly asked: Asked;
  readonly name: string;
  readonly verdict: (person: Person) => Counted | null;
};

function plainTables({ world, people }: Ground, { asked, name, verdict }: Plain): ExpectedCell[] {
  const { dimensions, two_way } = world.config;
  const offRoll = rulesOf(world, asked).population?.who === 'on_record';
  const seen = people.filter(({ inPeriod }) => inPeriod || offRoll);
  const levels = new Map(dimensions.map((dimension) => [dimension as string, levelsOf(seen, dimension)]));
  const all = people.flatMap((person) => {
    const found = verdict(person);
    return found === null ? [] : [{ levels: person.levels, ...found }];
  });
  const about = { measure: name, population: populationName(world, asked) };
  const tables: (readonly string[])[] = [[], ...dimensions.map((each) => [each]), ...two_way];
  return tables.flatMap((dims) => tableOf(about, { dims, levels, counted: all }));
}

function populationName(world: World, asked: Asked): string {
  const { counts, population } = rulesOf(world, asked);
  if (counts.kind === 'several') return populationName(world, counts.of[0] ?? asked);
  return population?.name ?? `eligible_${asked.preset}`;
}

/** The outcome once more, by the band of access that each child is in. */
function crossedTables(
  { world, people: everybody }: Ground,
  { outcome, access }: Extract<ReturnType<typeof rulesOf>['counts'], { kind: 'by_access' }>,
): ExpectedCell[] {
  const people = everybody.filter(({ inPeriod }) => inPeriod);
  const ground = { world, people };
  const dimension = nameOf(access);
  const placed = people.map((person) => ({
    person,
    levels: { ...person.levels, [dimension]: bandOf(ground, person, access)?.firm ?? 'other' },
  }));
  const levels = new Map([
    ['grade_band', levelsOf(people, 'grade_band')],
    [dimension, levelsOf(placed, dimension)],
  ]);
  const all = placed.flatMap(({ person, levels: own }) => {
    const found = counted(ground, person, outcome);
    return found === null ? [] : [{ levels: own, ...found }];
  });
  const about = { measure: nameOf(outcome), population: populationName(world, outcome) };
  const bands = world.config.dimensions.includes('grade_band') ? [['grade_band', dimension]] : [];
  return [[dimension], ...bands].flatMap((dims) => tableOf(about, { dims, levels, counted: all }));
}

type Counting = {
  readonly dims: readonly string[];
  readonly levels: ReadonlyMap<string, readonly string[]>;
  readonly counted: readonly (Counted & { levels: Readonly<Record<string, string>> })[];
};

function tableOf(
  about: { measure: string; population: string },
  { dims, levels, counted }: Counting,
): ExpectedCell[] {
  const [first, second] = dims;
  const places: (string | null)[][] = [];
  for (const one of first === undefined ? [null] : [...(levels.get(first) ?? []), 'Total']) {
    for (const two of second === undefined ? [null] : [...(levels.get(second) ?? []), 'Total'])
      places.push([one, two]);
  }
  return places.map(([one = null, two = null]) => {
    const matches = (
      dimension: string | undefined,
      level: string | null,
      of: Readonly<Record<string, string>>,
    ) => dimension === undefined || level === 'Total' || of[dimension] === level;
    const here = counted.filter(
      (each) => matches(first, one, each.levels) && matches(second, two, each.levels),
    );
    const resting = (basis: string) =>
      here.filter((each) => each.verdict === 'yes' && each.basis === basis).length;
    const count = (verdict: Counted['verdict']) => here.filter((each) => each.verdict === verdict).length;
    return {
      ...about,
      table_name: `${about.measure}.${dims.length === 0 ? 'total' : dims.join('_x_')}`,
      dim_1: first ?? null,
      level_1: one,
      dim_2: second ?? null,
      level_2: two,
      yes: count('yes'),
      no: count('no'),
      unknown: count('unknown'),
      total: here.length,
      yes_exact: resting('exact'),
      yes_probable: resting('probable'),
      yes_weak: resting('weak'),
    };
  });
}

const levelsOf = (
  people: readonly { readonly levels: Readonly<Record<string, string>> }[],
  dimension: string,
): string[] => [...new Set(people.map(({ levels }) => levels[dimension] ?? ''))];
