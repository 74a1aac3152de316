import { CANARY_RECORDS, canonicalJson, ThroughlineError, type WarningName } from '@throughline/core';
import {
  type Carrying,
  keyedIds,
  type ReadArtifact,
  type Stage,
  type StageContext,
  sha256Of,
  sql,
} from '@throughline/engine';
import { z } from 'zod';
import {
  type Delivery,
  linkageTerms,
  memorandumOf,
  requireDeliveries,
  requireOneKey,
  requireSignedRules,
  withOwnersWord,
} from './admit/admit.js';
import { agreedParameters, PARAMETERS_FILE } from './estimate/agreed-parameters.js';
import { linkRows, passRows } from './links/links.js';
import type { Ground } from './night/basis.js';
import { FOUND } from './night/findings.js';
import { type LinkedNight, linkNight } from './night/night.js';
import { type Pass, passesAgreed } from './passes/passes.js';
import { certaintyRows } from './people/certainty.js';
import { carryOver, counterRow, eventRows, historyRows, peopleRows } from './people/people.js';
import { makeTombstones, makeWithdrawn, tombstoneRows } from './people/tombstones.js';
import { canaryCounts } from './receive/canary-counts.js';
import { comparedRows, expectedRows, weightRows } from './sealed/keep.js';
import type { Doubt } from './sealed/pass-yield.js';

const config = z.strictObject({
  partners: z
    .array(z.string().min(1).max(200))
    .min(1)
    .refine((partners) => new Set(partners).size === partners.length, { error: 'a partner is listed once' })
    .describe('whose tokens are linked'),
  rules: z
    .array(z.strictObject({ name: z.string().min(1).max(200), basis: z.enum(['exact', 'probable', 'weak']) }))
    .min(1)
    .describe("the memorandum's rules, in its order"),
  reviewed: z
    .array(z.strictObject({ a: z.guid(), b: z.guid(), same: z.boolean() }))
    .default([])
    .describe('pairs of records of which both owners said whether they are one person'),
  token_key_readable: z
    .boolean()
    .describe('whether the token key can be opened where this runs; allowed with synthetic people only'),
});
export type LinkConfig = z.infer<typeof config>;
type Context = StageContext<LinkConfig>;
const VERSION = '10';

/** All partners' tokens -> links and people, at the linkage unit, without the token key. */
export const linkStage: Stage<LinkConfig> = {
  name: 'link',
  version: VERSION,
  config,
  // What the next night goes by comes last: without it, it would decide everybody.
  writes: ['links', 'people', 'findings'],
  irreplaceable: ['people'],
  secrets: ['person-key'],
  governs: (documents, { day, config: { partners } }) => linkageTerms(documents, { partners, day }),
  run: async (context) => {
    const { step, session, previous } = context;
    requireKeyOutOfReach(context);
    const { deliveries, passes, parametersSha256 } = admit(context);
    const parameters = await agreedParameters(context.extracts, parametersSha256);
    const night = await linkNight(
      {
        session,
        deliveries: deliveries.map(withOwnersWord),
        passes,
        ...sealedInputs(context),
        reviewed: context.config.reviewed,
        agreed: parameters,
        ground: groundOf(context, deliveries),
        findings: previous('findings'),
      },
      step,
    );
    warnOf(night.doubts, context);
    await makeWithdrawn(session, deliveries);
    await step('links', () => writeLinks(context, night));
    await step('people', () => writePeople(context, deliveries, night));
    await step('findings', () => writeFindings(context, night));
  },
};

/**
 * Whoever links and holds the token key can tokenize a list of names and look everybody up.
 *
 * @throws ThroughlineError KEY_WITHIN_REACH unless everybody is synthetic; then it warns.
 */
function requireKeyOutOfReach({ config, synthetic, warn }: Context): void {
  if (!config.token_key_readable) return;
  if (!synthetic) throw new ThroughlineError('KEY_WITHIN_REACH');
  warn('key-within-reach');
}

function admit({ config, documents, day, inputs }: Context): {
  readonly deliveries: readonly Delivery[];
  readonly passes: readonly Pass[];
  /** Of the parameters that the memorandum fixes. */
  readonly parametersSha256: string | undefined;
} {
  const memorandum = memorandumOf(documents, { partners: config.partners, day });
  const deliveries = requireDeliveries(inputs('tokens'), config.partners);
  requireOneKey(deliveries, memorandum.document);
  requireSignedRules(config.rules, memorandum);
  const { linkage } = memorandum.document;
  return {
    deliveries,
    passes: passesAgreed(linkage),
    parametersSha256: linkage.parameters_sha256,
  };
}

const WARNINGS: Readonly<Record<Doubt['finding'], WarningName | undefined>> = {
  'prior too high': undefined,
  'households found': undefined,
  'first name seldom equal': 'first-name-seldom-equal',
  'untrained level': 'untrained-level',
  'dependent fields': 'dependent-fields',
  'pass finds households': 'pass-finds-households',
};

/** Once for each kind of finding, however many there are; the artifact has each. */
function warnOf(doubts: readonly Doubt[], { warn }: Context): void {
  const about = new Set(doubts.flatMap(({ finding }) => WARNINGS[finding] ?? []));
  for (const name of about) warn(name);
}

/** Slots and plans of partners that deliver; of others they would be nobody's. */
function sealedInputs({ config: { partners }, inputs }: Context) {
  const own = ({ of }: { readonly of: string }) => partners.includes(of);
  return { slots: inputs('slots').filter(own), plans: inputs('plan').filter(own) };
}

/** Whatever decides beside rows. */
function groundOf(
  { config, documents, day, inputs, software }: Context,
  deliveries: readonly Delivery[],
): Ground {
  return {
    version: VERSION,
    software,
    config: { ...config },
    documents: linkageTerms(documents, { partners: config.partners, day }).map(({ sha256 }) => sha256),
    keys: deliveries.map(({ of, manifest }) => [of, manifest.producedBy.keyCheck?.value ?? null]),
    plans: inputs('plan').map(({ of, sha256 }) => [of, sha256]),
  };
}

async function writeLinks(context: Context, night: LinkedNight): Promise<number> {
  const { output } = context;
  const { because, changed, decided, parameters, found } = night;
  const links = output('links');
  links.count(RUN, thisRun(context));
  links.count('learned', because === 'rows-alone' ? 0 : 1);
  links.count('changed', changed);
  links.count('decided', decided);
  await links.table('passes', passRows(found.all));
  await links.table('model', sql`SELECT * FROM model`);
  await links.table('health', sql`SELECT * FROM health`);
  if (parameters !== null) await links.file(PARAMETERS_FILE, `${JSON.stringify(parameters, undefined, 2)}\n`);
  await links.table('weights', weightRows());
  await links.table('expected', expectedRows());
  const from = carriedFrom(context, night, 'links');
  if (from !== undefined) {
    return links.carry(carrying(night, from), [
      ['compared', comparedRows(found.tonight)],
      ['links', linkRows(found.tonight)],
    ]);
  }
  await links.table('compared', comparedRows(found.all));
  return links.table('links', linkRows(found.all));
}

async function writePeople(
  context: Context,
  deliveries: readonly Delivery[],
  night: LinkedNight,
): Promise<number> {
  const { session, output, previous, secret } = context;
  const idOf = keyedIds(secret('person-key'), 'person');
  const { tonight, all } = night.found;
  const [index, from] = [previous('people'), carriedFrom(context, night, 'people')];
  const some = from === undefined ? undefined : { records: tonight.records, anew: ANEW };
  const issued = await carryOver({ session, previous: index, records: all.records, some, idOf });
  const people = output('people');
  people.count(RUN, thisRun(context));
  for (const delivery of deliveries) {
    for (const { value } of canaryCounts(delivery))
      people.count(CANARY_RECORDS, value, { partner: delivery.of });
  }
  await makeTombstones(session, index);
  await people.table('tombstones', tombstoneRows());
  await people.table('counter', counterRow(issued));
  if (from !== undefined) {
    return people.carry(carrying(night, from), [
      ['history', eventRows(index)],
      ['certainty', certaintyRows(tonight)],
      ['people', peopleRows()],
    ]);
  }
  await people.table('history', historyRows(index));
  await people.table('certainty', certaintyRows(all));
  return people.table('people', peopleRows());
}

/**
 * A number of the run that made links, an index and findings, from all that it read: findings of another run than the
 * others say nothing of who stands in them.
 */
const RUN = 'run';
const runOf = (kept: Pick<ReadArtifact, 'manifest'> | undefined): number | undefined =>
  kept?.manifest.counts.find(({ name }) => name === RUN)?.value;

/** What last night wrote, where all that was not decided tonight stands in it as it does in the findings. */
function carriedFrom<Kind extends 'links' | 'people'>(
  { previous }: Context,
  { because }: LinkedNight,
  kind: Kind,
): ReadArtifact<Kind> | undefined {
  const before = previous(kind);
  return because === 'rows-alone' && runOf(before) === runOf(previous('findings')) ? before : undefined;
}

const ANEW = sql`anew`;

const carrying = <Kind extends 'links' | 'people' | 'findings'>(
  { records }: LinkedNight,
  from: ReadArtifact<Kind>,
): Carrying<Kind> => ({ from, replaced: ANEW, never: sql`withdrawn`, records });

function thisRun({ config, inputs, previous }: Context): number {
  const read = [...inputs('tokens'), ...inputs('slots'), ...inputs('plan')].map(({ sha256 }) => sha256);
  const before = [previous('people'), previous('findings')].map((each) => each?.sha256 ?? null);
  return Number.parseInt(sha256Of(canonicalJson([{ ...config }, read, before])).slice(0, 12), 16);
}

async function writeFindings(context: Context, night: LinkedNight): Promise<number> {
  const { output, previous } = context;
  const findings = output('findings');
  findings.count(RUN, thisRun(context));
  const before = night.because === 'rows-alone' ? previous('findings') : undefined;
  await findings.table('model', sql`SELECT * FROM kept_model`);
  const { tonight, all } = night.found;
  if (before !== undefined)
    return findings.carry(
      carrying(night, before),
      FOUND.map((name) => [name, sql`SELECT * FROM ${tonight[name]}`] as const),
    );
  let rows = 0;
  for (const name of FOUND) rows += await findings.table(name, sql`SELECT * FROM ${all[name]}`);
  return rows;
}
