import { payloadCodes } from '@throughline/core';
import { z } from 'zod';
import { LONGEST_PERIOD } from '../days/day-bits.js';
import { roles } from '../definition/measure.js';
import { measureOf, measures } from '../measures/measures.js';
import { dimensionNames, OTHER_GRADES, TOTAL, UNKNOWN } from '../population/dimensions.js';

const grades = payloadCodes.grade.filter((grade) => grade !== UNKNOWN);
const dimension = z.enum(dimensionNames);
const partner = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'lower-case letters, digits and hyphens');

const known = measures.map((each) => `${each.measure}/${each.preset}`);

/** Each measure with its presets. */
const asked = z.union(
  [...new Set(measures.map(({ measure }) => measure))].map((name) =>
    z.strictObject({
      measure: z.literal(name),
      preset: z.enum(measures.filter(({ measure }) => measure === name).map(({ preset }) => preset)),
    }),
  ),
  { error: `one of ${known.join(', ')} expected` },
);

export const measureConfig = z
  .strictObject({
    period: z
      .strictObject({ from: z.iso.date(), to: z.iso.date() })
      .describe('what is counted; both days inclusive, and no later than what the extracts cover'),
    snapshot: z.iso.date().describe('the day on which a child counts as enrolled; a day of the period'),
    bands: z
      .array(z.strictObject({ name: z.string().min(1).max(20), grades: z.array(z.enum(grades)).min(1) }))
      .min(1)
      .describe('grade bands; grades in none of them are the level `other`'),
    dimensions: z.array(dimension).describe('one table each'),
    two_way: z.array(z.tuple([dimension, dimension])).describe('one table each pair'),
    measures: z.array(asked).min(1).describe('measures and the presets by which they are computed'),
    partners: z
      .strictObject({ enrolment: z.array(partner).min(1), afterschool: z.array(partner).default([]) })
      .describe('whose records are whose: schools, first those that decide between equals; programmes'),
  })
  .superRefine((config, context) => {
    for (const { path, message } of problems(config)) context.addIssue({ code: 'custom', path, message });
  });

export type MeasureConfig = z.infer<typeof measureConfig>;

type Problem = { readonly path: (string | number)[]; readonly message: string };

const problems = (config: MeasureConfig): Problem[] => [
  ...dateProblems(config),
  ...bandProblems(config),
  ...dimensionProblems(config),
  ...repeated(
    config.measures.map(({ measure, preset }) => `${measure}/${preset}`),
    ['measures'],
  ),
  ...roleProblems(config),
];

const DAY = 86_400_000;

function dateProblems({ period: { from, to }, snapshot }: MeasureConfig): Problem[] {
  const days = (Date.parse(to) - Date.parse(from)) / DAY + 1;
  const rules: [boolean, (string | number)[], string][] = [
    [days < 1, ['period', 'to'], 'must not be before `from`'],
    [days > LONGEST_PERIOD, ['period'], `must not be longer than ${LONGEST_PERIOD} days`],
    [snapshot < from || snapshot > to, ['snapshot'], 'must be a day of the period'],
  ];
  return rules.flatMap(([broken, path, message]) => (broken ? [{ path, message }] : []));
}

function bandProblems({ bands }: MeasureConfig): Problem[] {
  const reserved: readonly string[] = [TOTAL, UNKNOWN, OTHER_GRADES];
  return [
    ...repeated(
      bands.map(({ name }) => name),
      ['bands'],
    ),
    ...repeated(
      bands.flatMap((band) => band.grades),
      ['bands'],
    ),
    ...bands.flatMap(({ name }, index) =>
      reserved.includes(name) ? [{ path: ['bands', index, 'name'], message: 'this name is reserved' }] : [],
    ),
  ];
}

function dimensionProblems({ dimensions, two_way }: MeasureConfig): Problem[] {
  const unlisted = two_way.flatMap((pair, index) =>
    pair[0] === pair[1] || !pair.every((each) => dimensions.includes(each))
      ? [{ path: ['two_way', index], message: 'two different ones of `dimensions` expected' }]
      : [],
  );
  const pairs = two_way.map((pair) => [...pair].sort().join(' x '));
  return [...unlisted, ...repeated(pairs, ['two_way']), ...repeated(dimensions, ['dimensions'])];
}

function roleProblems({ measures: asks, partners }: MeasureConfig): Problem[] {
  const needed = asks.flatMap((ask) => measureOf(ask).needs.map(({ role }) => role));
  return roles.flatMap((role) => [
    ...repeated(partners[role], ['partners', role]),
    ...(needed.includes(role) && partners[role].length === 0
      ? [{ path: ['partners', role], message: 'a measure needs a partner in this role' }]
      : []),
  ]);
}

const repeated = (names: readonly string[], path: (string | number)[]): Problem[] =>
  new Set(names).size === names.length ? [] : [{ path, message: 'something is listed twice' }];
