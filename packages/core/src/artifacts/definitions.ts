import { z } from 'zod';

/** What a measure counts, in words that travel with its cells: `definitions.json` of a measures artifact. */
export const measureDefinitions = z.array(
  z.strictObject({
    /** As its cells are named: `<measure>_<preset>`. */
    name: z.string(),
    measure: z.string(),
    preset: z.string(),
    /** Of the definition: another one may give another number for the same children. */
    version: z.int().min(1),
    title: z.string(),
    population: z.string(),
    source: z.string(),
    caveats: z.array(z.string()),
    /**
     * Measures of one partition add up: in every place the yes of all of them are the children whose answer is
     * known. Whoever publishes two of them must protect them together.
     */
    partition: z.string().optional(),
    /** What is added up over children beside their count, in words, and over how many children at least. */
    amount: z.strictObject({ unit: z.string(), smallest_reach: z.int() }).optional(),
    /** What is read, as `<partner> <payload table>`: other sources may give another number. */
    sources: z.array(z.string()).optional(),
    /** The words of the definition, for people. */
    words: z
      .strictObject({
        question: z.string(),
        formula: z.string(),
        numerator: z.string(),
        denominator: z.string(),
        excluded: z.array(z.string()),
        unknown: z.array(z.string()),
        use: z.string(),
        decided: z.strictObject({ by: z.string(), on: z.string(), because: z.string() }),
        /** The worked example: a child in a few words, and what it counts as by preset. */
        example: z.array(z.strictObject({ is: z.string(), counts_as: z.record(z.string(), z.string()) })),
      })
      .optional(),
    /** No cells of its own: those of another measure once more, by the level of access that each child has. */
    breakdown: z.strictObject({ measure: z.string(), dimension: z.string() }).optional(),
  }),
);

export type MeasureDefinition = z.infer<typeof measureDefinitions>[number];

export const DEFINITIONS_FILE = 'definitions.json';
