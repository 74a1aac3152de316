import {
  householdRules,
  householdTermsOf,
  linkingRules,
  type TokenRule,
  termsOf,
} from '@throughline/agreement';
import { CANARY_RECORDS } from '@throughline/core';
import { type ReadArtifact, type Session, type Stage, type StageContext, sql } from '@throughline/engine';
import { z } from 'zod';
import { duplicatesTold } from './duplicates/told.js';
import { emitTokens, tokensMade } from './emit/emit-tokens.js';
import { findShared, type RulesNamed, ruleNames, withhold } from './emit/gate.js';
import { numberOwnRecords, ownIdentifiers, spacesConfig } from './emit/own-records.js';
import { countGates, writeTokens } from './emit/write.js';
import { keyCardSchema, requireKey } from './keys/card.js';
import { boundTerms, type LinkageTerms } from './keys/derive.js';

const config = z.strictObject({
  spaces: spacesConfig,
  key_card: keyCardSchema.describe('the card of the token key, as the keyholder gave it out'),
  households: z
    .literal(true)
    .optional()
    .describe('whether tokens of households are sent; without it there are none'),
});
export type TokenizeConfig = z.infer<typeof config>;
type Context = StageContext<TokenizeConfig>;
type Making = { readonly terms: LinkageTerms; readonly records: number };

/** Identifiers -> tokens, at their owner, under the key and the rules of the memorandum. */
export const tokenizeStage: Stage<TokenizeConfig> = {
  name: 'tokenize',
  version: '1',
  config,
  writes: ['tokens'],
  secrets: ['token-key'],
  governs: (documents, { of, day, config }) => {
    const { emou, dsa } = termsOf(documents, of, { day, use: 'linkage' });
    if (config.households) householdTermsOf(documents, of, day);
    return [emou, dsa];
  },
  run: async (context) => {
    const { step, config } = context;
    const terms = termsOf(context.documents, context.of, { day: context.day, use: 'linkage' }).emou.document;
    requireKey({ root: context.secret('token-key').bytes, terms, card: config.key_card });
    const records = await step('records', () => numberRecords(context));
    await step('tokens', () => makeTokens(context, { terms, records }));
    await step('gate', () => judgeTokens(context, rulesNamed(context, terms)));
    await step('write', () => writeArtifact(context, terms));
  },
};

/** The memorandum's own rules, those of households where they are asked for, and those of other systems. */
function rulesNamed({ config }: Context, { linkage }: LinkageTerms): RulesNamed {
  const households = config.households ? householdRules(linkage) : [];
  const [own, others] = [linkage.rules, linkingRules(linkage).slice(linkage.rules.length)];
  const nameOf = ({ name }: TokenRule) => name;
  return { names: [...own, ...households, ...others].map(nameOf), households: households.map(nameOf) };
}

const numberRecords = ({ session, config, inputs, of }: Context): Promise<number> =>
  numberOwnRecords({
    session,
    inputs: inputs('identifiers'),
    of,
    spaces: config.spaces,
    interop: inputs('interop')[0],
    planted: inputs('planted'),
  });

async function makeTokens(context: Context, making: Making): Promise<number> {
  const { session, secret, threads, inputs, config } = context;
  const { linkage } = making.terms;
  const rules = [...linkage.rules, ...(config.households ? householdRules(linkage) : [])];
  const work = { terms: boundTerms(making.terms), rules, root: secret('token-key').bytes };
  const made = await emitTokens({ session, work, records: making.records, threads });
  await session.make('whole tokens', 'made', tokensMade());
  const [interop] = inputs('interop');
  if (interop !== undefined) await addInterop(session, interop, rulesNamed(context, making.terms));
  await session.run('packed tokens', sql`DROP TABLE packed`);
  return made;
}

/** Tokens of another system, behind the memorandum's own rules; one that no rule of it admits is left out. */
async function addInterop(
  session: Session,
  interop: ReadArtifact<'interop'>,
  rules: RulesNamed,
): Promise<void> {
  await session.make('rule names', 'admitted', ruleNames(rules));
  await session.run(
    'tokens of other systems',
    sql`INSERT INTO made BY NAME SELECT place AS space, admitted.rule AS rule, record, token
        FROM ${interop.table('tokens')} AS delivered JOIN admitted ON admitted.name = delivered.rule
        JOIN numbered USING (record_id) JOIN spaces USING (space)`,
  );
}

async function judgeTokens({ session }: Context, rules: RulesNamed): Promise<number> {
  await session.make('rule names', 'rule_names', ruleNames(rules));
  await findShared(session, rules.names.length);
  return withhold(session);
}

async function writeArtifact(context: Context, terms: LinkageTerms): Promise<number> {
  const { session, output, inputs, of, config } = context;
  const tokens = output('tokens');
  const { agreement, epoch, check } = config.key_card;
  tokens.keyCheck({ agreement, epoch, value: check });
  await countGates(tokens, session);
  const planted = inputs('planted')[0]?.manifest.tables[0]?.rows ?? 0;
  if (planted > 0) tokens.count(CANARY_RECORDS, planted);
  return writeTokens(tokens, {
    identifiers: ownIdentifiers(inputs('identifiers'), of),
    duplicates: duplicatesTold(terms, inputs('duplicates'), of),
    rules: rulesNamed(context, terms).names,
  });
}
