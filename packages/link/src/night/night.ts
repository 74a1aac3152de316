import { type Session, sql } from '@throughline/engine';
import { comparing } from '@throughline/model';
import type { TokenTables } from '../admit/admit.js';
import type { Parameters } from '../estimate/parameters.js';
import { sourceNames } from '../evidence/records.js';
import { linkTokens } from '../link-tokens.js';
import { makeDecided } from '../links/links.js';
import type { Pass } from '../passes/passes.js';
import { keepExpected, keepHealth, keepModel, makeSealedPairs } from '../sealed/keep.js';
import { linkSealed } from '../sealed/link-sealed.js';
import { compareMeetings, compareNothing, makeMeetings } from '../sealed/meetings.js';
import { modelAsText, type SealedModel } from '../sealed/model.js';
import type { PlanDelivery } from '../sealed/own-pairs.js';
import { type Doubt, keepPasses, noPasses } from '../sealed/pass-yield.js';
import { keepReviewed, type Reviewed } from '../sealed/reviews.js';
import { readSealedFiles, type SealedDelivery, type SealedFiles, sealedRecords } from '../sealed/slots.js';
import { askChanged, tokensAsked } from './asked.js';
import { type Anew, basisOf, type Ground, MOST_CHANGED, standingOn } from './basis.js';
import { type Findings, type FoundOfNight, foundOfNight, tonightsName } from './findings.js';
import { keepDecisions, placedRecords, tonightsMeetings } from './keep.js';
import { makeSeen } from './seen.js';

export type Linking = {
  readonly session: Session;
  readonly deliveries: readonly TokenTables[];
  readonly slots: readonly SealedDelivery[];
  readonly plans: readonly PlanDelivery[];
  readonly passes: readonly Pass[];
  readonly reviewed: readonly Reviewed[];
  /** What decides beside rows. */
  readonly ground: Ground;
  /** What was kept of the night before. */
  readonly findings: Findings | undefined;
  /** The parameters that the memorandum fixes. */
  readonly agreed: Parameters | undefined;
  /** A model that stands whoever is decided, as `modelAsText` wrote it; undefined to learn one when it is due. */
  readonly standing?: string | undefined;
};

/** Runs one named step. */
type Step = <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;

export type LinkedNight = {
  /** Why everybody was decided, or `rows-alone` where only what changed was. */
  readonly because: Anew | 'rows-alone';
  readonly records: number;
  /** Records that are new, gone, or were delivered otherwise. */
  readonly changed: number;
  /** Records whose persons were decided. */
  readonly decided: number;
  /** What has decided, to be fixed and used again; null where nothing is sealed. */
  readonly parameters: Parameters | null;
  /** What is doubtful about it. */
  readonly doubts: readonly Doubt[];
  readonly found: FoundOfNight;
};

/** What is asked tonight: a part of the records and a model that stands, or all of them and a model to be learned. */
type Asked = Pick<LinkedNight, 'because' | 'records' | 'changed' | 'decided'> & {
  readonly basis: string;
  readonly findings: Findings | undefined;
  readonly standing: string | undefined;
  /** Records of which the model was learned, and how many have changed since. */
  readonly learnedOf: number;
  readonly changedSince: number;
};

/**
 * Links the records of a night. Where nothing but rows has changed since last night, only the components that a changed
 * row could bear on are decided, under the model that stands; everybody else stays as decided. On any other night all
 * are, and the model is learned anew. Leaves the tables of what was found, from which everything that is written is read,
 * and sums of them, `pair_sums`, `sealed_passes` and `expected_between`.
 */
export async function linkNight(linking: Linking, step: Step): Promise<LinkedNight> {
  const { session, passes } = linking;
  const files = await readSealedFiles(session, linking.slots.length < 2 ? [] : linking.slots);
  await keepReviewed(session, linking.reviewed);
  const asked = await step('changes', () => askedOf(linking, files));
  const some = asked.because === 'rows-alone';
  const deliveries = some ? await tokensAsked(session, linking.deliveries) : linking.deliveries;
  const linked = await linkTokens({ session, deliveries, passes }, step);
  await meet(session, { files, asked }, step);
  await step('persons by tokens', () => session.make('placed', 'placed', placedRecords(asked.findings)));
  const { plans, agreed } = linking;
  const sources = await sourceNames(session);
  const { standing } = asked;
  const model = await linkSealed(
    { session, files, plans, sources, passes, ...linked, agreed, standing },
    step,
  );
  await step('decisions', async () => {
    await makeDecided(session, passes);
    await keepModelText(session, asked, modelAsText(model));
    return keepDecisions(session);
  });
  const found = foundOfNight(asked.findings);
  const doubts = await step('sealed pairs', () => keepSealed(session, { files, model, found }));
  return { ...asked, parameters: model.parameters, doubts, found };
}

type Sealed = { readonly files: SealedFiles; readonly model: SealedModel; readonly found: FoundOfNight };

/** Makes the tables that tell of sealed fields. @returns what is doubtful. */
async function keepSealed(session: Session, { files, model, found }: Sealed): Promise<Doubt[]> {
  const seals = files.passes.length > 0;
  const comparisons = seals ? comparing(files.layout).comparisons : [];
  await makeSealedPairs(session, found.all.pairs);
  await keepExpected(session);
  await keepModel(session, { comparisons, ...model });
  if (!seals) await session.make('sealed passes', 'sealed_passes', noPasses());
  const ofPasses = seals
    ? await keepPasses(session, { passes: files.passes, comparisons, meetings: found.all.meetings })
    : [];
  const doubts = [...model.health.map((finding) => ({ ...finding, pass: null })), ...ofPasses];
  await keepHealth(session, doubts);
  return doubts;
}

async function askedOf(
  { session, deliveries, slots, ground, findings: kept, standing: given }: Linking,
  files: SealedFiles,
): Promise<Asked> {
  const records = await makeSeen(session, { deliveries, slots: files.deliveries });
  const basis = basisOf({ ...ground, sources: await sourcesOf(session, deliveries), seals: slots.length });
  const standing = await standingOn(session, kept, basis);
  if (typeof standing === 'string')
    return everybody({ basis, records, because: standing, changed: records, standing: given });
  const changes = await askChanged(session, { findings: standing.findings, deliveries, files });
  const { changed } = changes;
  const changedSince = standing.changed + changed;
  if (changedSince > MOST_CHANGED * standing.records)
    return everybody({ basis, records, because: 'many-rows', changed, standing: given });
  return {
    because: 'rows-alone',
    basis,
    records,
    changed,
    decided: changes.asked,
    findings: standing.findings,
    standing: standing.parameters,
    learnedOf: standing.records,
    changedSince,
  };
}

type All = Pick<Asked, 'basis' | 'records' | 'because' | 'changed' | 'standing'>;

/** Everybody is decided, and nothing of an earlier night is carried over. */
const everybody = (all: All): Asked => ({
  ...all,
  findings: undefined,
  decided: all.records,
  learnedOf: all.records,
  changedSince: 0,
});

/** Kinds of record, and how many a person can have of each: not rows. */
async function sourcesOf(session: Session, deliveries: readonly TokenTables[]) {
  const found: (string | boolean)[][] = [];
  for (const { of, table } of deliveries) {
    const spaces = await session.rows(
      'spaces',
      sql`SELECT space, duplicate_free FROM ${table('spaces')} ORDER BY space`,
    );
    for (const row of spaces) found.push([of, String(row['space']), row['duplicate_free'] === true]);
  }
  return found;
}

type Meeting = { readonly files: SealedFiles; readonly asked: Asked };

/** Makes table `tonight_meetings`. */
async function meet(session: Session, { files, asked }: Meeting, step: Step): Promise<void> {
  if (files.passes.length === 0) await compareNothing(session);
  else {
    await makeMeetings(session, { files, records: sealedRecords(files) }, step);
    await step('compare', () => compareMeetings(session, files));
  }
  await session.make('meetings', tonightsName('meetings'), tonightsMeetings(asked.findings));
}

async function keepModelText(
  session: Session,
  { basis, learnedOf, changedSince }: Asked,
  parameters: string,
): Promise<void> {
  const schema = {
    basis: 'VARCHAR',
    parameters: 'VARCHAR',
    records: 'BIGINT',
    changed: 'BIGINT',
  } as const;
  await session.append('model kept', { name: 'kept_model', schema }, [
    [[basis], [parameters], [learnedOf], [changedSince]],
  ]);
}
