import { passPacks, type SealingPass } from '@throughline/agreement';
import { deriveKeys, type LinkageTerms } from '@throughline/tokenize';
import { drawing } from './draw.js';
import type { EvaluationEffects } from './evaluate.js';
import { linkByModel, ownersOf } from './model.js';
import { fieldsOf } from './plan.js';
import { type Judgement, judge } from './score.js';
import type { Source } from './sources.js';
import { stopwatch } from './stopwatch.js';

export type ScaleOutcome = Pick<Judgement, 'own' | 'candidates_per_record'> & {
  readonly seconds: Readonly<Record<string, number>>;
};

/** What the gate lets two files of 30,000 children or more use, by and large. */
const USED = new Set([
  'last3_year_day',
  'first_year_mi',
  'first3_dob',
  'names3_month_day',
  'mi_dob_sex',
  'last_year_mi',
  'first_zip_year',
  'lastsound_month_day',
  'first_month_day',
  'firstend3_dob',
  'last_zip_year',
  'last_month_day_mi',
]);
const PASSES: readonly SealingPass[] = passPacks['children-1'].filter(({ name }) => USED.has(name));
const TERMS: LinkageTerms = { id: 'scale', linkage: { epoch: 'scale', rules: [] } };

/** Seals two large files under fixed passes and links them: for measuring what linking costs, step by step. */
export function linkAtScale(sources: readonly Source[], effects: EvaluationEffects): ScaleOutcome {
  const clock = stopwatch(effects.elapsed);
  const draw = drawing(effects.seed);
  const keys = {
    keys: deriveKeys(effects.randomKey(), TERMS),
    own: sources.map(() => deriveKeys(effects.randomKey(), TERMS)),
  };
  const fields = fieldsOf(sources);
  const config = { one_to_one: true, passes: { most: PASSES.length } };
  const owners = ownersOf({ config, sources, fields, keys, draw, clear: false });
  const sealing = { ...fields, passes: PASSES };
  const modelling = { config, sources, owners, sealing, keys, clock, clear: false, parameters: undefined };
  const { judged } = linkByModel(modelling);
  const { own, candidates_per_record } = clock('judge', () => judge(judged));
  return { own, candidates_per_record, seconds: clock.seconds() };
}
