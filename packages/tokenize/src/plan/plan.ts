import { type EncodingTerms, type Sealing, sealingOf, termsOf } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { type Sql, type Stage, type StageContext, sql } from '@throughline/engine';
import { z } from 'zod';
import { duplicatesTold } from '../duplicates/told.js';
import { numberOwnRecords, spacesConfig } from '../emit/own-records.js';
import { mayBeSmall } from '../gate/decide-gate.js';
import { leastPersons, requireLeastPersons } from '../gate/gate.js';
import { keyCardSchema, requireKey } from '../keys/card.js';
import { deriveKeys, type LinkageTerms } from '../keys/derive.js';
import { passesListed } from '../seal/decide.js';
import { clusterPersons, duplicateRules } from '../seal/local-persons.js';
import { readPassValues } from '../seal/pass-values.js';
import { countLikeness, type LikenessRow } from './likeness.js';
import { noShares, passShares, personsHalved, personsRounded, sizeRounded, valuePersons } from './share.js';

const config = z.strictObject({
  spaces: spacesConfig,
  key_card: keyCardSchema.describe('the card of the token key, as the keyholder gave it out'),
  least_persons: leastPersons,
});
export type PlanConfig = z.infer<typeof config>;
type Context = StageContext<PlanConfig>;

/** Identifiers -> what their owner tells of them before anything is sealed, once an epoch. */
export const planStage: Stage<PlanConfig> = {
  name: 'plan',
  version: '2',
  config,
  writes: ['plan'],
  secrets: ['token-key', 'record-key'],
  governs: (documents, { of, day }) => {
    const { emou, dsa } = termsOf(documents, of, { day, use: 'linkage' });
    return [emou, dsa];
  },
  run: async (context) => {
    const { step, config, session, inputs, of } = context;
    const terms = termsOf(context.documents, of, { day: context.day, use: 'linkage' }).emou.document;
    requireKey({ root: context.secret('token-key').bytes, terms, card: config.key_card });
    requireLeastPersons(config.least_persons, context.synthetic);
    const encoding = encodingFor(terms);
    const sealing = sealingOf(encoding);
    const records = await step('records', () =>
      numberOwnRecords({
        session,
        inputs: inputs('identifiers'),
        of,
        spaces: config.spaces,
        planted: inputs('planted'),
      }),
    );
    if (records < config.least_persons && !mayBeSmall(encoding)) {
      await step('write', () => writeSmall(context, records));
      return;
    }
    await step('persons', () => findPersons(context, terms, { sealing, records }));
    await step('shares', () => shareValues(context, sealing));
    const likeness = await step('likeness', () => likenessOf(context, terms, sealing));
    await step('write', () => writePlan(context, likeness));
  },
};

/** @throws ThroughlineError CONFIG_INVALID where the memorandum allows no encoding. */
export function encodingFor({ linkage }: LinkageTerms): EncodingTerms {
  if (linkage.encoding !== undefined) return linkage.encoding;
  throw new ThroughlineError('CONFIG_INVALID', {
    field: safeName('linkage.encoding'),
    rule: safeName('a memorandum that allows an encoding'),
  });
}

type Asked = { readonly sealing: Sealing; readonly records: number };

/**
 * Makes `pass_values`, `prints` and `persons`. @returns how many persons there are.
 *
 * @throws ThroughlineError ARTIFACT_MISSING as `duplicatesTold`.
 */
export async function findPersons(
  { session, secret, inputs, of }: Pick<Context, 'session' | 'secret' | 'inputs' | 'of'>,
  terms: LinkageTerms,
  { sealing, records }: Asked,
): Promise<number> {
  const duplicates = duplicatesTold(terms, inputs('duplicates'), of);
  const own = deriveKeys(secret('record-key').bytes, terms);
  try {
    const passes = [...sealing.passes, ...duplicateRules(terms.linkage.rules)];
    await readPassValues({ session, passes, own });
    return await clusterPersons(session, { firstRule: sealing.passes.length, records, duplicates });
  } finally {
    own.erase();
  }
}

async function shareValues({ session }: Context, { passes }: Sealing): Promise<number> {
  await session.make('passes', 'passes', passesListed(passes.map(({ name }) => name)));
  await session.make('halves', 'halves', personsHalved());
  await session.make('values', 'value_persons', valuePersons(passes.length));
  return session.make('shares', 'shares', passShares());
}

async function likenessOf({ session, secret }: Context, terms: LinkageTerms, sealing: Sealing) {
  const keys = deriveKeys(secret('token-key').bytes, terms);
  try {
    return await countLikeness(session, sealing, keys);
  } finally {
    keys.erase();
  }
}

/** Of a file that is too small to be sealed nothing more is told. */
async function writeSmall({ session, output, config }: Context, records: number): Promise<number> {
  await session.make('shares', 'shares', noShares());
  return writeTables({ session, output, config }, sizeRounded(records), []);
}

const writePlan = (context: Context, likeness: readonly LikenessRow[]): Promise<number> =>
  writeTables(context, personsRounded(), likeness);

type Writing = Pick<Context, 'session' | 'output' | 'config'>;

async function writeTables(
  { session, output, config }: Writing,
  size: Sql,
  likeness: readonly LikenessRow[],
): Promise<number> {
  const plan = output('plan');
  const { agreement, epoch, check } = config.key_card;
  plan.keyCheck({ agreement, epoch, value: check });
  const schema = { kind: 'VARCHAR', pattern: 'VARCHAR', pairs: 'BIGINT' } as const;
  await session.append('likeness', { name: 'likeness', schema }, [
    [
      likeness.map(({ kind }) => kind),
      likeness.map(({ pattern }) => pattern),
      likeness.map(({ pairs }) => pairs),
    ],
  ]);
  await plan.table('likeness', sql`SELECT * FROM likeness`);
  await plan.table('size', size);
  return plan.table('passes', sql`SELECT * FROM shares`);
}
