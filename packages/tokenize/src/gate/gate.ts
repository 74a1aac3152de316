import { documentOf, requireInForce, sealingOf, termsOf } from '@throughline/agreement';
import { safeName, type TableSchema, ThroughlineError } from '@throughline/core';
import type { AppendBatch, ReadArtifact, Session, Stage, StageContext } from '@throughline/engine';
import { sql } from '@throughline/engine';
import { z } from 'zod';
import { keyCardSchema } from '../keys/card.js';
import { decideGate, type GateDecision, LARGE_FILE, LEAST_PERSONS, type PartnerPlan } from './decide-gate.js';

/** How many persons a file that is sealed has at least. */
export const leastPersons = z
  .int()
  .min(1)
  .max(LEAST_PERSONS)
  .default(LEAST_PERSONS)
  .describe('how many persons a file that is sealed has; less than the default for synthetic people only');

/** @throws ThroughlineError CONFIG_INVALID */
export function requireLeastPersons(least: number, synthetic: boolean): void {
  if (least < LEAST_PERSONS && !synthetic)
    throw invalid('least_persons', 'less than 10,000 for synthetic people only');
}

const config = z.strictObject({
  emou: z.string().describe('id of the memorandum that all partners stand under'),
  partners: z.array(z.string()).min(1).describe('who delivers'),
  key_card: keyCardSchema.describe('the card of the token key'),
  least_persons: leastPersons,
});
export type GateConfig = z.infer<typeof config>;
type Context = StageContext<GateConfig>;

/** Plans of all partners -> what they may seal in this epoch. Needs no key. */
export const gateStage: Stage<GateConfig> = {
  name: 'gate',
  version: '1',
  config,
  writes: ['gate'],
  secrets: [],
  governs: (documents, { day, config }) => {
    const emou = documentOf(documents.emous, config.emou, 'emou');
    requireInForce(emou, day);
    const dsas = config.partners.map((partner) => termsOf(documents, partner, { day, use: 'linkage' }).dsa);
    return [emou, ...dsas];
  },
  run: async (context) => {
    const { step, config, documents } = context;
    const { encoding } = documentOf(documents.emous, config.emou, 'emou').document.linkage;
    if (encoding === undefined) throw invalid('linkage.encoding', 'a memorandum that allows an encoding');
    requireLeastPersons(config.least_persons, context.synthetic);
    const plans = await step('plans', () => plansOf(context));
    const passes = sealingOf(encoding).passes.map(({ name }) => name);
    const decision = decideGate({
      plans,
      passes,
      terms: encoding,
      leastPersons: config.least_persons,
      largeFile: (config.least_persons * LARGE_FILE) / LEAST_PERSONS,
    });
    await step('write', () => writeGate(context, decision));
  },
};

const invalid = (field: string, rule: string) =>
  new ThroughlineError('CONFIG_INVALID', { field: safeName(field), rule: safeName(rule) });

/** The plan of every partner, each made under the key of the card. */
async function plansOf({ session, inputs, config }: Context): Promise<PartnerPlan[]> {
  const plans = inputs('plan');
  return Promise.all(
    config.partners.map((partner) => {
      const plan = plans.find(({ of }) => of === partner);
      if (plan === undefined) {
        throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName('plan'), of: safeName(partner) });
      }
      requireSameKey(plan, config.key_card);
      return readPlan(session, plan);
    }),
  );
}

/** @throws ThroughlineError KEY_MISMATCH where an artifact was made under another key than that of the card. */
export function requireSameKey(
  { of, kind, manifest }: ReadArtifact<'plan' | 'gate'>,
  card: z.infer<typeof keyCardSchema>,
): void {
  const check = manifest.producedBy.keyCheck;
  if (check?.agreement === card.agreement && check.epoch === card.epoch && check.value === card.check) return;
  throw new ThroughlineError('KEY_MISMATCH', { kind: safeName(kind), of: safeName(of) });
}

async function readPlan(session: Session, plan: ReadArtifact<'plan'>): Promise<PartnerPlan> {
  const [size = {}] = await session.rows('plan', sql`SELECT persons FROM ${plan.table('size')}`);
  const passes = await session.rows(
    'plan',
    sql`SELECT pass, unique_share, meeting_rate FROM ${plan.table('passes')}`,
  );
  return {
    partner: plan.of,
    persons: Number(size['persons'] ?? 0),
    passes: new Map(
      passes.map((row) => [
        String(row['pass']),
        { uniqueShare: Number(row['unique_share']), meetingRate: Number(row['meeting_rate']) },
      ]),
    ),
  };
}

const decisionSchema = { profile: 'VARCHAR', reason: 'VARCHAR', unique_share: 'DOUBLE' } as const;
const partnersSchema = {
  partner: 'VARCHAR',
  persons: 'BIGINT',
  seals: 'BOOLEAN',
  reason: 'VARCHAR',
} as const;
const passesSchema = {
  pass: 'VARCHAR',
  used: 'BOOLEAN',
  reason: 'VARCHAR',
  unique_share: 'DOUBLE',
  meetings: 'DOUBLE',
} as const;

async function writeGate({ session, output, config }: Context, decision: GateDecision): Promise<number> {
  const gate = output('gate');
  const { agreement, epoch, check } = config.key_card;
  gate.keyCheck({ agreement, epoch, value: check });
  const { profile, reason, uniqueShare, partners, passes } = decision;
  const write = async (
    name: 'decision' | 'partners' | 'passes',
    schema: TableSchema,
    columns: AppendBatch,
  ) => {
    await session.append(name, { name, schema }, [columns]);
    return gate.table(name, sql`SELECT * FROM ${tableNamed[name]}`);
  };
  await write('decision', decisionSchema, [[profile], [reason], [uniqueShare]]);
  await write('partners', partnersSchema, [
    partners.map((each) => each.partner),
    partners.map((each) => each.persons),
    partners.map((each) => each.seals),
    partners.map((each) => each.reason),
  ]);
  return write('passes', passesSchema, [
    passes.map((each) => each.pass),
    passes.map((each) => each.used),
    passes.map((each) => each.reason),
    passes.map((each) => each.uniqueShare),
    passes.map((each) => each.meetings),
  ]);
}

const tableNamed = { decision: sql`decision`, partners: sql`partners`, passes: sql`passes` };
