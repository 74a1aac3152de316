import { householdRules, householdTermsOf, linkingRules, tellsDuplicates } from '@throughline/agreement';
import { CANARY_RECORDS } from '@throughline/core';
import { type Session, type Stage, sql } from '@throughline/engine';
import { z } from 'zod';
import { hasTable, linkageTerms, memorandumOf, ownersWordAmong } from '../admit/admit.js';
import { tokenDigests } from '../night/marks.js';
import { type Kept, tokensAtRest } from './at-rest.js';
import { canaryCounts } from './canary-counts.js';
import { countDelivery, noteDelivery } from './deliveries.js';
import { cardSchema, requireDelivery, requireSoundDuplicates, requireSoundTokens } from './requirements.js';

const config = z.strictObject({
  key_card: cardSchema.describe('the public card of the token key'),
  households: z
    .literal(true)
    .optional()
    .describe('whether tokens of households are kept; without it one that comes is refused'),
});
export type ReceiveTokensConfig = z.infer<typeof config>;

/** A partner's tokens -> the same under a key that the linkage unit alone has; what is wrong is refused. */
export const receiveTokensStage: Stage<ReceiveTokensConfig> = {
  name: 'receive',
  version: '2',
  config,
  writes: ['tokens'],
  secrets: ['person-key'],
  governs: (documents, { of, day, config }) => {
    if (config.households) householdTermsOf(documents, of, day);
    return linkageTerms(documents, { partners: [of], day });
  },
  run: async (context) => {
    const { config, step, session, inputs, of, day, previous, documents, output, secret } = context;
    const card = config.key_card;
    const delivery = requireDelivery(inputs('tokens'), { kind: 'tokens', of, card });
    const delivered = countDelivery({ of, day, card, previous: previous('tokens') });
    const { linkage } = memorandumOf(documents, { partners: [of], day }).document;
    const households = config.households ? householdRules(linkage) : [];
    const rules = [...linkingRules(linkage), ...households].map(({ name }) => name);
    await step('check', async () => {
      await requireSoundTokens(session, delivery, rules);
      await requireSoundDuplicates(session, delivery, tellsDuplicates(linkage));
    });
    await session.make(
      'delivered',
      'delivered',
      sql`SELECT rule, token, record_id FROM ${delivery.table('tokens')}`,
    );
    await step('re-key', () => rekeyTokens(session, { key: secret('person-key'), ...card }, rules));
    const kept = output('tokens');
    kept.keyCheck({ agreement: card.agreement, epoch: card.epoch, value: card.check });
    noteDelivery(kept, delivered, day);
    for (const { value } of canaryCounts(delivery)) kept.count(CANARY_RECORDS, value);
    await step('write', async () => {
      for (const table of ['records', 'spaces', 'missing', 'withdrawn'] as const)
        await kept.table(table, sql`SELECT * FROM ${delivery.table(table)}`);
      const duplicates = hasTable(delivery, 'own_duplicates') ? delivery.table('own_duplicates') : undefined;
      if (duplicates !== undefined) await kept.table('own_duplicates', sql`SELECT * FROM ${duplicates}`);
      const all = duplicates === undefined ? sql`kept` : sql`(${ownersWordAmong(sql`kept`, duplicates)})`;
      await kept.table('digests', tokenDigests(all));
      return kept.table('tokens', sql`SELECT rule, token, record_id FROM kept`);
    });
  },
};

const KEPT = { rule: 'VARCHAR', token: 'UUID', record_id: 'UUID' } as const;

/** Makes the table `kept` of `delivered`. @returns how many tokens are kept. */
async function rekeyTokens(session: Session, key: Kept, rules: readonly string[]): Promise<number> {
  const batches = async function* () {
    for (const rule of rules) {
      const atRest = tokensAtRest(key, rule);
      const tokens = session.columns(
        'tokens of a rule',
        sql`SELECT CAST(token AS VARCHAR) AS token, CAST(record_id AS VARCHAR) AS record_id FROM delivered WHERE rule = ${rule}`,
      );
      for await (const [token = [], record = []] of tokens)
        yield [token.map(() => rule), atRest(token.map(String)), record];
    }
  };
  return session.append('tokens at rest', { name: 'kept', schema: KEPT }, batches());
}
