import { documentOf } from '@throughline/agreement';
import { safeName, type WarningName } from '@throughline/core';
import {
  exists,
  openSession,
  type ReadArtifact,
  readArtifactIfThere,
  readText,
  runStage,
  type StageOutcome,
  sql,
  writeDurably,
} from '@throughline/engine';
import { receiveSlotsStage, receiveTokensStage } from '@throughline/link';
import { duplicatesStage, gateStage, planStage, residualStage, sealStage } from '@throughline/tokenize';
import { z } from 'zod';
import type { Effects } from '../effects.js';
import { readValidCard } from '../keys/key-card.js';
import { wraps } from '../keys/wrap-key.js';
import { asJson } from '../project/as-json.js';
import type { Project } from '../project/project.js';
import {
  duplicatesRequest,
  gateRequest,
  planRequest,
  receiveRequest,
  residualRequest,
  sealRequest,
  tellsOfDuplicates,
} from './requests.js';

type Partner = Project['pipeline']['partners'][number];

/** Whether the memorandum allows more than exact tokens. */
export function agreesOnSealing({ pipeline, documents }: Project): boolean {
  const { encoding } = documentOf(documents.emous, pipeline.emou, 'emou').document.linkage;
  return encoding !== undefined && encoding.profile !== 'tokens';
}

/** Finds which of a partner's records are likely one person, where the memorandum lets owners tell. */
export async function findDuplicatesOf(
  project: Project,
  partner: Partner,
  effects: Effects,
): Promise<StageOutcome[]> {
  if (!tellsOfDuplicates(project)) return [];
  return [await runStage(duplicatesStage, await duplicatesRequest(project, partner, effects))];
}

/** Tells what the gate needs to know of a partner's file. */
export const planPartner = async (
  project: Project,
  partner: Partner,
  effects: Effects,
): Promise<StageOutcome[]> => [
  ...(await findDuplicatesOf(project, partner, effects)),
  await runStage(planStage, await planRequest(project, partner, effects)),
];

/** Decides what may be sealed in this epoch, and says where that is nothing. */
export async function decideGateOf(project: Project, effects: Effects): Promise<StageOutcome> {
  const outcome = await runStage(gateStage, await gateRequest(project, effects));
  await warnOfTokensOnly(project, effects);
  return outcome;
}

/** Plans and decides, unless that was done in this epoch: what passes the gate once does so to its end. */
export async function gateOfEpoch(project: Project, effects: Effects): Promise<StageOutcome[]> {
  if (!agreesOnSealing(project) || (await gateOfThisEpoch(project)) !== undefined) return [];
  const outcomes: StageOutcome[] = [];
  for (const partner of project.pipeline.partners) {
    outcomes.push(...(await planPartner(project, partner, effects)));
  }
  return [...outcomes, await decideGateOf(project, effects)];
}

/** Whether the gate of this epoch has been decided, or nothing is to be decided. */
export const isGateDecided = async (project: Project): Promise<boolean> =>
  !agreesOnSealing(project) || (await gateOfThisEpoch(project)) !== undefined;

/** A partner, and the gate of this epoch, if it has been decided. */
export type AtGate = { readonly partner: Partner; readonly gate: Gate | undefined };

/** Seals what the gate allows a partner, and wraps its record-level encodings where the memorandum says so; nothing, with a word, where there is no gate yet. */
export async function sealPartner(
  project: Project,
  { partner, gate }: AtGate,
  effects: Effects,
): Promise<StageOutcome[]> {
  if (!agreesOnSealing(project)) return [];
  if (gate === undefined) {
    warn(project, effects, 'no-gate');
    return [];
  }
  if (!gate.sealing.includes(partner.name)) return [];
  const sealed = await runStage(sealStage, await sealRequest(project, partner, effects));
  if (!wraps(project)) return [sealed];
  return [sealed, await runStage(residualStage, await residualRequest(project, partner, effects))];
}

/** The linkage unit takes in the tokens of a partner, and its slots where the gate lets it seal. */
export async function receivePartner(
  project: Project,
  { partner, gate }: AtGate,
  effects: Effects,
): Promise<StageOutcome[]> {
  const asked = (kind: 'tokens' | 'slots') => receiveRequest(project, { partner, kind }, effects);
  const tokens = await runStage(receiveTokensStage, await asked('tokens'));
  if (gate?.sealing.includes(partner.name) !== true) return [tokens];
  return [tokens, await runStage(receiveSlotsStage, await asked('slots'))];
}

/** The partners whose sealed fields are there to be linked; nobody where exact tokens are all. */
export const sealingPartners = async (project: Project): Promise<readonly string[]> =>
  (await gateNow(project))?.sealing ?? [];

/** What the gate decided: why nothing is sealed, if so, and whose records are. */
export type Gate = { readonly reason: string; readonly sealing: readonly string[] };

/** The gate of this epoch, if the memorandum asks for one and it has been decided. */
export async function gateNow(project: Project): Promise<Gate | undefined> {
  const gate = agreesOnSealing(project) ? await gateOfThisEpoch(project) : undefined;
  return gate === undefined ? undefined : decisionOf(gate, project);
}

async function gateOfThisEpoch({ pipeline, folders }: Project): Promise<ReadArtifact<'gate'> | undefined> {
  const gate = await readArtifactIfThere(folders.gate, 'gate');
  const card = await readValidCard(pipeline.resolve(pipeline.key_card));
  return gate?.manifest.producedBy.keyCheck?.value === card.check ? gate : undefined;
}

const gateNote = z.strictObject({ gate: z.string(), reason: z.string(), sealing: z.array(z.string()) });

/**
 * The decision is noted beside the artifact, of which it gives the identity: a night that has nothing to do opens no
 * database. A note of another gate, or one that cannot be read, is made again.
 */
async function decisionOf(gate: ReadArtifact<'gate'>, project: Project): Promise<Gate> {
  const place = project.folders.gateNote;
  const noted = (await exists(place)) ? gateNote.safeParse(asJson(await readText(place))).data : undefined;
  if (noted?.gate === gate.sha256) return noted;
  const decision = await readDecision(gate, project);
  await writeDurably(place, `${JSON.stringify({ gate: gate.sha256, ...decision })}\n`);
  return decision;
}

async function readDecision(gate: ReadArtifact<'gate'>, { folders }: Project): Promise<Gate> {
  const session = await openSession({
    folders: [gate.folder],
    spill: folders.work,
    memory: '200MB',
    threads: 1,
  });
  try {
    const [decision] = await session.rows('gate', sql`SELECT reason FROM ${gate.table('decision')}`);
    const sealing = await session.rows(
      'gate',
      sql`SELECT partner FROM ${gate.table('partners')} WHERE seals`,
    );
    return { reason: String(decision?.['reason']), sealing: sealing.map(({ partner }) => String(partner)) };
  } finally {
    session.close();
  }
}

const TOKENS_ONLY: Readonly<Record<string, WarningName>> = {
  'fewer than two files large enough': 'files-too-small',
  'no pass unique enough': 'no-pass-unique-enough',
};

async function warnOfTokensOnly(project: Project, effects: Effects): Promise<void> {
  const about = TOKENS_ONLY[(await gateNow(project))?.reason ?? ''];
  if (about !== undefined) warn(project, effects, about);
}

function warn({ pipeline }: Project, effects: Effects, about: WarningName): void {
  effects.emit({ event: 'warning', stage: 'gate', of: safeName(pipeline.pipeline), about });
}
