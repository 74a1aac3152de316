import { z } from 'zod';

const column = z.string().min(1).max(200);
const margin = z
  .array(column)
  .min(1)
  .max(8)
  .refine((columns) => new Set(columns).size === columns.length, 'each column once');

const table = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9_-]{0,60}$/i, 'letters, digits, hyphens and underscores')
      .describe('a name of its own, which its file bears'),
    cross: z
      .array(margin)
      .min(1)
      .max(8)
      .describe('the margins: each is at its total or at a value of any one of its columns, usually nested'),
  })
  .refine(({ cross }) => new Set(cross.flat()).size === cross.flat().length, 'no column in two margins');

/** `throughline evaluate disclosure`: people, tables, and what must not be worked out. Paths are relative to the file. */
export const disclosureSchema = z.strictObject({
  microdata: z.strictObject({
    path: z
      .string()
      .min(1)
      .refine((value) => !value.includes('\0'), 'a path without NUL')
      .describe('a CSV file in UTF-8 with a header; one row is a person, or a combination of values'),
    frequency: column.optional().describe('the column that says how many people a row stands for'),
    delimiter: z.enum([',', ';', '\t', '|']).default(',').describe('what separates the fields'),
  }),
  primary: z
    .strictObject({
      from: z.int().min(1).describe('the least count that is sensitive'),
      to: z.int().min(1).max(1000).describe('the largest count that is sensitive'),
      zero: z
        .enum(['publish', 'suppress'])
        .default('publish')
        .describe('whether an empty cell is printed as 0 or is sensitive too'),
    })
    .refine(({ from, to }) => from <= to, '`from` is at most `to`'),
  min_width: z
    .int()
    .min(1)
    .max(10_000)
    .describe('people between the least and the most that a sensitive count may be, to anybody'),
  attackers: z
    .array(z.enum(['A0', 'A1', 'A3']))
    .min(1)
    .refine((models) => new Set(models).size === models.length, 'each model once')
    .default(['A1', 'A3'])
    .describe('the attacker models that the outcome names'),
  tables: z
    .array(table)
    .min(1)
    .max(64)
    .refine((tables) => new Set(tables.map(({ name }) => name)).size === tables.length, 'each name once'),
});

export type DisclosureConfig = z.infer<typeof disclosureSchema>;
