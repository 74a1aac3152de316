import { z } from 'zod';
import { LONGEST_PERIOD } from '../days/day-bits.js';
import { measureDefinitionFile } from '../definition/definition.js';
import { definitionName, gradeCode, type Role, roles } from '../definition/vocabulary.js';
import { dimensionNames, OTHER_GRADES, TOTAL, UNKNOWN } from '../population/dimensions.js';
import { measureProblems } from './asked.js';

const dimension = z.enum(dimensionNames);
const partner = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'lower-case letters, digits and hyphens');
const partners = z.array(partner);
const window = z.strictObject({ from: z.iso.date(), to: z.iso.date() });

/** Schools are always needed; everything else where a measure asks for it. */
const optionalRoles = roles.filter((role) => role !== 'enrolment');
const inRoles = z
  .strictObject({
    enrolment: partners.min(1),
    ...(Object.fromEntries(optionalRoles.map((role) => [role, partners.optional()])) as Record<
      Exclude<Role, 'enrolment'>,
      z.ZodOptional<typeof partners>
    >),
  })
  .describe('whose records are whose: schools, first those that decide between equals; then programmes');

export const measureAsked = z.strictObject({
  measure: definitionName.describe('a measure of the catalogue or of the city; docs/reference/measures.md'),
  preset: definitionName.describe('the rule by which it is counted; several may be asked for side by side'),
});

const measuring = z.strictObject({
  period: window.describe('what is counted; both days inclusive, and no later than what the extracts cover'),
  snapshot: z.iso.date().describe('the day on which a child counts as enrolled; a day of the period'),
  windows: z
    .record(definitionName, window)
    .default({})
    .describe('other spans of days that measures name, such as `summer`; both days inclusive'),
  bands: z
    .array(z.strictObject({ name: z.string().min(1).max(20), grades: z.array(gradeCode).min(1) }))
    .min(1)
    .describe('grade bands; grades in none of them are the level `other`'),
  dimensions: z.array(dimension).describe('one table each'),
  two_way: z.array(z.tuple([dimension, dimension])).describe('one table each pair'),
  measures: z.array(measureAsked).min(1).describe('measures and the presets by which they are computed'),
  partners: inRoles,
});

/** What a pipeline says about measures; whether they exist is known once the definitions are read. */
export const measuresAsked = measuring.superRefine((config, context) => {
  for (const { path, message } of problems(config)) context.addIssue({ code: 'custom', path, message });
});
export type MeasuresAsked = z.infer<typeof measuresAsked>;

/** The configuration of the stage: what is asked for, and the definitions of it. */
export const measureConfig = measuring
  .extend({ definitions: z.array(measureDefinitionFile) })
  .superRefine((config, context) => {
    for (const { path, message } of [...problems(config), ...measureProblems(config)]) {
      context.addIssue({ code: 'custom', path, message });
    }
  });
export type MeasureConfig = z.infer<typeof measureConfig>;

/** What a configuration says before defaults are filled in. */
export type MeasuresInput = z.input<typeof measuresAsked>;

export type Problem = { readonly path: (string | number)[]; readonly message: string };

const problems = (config: MeasuresAsked): Problem[] => [
  ...dateProblems(config),
  ...bandProblems(config),
  ...dimensionProblems(config),
  ...repeated(
    config.measures.map(({ measure, preset }) => `${measure}/${preset}`),
    ['measures'],
  ),
  ...roles.flatMap((role) => repeated(config.partners[role] ?? [], ['partners', role])),
];

const DAY = 86_400_000;

function dateProblems({ period: { from, to }, snapshot, windows }: MeasuresAsked): Problem[] {
  const days = (Date.parse(to) - Date.parse(from)) / DAY + 1;
  const rules: [boolean, (string | number)[], string][] = [
    [days < 1, ['period', 'to'], 'must not be before `from`'],
    [days > LONGEST_PERIOD, ['period'], `must not be longer than ${LONGEST_PERIOD} days`],
    [snapshot < from || snapshot > to, ['snapshot'], 'must be a day of the period'],
    ...Object.entries(windows).flatMap(([name, window]): [boolean, (string | number)[], string][] => [
      [window.to < window.from, ['windows', name, 'to'], 'must not be before `from`'],
      [name === 'period' || name === 'snapshot', ['windows', name], 'this name is reserved'],
    ]),
  ];
  return rules.flatMap(([broken, path, message]) => (broken ? [{ path, message }] : []));
}

function bandProblems({ bands }: MeasuresAsked): Problem[] {
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

function dimensionProblems({ dimensions, two_way }: MeasuresAsked): Problem[] {
  const unlisted = two_way.flatMap((pair, index) =>
    pair[0] === pair[1] || !pair.every((each) => dimensions.includes(each))
      ? [{ path: ['two_way', index], message: 'two different ones of `dimensions` expected' }]
      : [],
  );
  const pairs = two_way.map((pair) => [...pair].sort().join(' x '));
  return [...unlisted, ...repeated(pairs, ['two_way']), ...repeated(dimensions, ['dimensions'])];
}

const repeated = (names: readonly string[], path: (string | number)[]): Problem[] =>
  new Set(names).size === names.length ? [] : [{ path, message: 'something is listed twice' }];
