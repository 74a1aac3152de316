import { z } from 'zod';

/** What a measure counts, in words that travel with its cells: `definitions.json` of a measures artifact. */
export const measureDefinitions = z.array(
  z.strictObject({
    /** As its cells are named: `<measure>_<preset>`. */
    name: z.string(),
    measure: z.string(),
    preset: z.string(),
    title: z.string(),
    population: z.string(),
    source: z.string(),
    caveats: z.array(z.string()),
  }),
);

export type MeasureDefinition = z.infer<typeof measureDefinitions>[number];

export const DEFINITIONS_FILE = 'definitions.json';
