import { termsOf } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { modifiedAt, type Stage, type StageRequest } from '@throughline/engine';
import { ingestStage } from '@throughline/ingest';
import { tokenizeStage } from '@throughline/tokenize';
import type { Effects } from '../effects.js';
import { isResting, lastTaken } from '../holds/deliveries.js';
import { standingOf } from '../holds/standing.js';
import { receivedFrom } from '../parcels/state.js';
import { ingestRequest, tokenizeRequest } from '../pipeline/requests.js';
import { hostOf } from '../project/host.js';
import type { Project } from '../project/project.js';
import { type NightRun, readRuns } from './runs.js';

type Partner = Project['pipeline']['partners'][number];

/** What a person has to know of a partner in a word, the gravest that applies. */
export type Light = 'OK' | 'RESTING' | 'STALE' | 'HELD' | 'FAILED' | 'UNSIGNED' | 'EXPIRED' | 'REVOKED';

/** How a partner stands this morning: counts of records only. */
export type PartnerStanding = {
  readonly partner: string;
  readonly light: Light;
  /** What is the matter: a code, or the words of a hold; empty if nothing is. */
  readonly why: string;
  readonly extracts: number;
  /** Milliseconds since its oldest file was written; undefined if one is not there. */
  readonly age: number | undefined;
  readonly rows: number | undefined;
  /** Rows of the night before; undefined if there was none. */
  readonly before: number | undefined;
  readonly rejected: number | undefined;
  readonly records: number | undefined;
  readonly linked: number | undefined;
};

/** How every partner stands, from notes and manifests alone: no row is read. */
export async function standings(project: Project, effects: Effects): Promise<readonly PartnerStanding[]> {
  const runs = await readRuns(project);
  const found: PartnerStanding[] = [];
  for (const partner of partnersSeen(project))
    found.push(await standingNow(project, { partner, runs }, effects));
  return found;
}

/** A partner sees itself; whoever links or counts sees all. */
const partnersSeen = ({ pipeline, here }: Project): readonly Partner[] => {
  const own = pipeline.partners.filter(({ name }) => here.partner(name));
  return own.length > 0 ? own : pipeline.partners;
};

type Asked = { readonly partner: Partner; readonly runs: readonly NightRun[] };

async function standingNow(
  project: Project,
  { partner, runs }: Asked,
  effects: Effects,
): Promise<PartnerStanding> {
  const { name } = partner;
  const counted = runs.filter(({ partners }) => Object.hasOwn(partners, name));
  const [before, last] = [counted.at(-2)?.partners[name], counted.at(-1)?.partners[name]];
  return {
    partner: name,
    ...(await lightOf(project, { partner, runs }, effects)),
    extracts: partner.extracts.length,
    age: await ageOf(project, partner, effects),
    rows: last?.rows,
    before: before?.rows,
    rejected: last?.rejected,
    records: last?.records,
    linked: last?.linked,
  };
}

type Shown = Pick<PartnerStanding, 'light' | 'why'>;

async function lightOf(project: Project, { partner, runs }: Asked, effects: Effects): Promise<Shown> {
  if (!project.here.partner(partner.name)) return lightElsewhere(project, partner);
  const refused = await refusalOf(project, partner, effects);
  if (refused !== undefined) return { light: LIGHTS[refused] ?? 'FAILED', why: refused };
  const failure = runs.at(-1)?.failure;
  if (failure?.partner === partner.name) return { light: 'FAILED', why: failure.code };
  const standing = await standingOf(project, partner.name);
  if (standing.state === 'held')
    return { light: 'HELD', why: `${standing.hold}: ${standing.reasons.join(', ')}` };
  if ((await lastTaken(project, partner.name)) === undefined) return { light: 'STALE', why: 'no data yet' };
  const refusal = await refusedElsewhere(project);
  if (refusal !== undefined) return { light: 'FAILED', why: refusal };
  if (standing.state === 'current') return { light: 'OK', why: '' };
  const light = isResting(project, partner) ? 'RESTING' : 'STALE';
  return { light, why: `data of ${standing.since} in use` };
}

/** How a partner at another host stands, by its parcels. */
async function lightElsewhere(project: Project, partner: Partner): Promise<Shown> {
  const agreed = agreementRefusal(project, partner);
  if (agreed !== undefined) return { light: LIGHTS[agreed] ?? 'FAILED', why: agreed };
  const { day, refused } = await receivedFrom(project, hostOf(project.here.hosts, partner.name));
  const last = refused.at(-1);
  if (last !== undefined) return { light: 'FAILED', why: `${last.code} on ${last.day}; ${inUse(day)}` };
  if (day === null) return { light: 'STALE', why: 'no parcel yet' };
  if (day !== project.day) return { light: 'STALE', why: `no parcel since ${day}; ${inUse(day)}` };
  const { state, since, hold, reasons } = await standingOf(project, partner.name);
  if (state === 'held') return { light: 'HELD', why: `${hold}: ${reasons.join(', ')}` };
  return state === 'current'
    ? { light: 'OK', why: '' }
    : { light: 'RESTING', why: `data of ${since} in use` };
}

const inUse = (day: string | null): string =>
  day === null ? 'no data yet' : `what came on ${day} is in use`;

/** What another host says that it could not take in of ours: the last parcel that it refused, or a sheet. */
async function refusedElsewhere(project: Project): Promise<string | undefined> {
  const { host, hosts } = project.here;
  for (const { host: other } of host === undefined ? [] : hosts) {
    const { refused = [], answers } = (await receivedFrom(project, other)).acknowledgement ?? {};
    const last = refused.at(-1);
    if (last !== undefined)
      return `${other} refused parcel ${last.sequence ?? 'without a number'}: ${last.code}`;
    if (answers?.code != null) return `${other} refused line ${answers.line} of answers.csv: ${answers.code}`;
  }
  return undefined;
}

function agreementRefusal({ documents, day }: Project, { name }: Partner): string | undefined {
  try {
    termsOf(documents, name, { day, use: 'linkage' });
    return undefined;
  } catch (thrown) {
    if (thrown instanceof ThroughlineError) return thrown.code;
    throw thrown;
  }
}

const LIGHTS: Readonly<Partial<Record<string, Light>>> = {
  AGREEMENT_EXPIRED: 'EXPIRED',
  AGREEMENT_REVOKED: 'REVOKED',
  DOCUMENT_NOT_APPROVED: 'UNSIGNED',
  QUORUM_SHORT: 'UNSIGNED',
  VERSION_UNCHAINED: 'UNSIGNED',
};

/** The code with which the agreements would stop this partner tonight. */
async function refusalOf(project: Project, partner: Partner, effects: Effects): Promise<string | undefined> {
  try {
    requireGoverned(ingestStage, ingestRequest(project, { partner, accepted: {} }, effects));
    requireGoverned(tokenizeStage, await tokenizeRequest(project, partner, effects));
    return undefined;
  } catch (thrown) {
    if (thrown instanceof ThroughlineError) return thrown.code;
    throw thrown;
  }
}

function requireGoverned<Config>(stage: Stage<Config>, { config, documents, of, day }: StageRequest): void {
  const parsed = stage.config.safeParse(config);
  if (!parsed.success) throw new ThroughlineError('CONFIG_INVALID', { stage: safeName(stage.name) });
  stage.governs(documents, { of, day, config: parsed.data });
}

async function ageOf(
  project: Project,
  { name, inbox, extracts }: Partner,
  { now }: Effects,
): Promise<number | undefined> {
  const { pipeline, here } = project;
  if (!here.partner(name)) {
    const { at } = await receivedFrom(project, hostOf(here.hosts, name));
    return at === null ? undefined : Math.max(0, now().getTime() - Date.parse(at));
  }
  const written: number[] = [];
  for (const { file } of extracts) {
    const modified = await modifiedAt(`${pipeline.resolve(inbox)}/${file}`);
    if (modified === undefined) return undefined;
    written.push(modified.getTime());
  }
  return Math.max(0, now().getTime() - Math.min(...written));
}
