import { type MeasureConfig, measureAsked, measuresOf } from '@throughline/measure';
import { z } from 'zod';

const sentence = z.string().min(10).max(400);
const links = z.array(measureAsked).min(1);

/** From a cabinet's goal, through an initiative, to indicators of access, to outcomes of children. */
export const throughlineSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,60}$/, 'lower-case letters, digits and hyphens'),
  goal: sentence.describe('what the cabinet wants for children'),
  initiative: z.strictObject({
    name: z.string().min(3).max(120),
    lead: z.string().min(2).max(120).describe('the organisation that answers for it'),
    since: z.iso.date(),
  }),
  access: links.describe('measures of access by which it is seen whether the initiative reaches children'),
  outcome: links.describe('measures of outcome by which it is seen how those children fare'),
  aim: sentence.optional().describe('what the cabinet has promised, in numbers and with a date'),
  decided: z
    .strictObject({ by: z.string().min(2).max(120), on: z.iso.date(), because: sentence })
    .describe('who decided on this chain, when and why: for whoever comes after'),
});
export type Throughline = z.infer<typeof throughlineSchema>;

type Problem = { readonly path: readonly (string | number)[]; readonly message: string };

const STEPS = [
  ['access', 'access-measures'],
  ['outcome', 'outcome-measures'],
] as const;

/** Every link has a measure that is counted every night and is of the right kind. */
export function throughlineProblems(
  throughlines: readonly Throughline[],
  measuring: MeasureConfig,
): Problem[] {
  const measures = measuresOf(measuring);
  return throughlines.flatMap((throughline, at) =>
    STEPS.flatMap(([step, use]) =>
      throughline[step].flatMap((asked, index) => {
        const path = ['throughlines', at, step, index];
        const found = measures.filter(
          ({ measure, preset }) => measure === asked.measure && preset === asked.preset,
        );
        if (found.length === 0) return [{ path, message: 'this measure is not asked for under measures' }];
        return found.every((each) => each.use === use) ? [] : [{ path, message: `no measure of ${step}` }];
      }),
    ),
  );
}
