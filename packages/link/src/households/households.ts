import { householdRules, householdTermsOf } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { keyedIds, type ReadArtifact, type Stage, type StageContext, sql } from '@throughline/engine';
import { z } from 'zod';
import { type Delivery, memorandumOf, requireDeliveries, requireOneKey } from '../admit/admit.js';
import { type Counter, carryHouseholds } from './carry.js';
import { makeEvidence, readKnown } from './evidence.js';
import { type Formed, formHouseholds } from './form.js';
import { homeCounterRow, homeHistoryRows, homeTombstoneRows, memberRows, standingRows } from './rows.js';

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
    const { step, session } = context;
    const people = peopleOf(context);
    const { deliveries, rules, mostChildren } = admit(context);
    await step('evidence', () =>
      makeEvidence(session, { deliveries, rules, mostChildren, people: people.table('people') }),
    );
    const formed = await step('form', async () => formHouseholds(await readKnown(session), mostChildren));
    await step('members', () => keepFormed(context, formed));
    const counter = await step('ids', () => carryOver(context, people));
    await step('write', () => write(context, formed, counter));
  },
};

/** @throws ThroughlineError ARTIFACT_MISSING */
function peopleOf({ inputs, of }: Context): ReadArtifact<'people'> {
  const [people] = inputs('people');
  if (people?.of === of) return people;
  throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName('people'), of: safeName(of) });
}

function admit({ config: { partners }, documents, day, inputs }: Context): {
  readonly deliveries: readonly Delivery[];
  readonly rules: readonly string[];
  readonly mostChildren: number;
} {
  const { document } = memorandumOf(documents, { partners, day });
  const deliveries = requireDeliveries(inputs('tokens'), partners);
  requireOneKey(deliveries, document);
  return {
    deliveries,
    rules: householdRules(document.linkage).map(({ name }) => name),
    mostChildren: document.linkage.households?.most_children ?? 0,
  };
}

/** Makes `placed` (place, household) and `crowds` (place). @returns how many persons are in a household. */
async function keepFormed({ session }: Context, { households, crowd }: Formed): Promise<number> {
  const crowds = { name: 'crowds', schema: { place: 'INTEGER' } } as const;
  await session.append('crowds', crowds, [[Int32Array.from(crowd)]]);
  const placed = { name: 'placed', schema: { place: 'INTEGER', household: 'INTEGER' } } as const;
  return session.append('members', placed, [
    [Int32Array.from(households.keys()), Int32Array.from(households.values())],
  ]);
}

const carryOver = ({ session, previous, secret }: Context, people: ReadArtifact<'people'>): Promise<Counter> =>
  carryHouseholds({
    session,
    previous: previous('households'),
    withdrawn: people.table('tombstones'),
    idOf: keyedIds(secret('person-key'), 'household'),
  });

async function write(context: Context, { apart, refused }: Formed, counter: Counter): Promise<number> {
  const { session, output, previous } = context;
  const households = output('households');
  households.count('pairs_apart', apart);
  households.count('pairs_refused', refused);
  const crowded = await session.rows(
    'crowded tokens',
    sql`SELECT rule_name, count(*) AS tokens FROM home_tokens WHERE NOT clear GROUP BY rule_name ORDER BY rule_name`,
  );
  for (const { rule_name, tokens } of crowded)
    households.count('crowded_tokens', Number(tokens), { rule: String(rule_name) });
  await households.table('standing', standingRows());
  await households.table('tombstones', homeTombstoneRows(previous('households')));
  await households.table('history', homeHistoryRows());
  await households.table('counter', homeCounterRow(counter));
  return households.table('members', memberRows());
}
