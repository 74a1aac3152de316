import { type PayloadTable, payloadCodes, payloadTables } from '@throughline/core';
import { z } from 'zod';

/**
 * What a partner's records are to a measure; the configuration says which partners are in which role. A role and a
 * payload table together name a source.
 */
export const roles = [
  'enrolment',
  'afterschool',
  'summer',
  'plans',
  'referrals',
  'vision',
  'dental',
  'aid',
  'college',
  'clinicians',
  'early_learning',
  'readiness',
  'cohorts',
  'discipline',
] as const;
export type Role = (typeof roles)[number];

export const definitionName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/, 'lower-case words with underscores')
  .max(40);

const column = z.string().regex(/^[a-z][a-z_]*$/, 'a column of the payload table');
const tables = Object.keys(payloadTables) as [PayloadTable, ...PayloadTable[]];
export const gradeCode = z.enum(payloadCodes.grade).exclude(['unknown']);
export type Grade = z.infer<typeof gradeCode>;

const conditions = z.record(column, z.array(z.string().min(1)).min(1));

/** Rows of one source, and which of them count. A row of which something is unknown leaves it open. */
export const events = z.strictObject({
  role: z.enum(roles).describe('whose records'),
  table: z.enum(tables).describe('the payload table'),
  where: conditions
    .default({})
    .describe('column: words that count; `unknown` or nothing leaves it open, any other word does not count'),
  present: z.array(column).default([]).describe('columns that must hold something'),
  leaving_out: conditions
    .default({})
    .describe('column: words by which a row is none at all, such as a waiting list; counted apart'),
  date: z
    .union([
      z.strictObject({ column, within: definitionName }),
      z.strictObject({ first: column, last: column, within: definitionName }),
    ])
    .optional()
    .describe(
      'the day, or the first and the last day, and the window that it lies in or overlaps: `period`, `snapshot` or a window of the configuration; no date leaves it open, but no last day means that it goes on',
    ),
});
export type Events = z.infer<typeof events>;

/** Who is counted. Presets over one population share its denominators, so equal names must mean equal rules. */
export const population = z.strictObject({
  name: definitionName.describe('what the population is called'),
  who: z
    .enum(['enrolled_on_snapshot', 'enrolled_in_period', 'on_record'])
    .describe('on_record: every child of whom a school has a record, enrolled or not'),
  grades: z.array(gradeCode).min(1).optional().describe('only children in these grades'),
  having: events.optional().describe('only children with such a row'),
});
export type PopulationRule = z.infer<typeof population>;

export const units = ['rows', 'days', 'minutes'] as const;
export type Unit = (typeof units)[number];

const counting = z.strictObject({
  kind: z.literal('events'),
  events,
  of: z.enum(units).default('rows').describe('what is added up for each child: rows, days or minutes'),
  at_least: z.int().min(1).default(1).describe('so many are a yes'),
  otherwise: z
    .enum(['no', 'unknown'])
    .default('no')
    .describe('what a child is of whom nothing is found: `unknown` where not found does not mean no'),
});

const bands = z.strictObject({
  kind: z.literal('bands'),
  events,
  of: z.enum(units),
  bands: z
    .array(z.strictObject({ name: definitionName, title: z.string().min(1).max(40), from: z.int().min(0) }))
    .min(2)
    .describe('each from its number up to the next one; the first from 0'),
});

/** How much of its scheduled minutes a child must miss for the day to count. A source's own yes or no stands. */
export const dayRules = ['half', 'over_half', 'whole'] as const;
export type DayRule = (typeof dayRules)[number];

const membership = {
  grades: z.array(gradeCode).min(1),
  minimum_days: z.int().min(1).max(200).describe('days in membership below which a child is not counted'),
  day: z.enum(dayRules).describe('how much of its minutes a child must miss for the day to count'),
};

const attendance = z.strictObject({
  kind: z.literal('attendance'),
  ...membership,
  chronic: z
    .union([
      z.strictObject({ one_in: z.int().min(2).max(100) }),
      z.strictObject({ absent_days: z.int().min(1) }),
    ])
    .describe('absent days x one_in >= days in membership; or so many absent days'),
});

const attendanceBands = z.strictObject({
  kind: z.literal('attendance_bands'),
  ...membership,
  bands: z
    .array(
      z.strictObject({
        name: definitionName,
        title: z.string().min(1).max(40),
        from: z.int().min(0).max(100),
      }),
    )
    .min(2)
    .describe(
      'percent of membership days present, each from its number up to the next one; the first from 0',
    ),
});

const followed = z.strictObject({
  kind: z.literal('followed'),
  events: events.describe('the referral; its date is the day from which is counted'),
  by: events.describe('the first attendance'),
  match: z
    .strictObject({ events: column, by: column })
    .describe('columns that must be equal, such as provider and site'),
  within_days: z.int().min(1).max(366),
});

const schools = z.strictObject({
  kind: z.literal('schools'),
  events: events.describe('rows about schools, never about children'),
  school: column.describe('its column with the school'),
});

const several = z.strictObject({
  kind: z.literal('several'),
  of: z
    .array(z.strictObject({ measure: definitionName, preset: definitionName }))
    .min(2)
    .describe('measures over the same population'),
  at_least: z.int().min(1),
});

const linked = z.strictObject({
  kind: z.literal('linked').describe('whether linkage has found the child at two partners or more'),
});

const byAccess = z.strictObject({
  kind: z.literal('by_access'),
  outcome: z.strictObject({ measure: definitionName, preset: definitionName }),
  access: z.strictObject({ measure: definitionName, preset: definitionName }).describe('a measure in bands'),
  matched_on: z
    .tuple([z.literal('grade_band'), z.literal('school')])
    .describe('strata within which children without access are compared'),
});

/** What is counted. A small set of building blocks, not a language: each compiles to SQL by one pure function. */
export const counts = z.discriminatedUnion('kind', [
  counting,
  bands,
  attendance,
  attendanceBands,
  followed,
  schools,
  several,
  byAccess,
  linked,
]);
export type Counts = z.infer<typeof counts>;
export type CountsOf<Kind extends Counts['kind']> = Extract<Counts, { kind: Kind }>;

/** A sum over children, beside the count of children: volume, reach and average, never in different units. */
export const amount = z.strictObject({
  of: z.enum(['rows', 'days', 'minutes', 'number']),
  column: column.optional().describe('number: the column that is added up'),
  unit: z.string().min(3).max(40).describe('what is added up, in words'),
  smallest_reach: z
    .int()
    .min(3)
    .default(10)
    .describe('a sum over fewer children is never published: it could be the sum of one child'),
});
export type Amount = z.infer<typeof amount>;
