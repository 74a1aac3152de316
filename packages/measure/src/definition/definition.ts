import { z } from 'zod';
import { example } from './example.js';
import { definitionProblems } from './problems.js';
import { amount, counts, definitionName, population } from './vocabulary.js';

const sentence = z.string().min(10).max(600);
const sentences = z.array(sentence);

const preset = z.strictObject({
  name: definitionName.describe('the rule, such as a jurisdiction'),
  title: sentence.describe('names the numerator, the denominator and the rule'),
  source: z.string().min(5).max(300).describe('where the rule is written'),
  caveats: sentences.default([]).describe('where a reader who knows the source would expect something else'),
  population: population.optional().describe('in place of that of the measure'),
  counts: counts.optional().describe('in place of that of the measure'),
});

/** What a measure counts, as data: `definitions/<measure>.yaml`. */
export const measureDefinitionFile = z
  .strictObject({
    kind: z.literal('measure'),
    measure: definitionName.describe('the name by which pipelines and licences ask for it'),
    version: z.int().min(1).describe('raised whenever a number could change'),
    question: sentence.describe('what the cabinet wants to know'),
    formula: sentence.describe('the rate, in words'),
    numerator: sentence,
    denominator: sentence,
    excluded: sentences.describe('who and what is left out'),
    unknown: sentences.describe('when a child is neither a yes nor a no'),
    caveats: sentences.default([]),
    use: z
      .enum(['access-measures', 'outcome-measures', 'quality-assessment'])
      .describe('the use that the agreement of every partner must permit'),
    decided: z
      .strictObject({ by: z.string().min(2).max(100), on: z.iso.date(), because: sentence })
      .describe('who decided on this definition, when and why: for whoever comes after'),
    population: population.optional(),
    counts: counts.optional(),
    amount: amount.optional(),
    presets: z.array(preset).min(1),
    example: example.describe('ten children and what they count as; run as a test'),
  })
  .superRefine((definition, context) => {
    for (const { path, message } of definitionProblems(definition)) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
  });

export type Definition = z.infer<typeof measureDefinitionFile>;
export type Preset = Definition['presets'][number];
