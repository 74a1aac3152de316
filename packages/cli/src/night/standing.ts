import { safeName, ThroughlineError } from '@throughline/core';
import { modifiedAt, type Stage, type StageRequest } from '@throughline/engine';
import { ingestStage } from '@throughline/ingest';
import { tokenizeStage } from '@throughline/tokenize';
import type { Effects } from '../effects.js';
import { isResting, lastTaken } from '../holds/deliveries.js';
import { standingOf } from '../holds/standing.js';
import { ingestRequest, tokenizeRequest } from '../pipeline/requests.js';
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
  for (const partner of project.pipeline.partners)
    found.push(await standingNow(project, { partner, runs }, effects));
  return found;
}

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
  const refused = await refusalOf(project, partner, effects);
  if (refused !== undefined) return { light: LIGHTS[refused] ?? 'FAILED', why: refused };
  const failure = runs.at(-1)?.failure;
  if (failure?.partner === partner.name) return { light: 'FAILED', why: failure.code };
  const standing = await standingOf(project, partner.name);
  if (standing.state === 'held')
    return { light: 'HELD', why: `${standing.hold}: ${standing.reasons.join(', ')}` };
  if ((await lastTaken(project, partner.name)) === undefined) return { light: 'STALE', why: 'no data yet' };
  if (standing.state === 'current') return { light: 'OK', why: '' };
  const light = isResting(project, partner) ? 'RESTING' : 'STALE';
  return { light, why: `data of ${standing.since} in use` };
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
  { pipeline }: Project,
  { inbox, extracts }: Partner,
  { now }: Effects,
): Promise<number | undefined> {
  const written: number[] = [];
  for (const { file } of extracts) {
    const modified = await modifiedAt(`${pipeline.resolve(inbox)}/${file}`);
    if (modified === undefined) return undefined;
    written.push(modified.getTime());
  }
  return Math.max(0, now().getTime() - Math.min(...written));
}
