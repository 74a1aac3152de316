import type { Asked } from '../compile/compile.js';
import type { MeasureConfig } from '../config/config.js';
import type { City } from './city.js';
import { type Person, peopleOf } from './people.js';
import { type ExpectedCell, expectedCells, nameOf } from './reference.js';
import { personOf, rulesOf, type World } from './rows.js';
import { amountOf, bandOf, counted } from './verdicts.js';

type Ground = { readonly world: World; readonly people: readonly Person[] };
type Place = readonly (string | null)[];
type Line = Readonly<Record<string, string | number | null>>;

const groundOf = (city: City, config: MeasureConfig): Ground => {
  const world: World = { city, config, read: new Map() };
  return { world, people: peopleOf(world) };
};

/** Every way in which a table with these dimensions counts a person: at its own level or in a total. */
const placesOf = (dims: readonly string[], { levels }: Pick<Person, 'levels'>): readonly Place[] =>
  dims.reduce<readonly Place[]>(
    (places, dim) =>
      places.flatMap((place) => [
        [...place, levels[dim] ?? ''],
        [...place, 'Total'],
      ]),
    [[]],
  );

const tablesOf = ({ dimensions, two_way }: MeasureConfig): readonly (readonly string[])[] => [
  [],
  ...dimensions.map((each) => [each]),
  ...two_way,
];

const isPlain = (world: World, asked: Asked): boolean =>
  !['by_access', 'bands', 'attendance_bands'].includes(rulesOf(world, asked).counts.kind);

const isMadeOf = (world: World, whole: Asked, part: Asked): boolean => {
  const { counts } = rulesOf(world, whole);
  return counts.kind === 'several' && counts.of.some((each) => nameOf(each) === nameOf(part));
};

/** Children whom two rules count, by what they are under each: person by person. */
export function expectedOverlaps(city: City, config: MeasureConfig): Line[] {
  const ground = groundOf(city, config);
  const { world, people } = ground;
  const plain = config.measures.filter((asked) => isPlain(world, asked));
  const counts = new Map<string, number>();
  for (const [at, one] of plain.entries()) {
    for (const two of plain.slice(at + 1)) {
      if (one.measure !== two.measure && !isMadeOf(world, one, two) && !isMadeOf(world, two, one)) continue;
      for (const person of people) {
        const [first, second] = [counted(ground, person, one), counted(ground, person, two)];
        if (first === null && second === null) continue;
        const verdicts = [first?.verdict ?? 'none', second?.verdict ?? 'none'];
        for (const dims of tablesOf(config)) {
          for (const [level1 = null, level2 = null] of placesOf(dims, person)) {
            const [dim1 = null, dim2 = null] = dims;
            const key = JSON.stringify([nameOf(one), nameOf(two), dim1, level1, dim2, level2, ...verdicts]);
            counts.set(key, (counts.get(key) ?? 0) + 1);
          }
        }
      }
    }
  }
  const names = ['measure', 'other', 'dim_1', 'level_1', 'dim_2', 'level_2', 'verdict', 'other_verdict'];
  return [...counts].map(([key, count]) => {
    const values = JSON.parse(key) as (string | null)[];
    return { ...Object.fromEntries(names.map((name, at) => [name, values[at] ?? null])), count };
  });
}

/** What children add up to: volume, reach and the two who add most, person by person. */
export function expectedMagnitudes(city: City, config: MeasureConfig): Line[] {
  const ground = groundOf(city, config);
  const { world, people } = ground;
  return config.measures.flatMap((asked) => {
    const definition = config.definitions.find(({ measure }) => measure === asked.measure);
    if (definition?.amount === undefined || !isPlain(world, asked)) return [];
    const sums = new Map<string, number[]>();
    for (const person of people) {
      if (counted(ground, person, asked) === null) continue;
      const amount = amountOf(world, person, asked, definition.amount);
      for (const dims of tablesOf(config)) {
        for (const [level1 = null, level2 = null] of placesOf(dims, person)) {
          const table = `${nameOf(asked)}.${dims.length === 0 ? 'total' : dims.join('_x_')}`;
          const key = JSON.stringify([table, level1, level2]);
          sums.set(key, [...(sums.get(key) ?? []), amount]);
        }
      }
    }
    return [...sums].map(([key, amounts]) => {
      const [table = null, level1 = null, level2 = null] = JSON.parse(key) as (string | null)[];
      const falling = amounts.toSorted((a, b) => b - a);
      return {
        table_name: table,
        level_1: level1,
        level_2: level2,
        reach: amounts.filter((amount) => amount > 0).length,
        volume: amounts.reduce((sum, amount) => sum + amount, 0),
        largest: falling[0] ?? 0,
        second: falling[1] ?? 0,
      };
    });
  });
}

const linkedTo = ({ city }: World, { id }: Person): boolean =>
  new Set(city.people.filter((row) => row['person_id'] === id).map((row) => row['partner'])).size > 1;

/** Four places, as the artifact has them. */
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

/** Shares of groups, from the reference's own cells, and how well each group is linked. */
export function expectedEquity(city: City, config: MeasureConfig): Line[] {
  const { world, people } = groundOf(city, config);
  const cells = expectedCells(city, config);
  const enrolled = people.filter(({ inPeriod }) => inPeriod);
  const rateOf = (group: readonly Person[]) =>
    group.filter((each) => linkedTo(world, each)).length / group.length;
  const isAccess = ({ measure, dim_2 }: ExpectedCell) =>
    dim_2 === null &&
    config.measures.some((asked) => {
      const definition = config.definitions.find((each) => each.measure === asked.measure);
      const isOwn = measure === nameOf(asked) || measure.startsWith(`${nameOf(asked)}_`);
      return (
        isOwn && definition?.use === 'access-measures' && rulesOf(world, asked).counts.kind !== 'by_access'
      );
    });
  return cells.filter(isAccess).flatMap((cell) => {
    const { measure, dim_1, level_1 } = cell;
    if (dim_1 === null || level_1 === 'Total' || !config.dimensions.some((each) => each === dim_1)) return [];
    const all = cells.find((each) => each.measure === measure && each.dim_1 === null);
    if (all === undefined) return [];
    const [reached, children] = [cell.yes / all.yes, (cell.yes + cell.no) / (all.yes + all.no)];
    const group = enrolled.filter(({ levels }) => levels[dim_1] === level_1);
    return [
      {
        measure,
        dimension: dim_1,
        level: level_1,
        ratio: all.yes > 0 && cell.yes + cell.no > 0 ? rounded(reached / children) : null,
        gap: all.yes > 0 ? rounded(100 * (reached - children)) : null,
        linked: group.filter((each) => linkedTo(world, each)).length,
        linked_gap: group.length === 0 ? null : rounded(100 * (rateOf(group) - rateOf(enrolled))),
      },
    ];
  });
}

/** What is to be expected of children at each band of access, from those without in the same grade band and school. */
export function expectedComparisons(city: City, config: MeasureConfig): Line[] {
  const ground = groundOf(city, config);
  const { world } = ground;
  return config.measures.flatMap((asked) => {
    const { counts } = rulesOf(world, asked);
    if (counts.kind !== 'by_access') return [];
    const { outcome, access } = counts;
    const known = ground.people.flatMap((person) => {
      const found = counted(ground, person, outcome);
      if (found === null || found.verdict === 'unknown') return [];
      const level = bandOf(ground, person, access)?.firm ?? 'other';
      const { school, grade_band } = person.levels;
      return [{ level, yes: Number(found.verdict === 'yes'), stratum: JSON.stringify([school, grade_band]) }];
    });
    const rule = rulesOf(world, access).counts;
    const without = 'bands' in rule ? rule.bands[0]?.name : undefined;
    const rates = new Map<string, number[]>();
    for (const { level, stratum, yes } of known)
      if (level === without) rates.set(stratum, [...(rates.get(stratum) ?? []), yes]);
    const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
    const levels = new Set(known.map(({ level }) => level).filter((level) => level !== without));
    return [...levels].map((level) => {
      const here = known.filter((each) => each.level === level);
      const compared = here.filter(({ stratum }) => rates.has(stratum));
      const expected = compared.reduce((sum, { stratum }) => sum + mean(rates.get(stratum) ?? []), 0);
      return {
        outcome: nameOf(outcome),
        access: nameOf(access),
        level,
        known: here.length,
        compared: compared.length,
        yes: compared.reduce((sum, { yes }) => sum + yes, 0),
        expected: compared.length === 0 ? null : Math.round(100 * expected) / 100,
      };
    });
  });
}

/**
 * What is expected of the links of each group, child by child: a pair has a part of a match in quarters, and a child whose links
 * may be false has all of them false at once. A quarter more than was told may be false, and missed.
 */
export function expectedCertainty(city: City, config: MeasureConfig): Line[] {
  const { world, people } = groundOf(city, config);
  const enrolled = people.filter(({ inPeriod }) => inPeriod);
  const ofRecord = new Map((city.certainty ?? []).map((row) => [row['record_id'], row]));
  const recordsOf = (person: Person) =>
    config.partners.enrolment.flatMap((partner) =>
      (world.city.partners[partner]?.students ?? []).flatMap((student) => {
        const own = ofRecord.get(student['record_id'] ?? null);
        return own !== undefined && personOf(city, partner, student['record_id']) === person.id ? [own] : [];
      }),
    );
  const children = enrolled.map((person) => {
    const records = recordsOf(person);
    const sum = (column: string) => records.reduce((total, row) => total + Number(row[column]), 0);
    return {
      levels: person.levels,
      links: sum('links'),
      wrong: sum('false_links') / 4,
      missed: sum('missed') / 4,
    };
  });
  const groups = config.dimensions.flatMap((dimension) =>
    [...new Set(enrolled.map(({ levels }) => levels[dimension] ?? ''))].map((level) => ({
      dimension,
      level,
    })),
  );
  return [{ dimension: null, level: null }, ...groups].map(({ dimension, level }) => {
    const own = children.filter(({ levels }) => dimension === null || levels[dimension] === level);
    const total = (of: (child: (typeof own)[number]) => number) =>
      own.reduce((sum, child) => sum + of(child), 0);
    const [links, wrong, missed] = [
      total((child) => child.links),
      total((child) => child.wrong),
      total((child) => child.missed),
    ];
    const right = Math.max(0, links - wrong);
    const lost = total((child) => child.wrong * child.links) + 0.25 + (wrong + 0.25) / 4;
    const found = total((child) => child.missed * Math.max(1, child.missed)) + 0.25 + (missed + 0.25) / 4;
    const bounds = (variance: number, of: number) =>
      [-1, 0, 1].map((side) => {
        if (of === 0) return Math.abs(side + 1) > 0 ? 1 : 0;
        const spread = side * (1.96 * Math.sqrt(variance) + 0.5);
        return rounded(Math.min(1, Math.max(0, (right + spread) / of)));
      });
    const [precision_low = 0, precision = 0, precision_high = 0] = bounds(lost, links);
    const [recall_low = 0, recall = 0, recall_high = 0] = bounds(lost + found, right + missed);
    return {
      dimension,
      level,
      children: own.length,
      links,
      matches: right + missed,
      precision,
      precision_low,
      precision_high,
      recall,
      recall_low,
      recall_high,
    };
  });
}
