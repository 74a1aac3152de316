import { householdRules, householdTermsOf } from '@throughline/agreement';
import { safeName, type TableOf, ThroughlineError } from '@throughline/core';
import { keyedIds, type ReadArtifact, type Stage, type StageContext, sql } from '@throughline/engine';
import { z } from 'zod';
import { memorandumOf, requireDeliveries, requireOneKey } from '../admit/admit.js';
import type { Evidence } from './evidence.js';
import { type Settled, settleHouseholds } from './settle.js';

const config = z.strictObject({
  partners: z
    .array(z.string().min(1).max(200))
    .min(1)
    .refine((partners) => new Set(partners).size === partners.length, { error: 'a partner is listed once' })
    .describe('whose tokens of households are counted; each must have granted it'),
});
export type HouseholdsConfig = z.infer<typeof config>;
type Context = StageContext<HouseholdsConfig>;

/** Tokens of households and the people index -> the household index, at the linkage unit. */
export const householdsStage: Stage<HouseholdsConfig> = {
  name: 'households',
  version: '1',
  config,
  writes: ['households'],
  irreplaceable: ['households'],
  secrets: ['person-key'],
  governs: (documents, { day, config: { partners } }) => {
    const granted = partners.map((partner) => householdTermsOf(documents, partner, day));
    const emous = new Map(granted.map(({ emou }) => [emou.document.id, emou]));
    return [...emous.values(), ...granted.map(({ dsa }) => dsa)];
  },
  run: async (context) => {
    const { step, session, previous, secret } = context;
    const people = peopleOf(context);
    const evidence = { ...admit(context), people: people.table('people') };
    const idOf = keyedIds(secret('person-key'), 'household');
    const withdrawn = people.table('tombstones');
    const settled = await settleHouseholds(
      { session, evidence, previous: previous('households'), withdrawn, idOf },
      step,
    );
    await step('write', () => write(context, settled));
  },
};

/** @throws ThroughlineError ARTIFACT_MISSING */
function peopleOf({ inputs, of }: Context): ReadArtifact<'people'> {
  const [people] = inputs('people');
  if (people?.of === of) return people;
  throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName('people'), of: safeName(of) });
}

function admit({ config: { partners }, documents, day, inputs }: Context): Omit<Evidence, 'people'> {
  const { document } = memorandumOf(documents, { partners, day });
  const deliveries = requireDeliveries(inputs('tokens'), partners);
  requireOneKey(deliveries, document);
  return {
    deliveries,
    rules: householdRules(document.linkage).map(({ name }) => name),
    mostChildren: document.linkage.households?.most_children ?? 0,
  };
}

async function write({ session, output }: Context, { formed, tables }: Settled): Promise<number> {
  const households = output('households');
  households.count('pairs_apart', formed.apart);
  households.count('pairs_refused', formed.refused);
  const crowded = await session.rows(
    'crowded tokens',
    sql`SELECT rule_name, count(*) AS tokens FROM home_tokens WHERE NOT clear GROUP BY rule_name ORDER BY rule_name`,
  );
  for (const { rule_name, tokens } of crowded)
    households.count('crowded_tokens', Number(tokens), { rule: String(rule_name) });
  let members = 0;
  for (const [name, rows] of Object.entries(tables))
    members = await households.table(name as TableOf<'households'>, rows);
  return members;
}
