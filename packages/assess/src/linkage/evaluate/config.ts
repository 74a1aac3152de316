import { encodingTerms } from '@throughline/agreement';
import { z } from 'zod';

/** A column, or a column and how its dates are written: `YYYYMMDD`, `MM/DD/YYYY`. */
const column = z.string().min(1).max(200);
const dateColumn = z.union([
  column,
  z.strictObject({
    column,
    format: z
      .string()
      .regex(/^[^%]{1,40}$/)
      .default('YYYY-MM-DD')
      .describe('YYYY or YY, MM or M, DD or D, and what stands between them'),
  }),
]);

const fields = z
  .strictObject({
    first: column.optional(),
    middle: column.optional(),
    last: column.optional(),
    suffix: column.optional(),
    dob: dateColumn.optional(),
    birth_year: column.optional(),
    sex: column.optional(),
    street_number: column.optional(),
    street: column.optional().describe('the street, or the whole line of the address'),
    city: column.optional(),
    zip: column.optional(),
    phone: column.optional(),
    email: column.optional(),
    student_id: column.optional(),
    state_id: column.optional(),
    guardian: column.optional(),
    place_of_birth: column.optional(),
    custom: z
      .union([column, z.array(column).min(1).max(4)])
      .optional()
      .describe('up to four columns of which equal is equal and nothing more is known'),
  })
  .refine((given) => Object.values(given).some((each) => each !== undefined), {
    error: 'at least one field is mapped',
  });
export type FieldColumns = z.infer<typeof fields>;

const source = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/),
  path: z.string().min(1).max(1000).describe('a CSV file with a header; relative to this file'),
  truth: z
    .strictObject({
      column,
      pattern: z
        .string()
        .max(200)
        .refine(isPattern, { error: 'a regular expression' })
        .optional()
        .describe('a regular expression; its first group, or all of it, is the true id'),
    })
    .describe('who a record is about; the linker never sees it'),
  group: z
    .strictObject({ column, optional: z.boolean().default(false) })
    .optional()
    .describe('households or sets of twins, to count those falsely linked within'),
  fields,
});
export type SourceConfig = z.infer<typeof source>;

/** What `throughline evaluate linkage` is told. */
export const evaluationConfig = z.strictObject({
  one_to_one: z.boolean().describe('whether a person has at most one record in a source'),
  sources: z
    .array(source)
    .min(2)
    .max(20)
    .refine((sources) => new Set(sources.map(({ name }) => name)).size === sources.length, {
      error: 'a source has a name of its own',
    }),
  passes: z
    .strictObject({
      most: z.int().min(1).max(64).default(40),
      unique: z.number().min(0.5).max(1).optional(),
      known_children: encodingTerms.shape.known_children,
    })
    .default({ most: 40 })
    .describe('how many passes are chosen at most, and how near-unique their values must be'),
});
export type EvaluationConfig = z.infer<typeof evaluationConfig>;

/** `ungated`: sealed as by `default`, under passes that the gate would not all let through. */
export const encodings = ['default', 'ungated', 'exact', 'clear'] as const;
export type Encoding = (typeof encodings)[number];

function isPattern(text: string): boolean {
  try {
    return new RegExp(text).source !== '';
  } catch {
    return false;
  }
}
