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
    /** No cells of its own: those of another measure once more, by the level of access that each child has. */
    breakdown: z.strictObject({ measure: z.string(), dimension: z.string() }).optional(),
  }),
);

export type MeasureDefinition = z.infer<typeof measureDefinitions>[number];

export const DEFINITIONS_FILE = 'definitions.json';
