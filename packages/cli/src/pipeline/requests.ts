import { documentOf, linkingRules, tellsDuplicates } from '@throughline/agreement';
import { type ArtifactKind, lesserSize } from '@throughline/core';
import type { LogPlace, StageRequest } from '@throughline/engine';
import type { Accepted } from '@throughline/ingest';
import type { ReleaseConfig } from '@throughline/release';
import { type Effects, stageEffects } from '../effects.js';
import { readValidCard } from '../keys/key-card.js';
import { tokenKeyOpens } from '../keys/token-key.js';
import { someWrapKeyOpens, wrapKeyOf } from '../keys/wrap-key.js';
import { readAnswers, settled } from '../linkage/reviews.js';
import type { Project } from '../project/project.js';
import { standing } from '../rights/withdrawals.js';
import type { Pipeline } from './pipeline.js';

type Partner = Pipeline['partners'][number];

/** Where a project's log is, and its key. */
export const logPlace = ({ pipeline, folders }: Project): LogPlace => ({
  folder: folders.log,
  origin: pipeline.log.origin,
  key: pipeline.resolve(pipeline.log.key),
});

/** What every stage of a project is given alike. */
export function common(project: Project, effects: Effects) {
  const { pipeline, documents, folders, day } = project;
  return {
    documents,
    day,
    synthetic: pipeline.synthetic,
    work: folders.work,
    log: logPlace(project),
    limits: pipeline.limits,
    effects: stageEffects(effects),
  };
}

export function ingestRequest(
  project: Project,
  { partner, accepted }: { readonly partner: Partner; readonly accepted: Accepted },
  effects: Effects,
): StageRequest {
  const { pipeline, documents, folders } = project;
  const inbox = pipeline.resolve(partner.inbox);
  return {
    ...common(project, effects),
    of: partner.name,
    config: {
      manifests: partner.extracts.map(({ manifest }) => manifest),
      accepted,
      withdrawn: standing(project.withdrawals.get(partner.name) ?? []),
    },
    extracts: partner.extracts.map(({ manifest, file }) => ({
      name: documentOf(documents.manifests, manifest, 'manifest').document.extract,
      path: `${inbox}/${file}`,
    })),
    outputs: {
      identifiers: folders.partner(partner.name, 'identifiers'),
      payload: folders.partner(partner.name, 'payload'),
    },
    comparesWith: ['identifiers'],
    aside: folders.owner(partner.name, 'refused'),
    secrets: { 'record-key': pipeline.resolve(partner.record_key) },
    ...(partner.age_identity === undefined
      ? {}
      : { identities: { 'age-identity': pipeline.resolve(partner.age_identity) } }),
  };
}

/** What every stage of an owner is told that reads its identifiers. */
const tokenConfig = async (project: Project, partner: Partner) => ({
  spaces: spacesOf(project, partner),
  key_card: await readValidCard(project.pipeline.resolve(project.pipeline.key_card)),
});

/** A stage of an owner that reads its identifiers under the agreement's key. */
async function owning(project: Project, partner: Partner, effects: Effects) {
  const { folders } = project;
  return {
    ...common(project, effects),
    of: partner.name,
    config: await tokenConfig(project, partner),
    inputs: [
      { kind: 'identifiers' as const, folder: folders.partner(partner.name, 'identifiers') },
      ...(partner.canaries === 0
        ? []
        : [{ kind: 'planted' as const, folder: folders.partner(partner.name, 'planted') }]),
    ],
    secrets: { 'token-key': await project.tokenKeys(partner.token_key) },
  };
}

/** A partner's canaries, of which the token key is not needed. */
export async function plantRequest(
  project: Project,
  partner: Partner,
  effects: Effects,
): Promise<StageRequest> {
  const { pipeline, folders } = project;
  return {
    ...common(project, effects),
    of: partner.name,
    config: {
      ...(await tokenConfig(project, partner)),
      children: partner.canaries,
    },
    inputs: [{ kind: 'identifiers', folder: folders.partner(partner.name, 'identifiers') }],
    carriesOn: ['planted', 'canaries'],
    outputs: {
      planted: folders.partner(partner.name, 'planted'),
      canaries: folders.partner(partner.name, 'canaries'),
    },
    secrets: { 'record-key': pipeline.resolve(partner.record_key) },
  };
}

/** Whether the memorandum lets owners tell which of their own records are likely one person. */
export const tellsOfDuplicates = ({ pipeline, documents }: Project): boolean =>
  tellsDuplicates(documentOf(documents.emous, pipeline.emou, 'emou').document.linkage);

/** Which of a partner's records are likely one person, of which the token key is not needed. */
export async function duplicatesRequest(
  project: Project,
  partner: Partner,
  effects: Effects,
): Promise<StageRequest> {
  const { secrets: _, ...owned } = await owning(project, partner, effects);
  return {
    ...owned,
    carriesOn: ['duplicates'],
    outputs: { duplicates: project.folders.partner(partner.name, 'duplicates') },
    secrets: { 'record-key': project.pipeline.resolve(partner.record_key) },
  };
}

/** The same of a stage that is told which of the partner's records are one person, where the memorandum lets it. */
async function owningTold(project: Project, partner: Partner, effects: Effects) {
  const owned = await owning(project, partner, effects);
  if (!tellsOfDuplicates(project)) return owned;
  const folder = project.folders.partner(partner.name, 'duplicates');
  return { ...owned, inputs: [...owned.inputs, { kind: 'duplicates' as const, folder }] };
}

export async function tokenizeRequest(
  project: Project,
  partner: Partner,
  effects: Effects,
): Promise<StageRequest> {
  const { folders } = project;
  const owned = await owningTold(project, partner, effects);
  const interop = { kind: 'interop' as const, folder: folders.partner(partner.name, 'interop') };
  return {
    ...owned,
    inputs: [...owned.inputs, ...(partner.interop.length > 0 ? [interop] : [])],
    config: { ...owned.config, ...homesOf(project, partner) },
    outputs: { tokens: folders.partner(partner.name, 'tokens') },
    limits: { ...owned.limits, memory: lesserSize(owned.limits.memory, MEMORY_OF_TOKENS) },
  };
}

/** Whether a partner's tokens of households are asked for; nothing is said where they are not. */
const homesOf = ({ pipeline }: Project, { name }: Partner): { readonly households?: true } =>
  pipeline.households?.includes(name) === true ? { households: true } : {};

/** Of the database; then it goes on from the disk. A file of 200,000 records is no faster with more. */
const MEMORY_OF_TOKENS = '1GB';

/** What a partner has encoded as another system does, from its inbox. */
export function interopRequest(project: Project, partner: Partner, effects: Effects): StageRequest {
  const { pipeline, folders } = project;
  const inbox = pipeline.resolve(partner.inbox);
  const extracts = partner.interop.flatMap((entry) => [
    { name: entry.file, path: `${inbox}/${entry.file}` },
    ...(entry.profile === 'clk-v3'
      ? [
          { name: entry.records, path: `${inbox}/${entry.records}` },
          { name: SCHEMA_NAME, path: pipeline.resolve(entry.schema) },
        ]
      : []),
  ]);
  return {
    ...common(project, effects),
    of: partner.name,
    config: {
      files: partner.interop.map((entry) => {
        const { duplicate_free: _, ...told } = entry;
        return entry.profile === 'clk-v3' ? { ...told, schema: SCHEMA_NAME } : told;
      }),
    },
    extracts,
    outputs: { interop: folders.partner(partner.name, 'interop') },
    secrets: { 'record-key': pipeline.resolve(partner.record_key) },
  };
}

const SCHEMA_NAME = 'linkage schema';

const withRecordKey = async ({ pipeline, tokenKeys }: Project, partner: Partner) => ({
  'token-key': await tokenKeys(partner.token_key),
  'record-key': pipeline.resolve(partner.record_key),
});

export async function planRequest(
  project: Project,
  partner: Partner,
  effects: Effects,
): Promise<StageRequest> {
  const owned = await owningTold(project, partner, effects);
  return {
    ...owned,
    config: { ...owned.config, least_persons: project.pipeline.least_persons },
    outputs: { plan: project.folders.partner(partner.name, 'plan') },
    secrets: await withRecordKey(project, partner),
  };
}

export async function gateRequest(project: Project, effects: Effects): Promise<StageRequest> {
  const { pipeline, folders } = project;
  const partners = pipeline.partners.map(({ name }) => name);
  return {
    ...common(project, effects),
    of: pipeline.pipeline,
    config: {
      emou: pipeline.emou,
      partners,
      key_card: await readValidCard(pipeline.resolve(pipeline.key_card)),
      least_persons: pipeline.least_persons,
    },
    inputs: partners.map((name) => ({ kind: 'plan' as const, folder: folders.partner(name, 'plan') })),
    outputs: { gate: folders.gate },
  };
}

export async function sealRequest(
  project: Project,
  partner: Partner,
  effects: Effects,
): Promise<StageRequest> {
  const { folders } = project;
  const owned = await owningTold(project, partner, effects);
  return {
    ...owned,
    inputs: [...owned.inputs, { kind: 'gate', folder: folders.gate }],
    carriesOn: ['slots', 'ledger'],
    outputs: {
      slots: folders.partner(partner.name, 'slots'),
      ledger: folders.partner(partner.name, 'ledger'),
    },
    secrets: await withRecordKey(project, partner),
  };
}

/** A partner's wrapped record-level encodings. */
export async function residualRequest(
  project: Project,
  partner: Partner,
  effects: Effects,
): Promise<StageRequest> {
  const owned = await owning(project, partner, effects);
  return {
    ...owned,
    inputs: [...owned.inputs, { kind: 'gate', folder: project.folders.gate }],
    outputs: { residual: project.folders.partner(partner.name, 'residual') },
    secrets: {
      ...(await withRecordKey(project, partner)),
      'wrap-key': wrapKeyOf(project.pipeline, partner),
    },
  };
}

/** The kinds of record whose identifiers a partner's extracts carry. */
function spacesOf({ documents }: Project, partner: Partner) {
  const own = partner.extracts.flatMap(({ manifest }) => {
    const { records } = documentOf(documents.manifests, manifest, 'manifest').document;
    return records?.identifiers === true
      ? [{ space: records.space, duplicate_free: records.duplicate_free }]
      : [];
  });
  const others = partner.interop.filter(({ space }) => !own.some((each) => each.space === space));
  const named = new Map(others.map(({ space, duplicate_free }) => [space, duplicate_free]));
  return [...own, ...[...named].map(([space, duplicate_free]) => ({ space, duplicate_free }))];
}

/** The linkage unit takes in a partner's delivery of one kind: what links reads is kept under the unit's own key. */
export async function receiveRequest(
  project: Project,
  { partner, kind }: { readonly partner: Partner; readonly kind: 'tokens' | 'slots' },
  effects: Effects,
): Promise<StageRequest> {
  const { pipeline, folders } = project;
  const { agreement, epoch, check } = await readValidCard(pipeline.resolve(pipeline.key_card));
  const slots = [
    { kind: 'slots' as const, folder: folders.partner(partner.name, 'slots') },
    { kind: 'gate' as const, folder: folders.gate },
  ];
  return {
    ...common(project, effects),
    of: partner.name,
    config: {
      key_card: { agreement, epoch, check },
      ...(kind === 'tokens' ? homesOf(project, partner) : {}),
    },
    inputs: [
      { kind: 'tokens', folder: folders.partner(partner.name, 'tokens') },
      ...(kind === 'slots' ? slots : []),
    ],
    comparesWith: [kind],
    outputs: { [kind]: folders.received(partner.name, kind) },
    secrets: { 'person-key': pipeline.resolve(pipeline.linkage_unit.person_key) },
  };
}

/** What other commands ask of a request does not need what links. */
async function parametersFile(path: string) {
  const { PARAMETERS_FILE } = await import('@throughline/link');
  return { name: PARAMETERS_FILE, path };
}

/** @param sealing the partners that the gate of the epoch lets seal. */
export async function linkRequest(
  project: Project,
  sealing: readonly string[],
  effects: Effects,
): Promise<StageRequest> {
  const { pipeline, documents, folders } = project;
  const emou = documentOf(documents.emous, pipeline.emou, 'emou');
  const { parameters } = pipeline.linkage_unit;
  return {
    ...common(project, effects),
    of: pipeline.pipeline,
    ...(parameters === undefined ? {} : { extracts: [await parametersFile(pipeline.resolve(parameters))] }),
    config: {
      partners: pipeline.partners.map(({ name }) => name),
      rules: linkingRules(emou.document.linkage).map(({ name, basis }) => ({ name, basis })),
      reviewed: settled(await readAnswers(folders.reviews)),
      token_key_readable: await someTokenKeyOpens(pipeline),
    },
    inputs: [
      ...pipeline.partners.map(({ name }) => ({
        kind: 'tokens' as const,
        folder: folders.received(name, 'tokens'),
      })),
      ...sealing.flatMap((name) => [
        { kind: 'slots' as const, folder: folders.received(name, 'slots') },
        { kind: 'plan' as const, folder: folders.partner(name, 'plan') },
      ]),
    ],
    carriesOn: ['people'],
    mayCarryOn: ['findings', 'links'],
    outputs: { links: folders.links, people: folders.people, findings: folders.findings },
    secrets: { 'person-key': pipeline.resolve(pipeline.linkage_unit.person_key) },
  };
}

async function someTokenKeyOpens(pipeline: Pipeline): Promise<boolean> {
  const opens = await Promise.all(
    pipeline.partners.map(({ token_key }) => tokenKeyOpens(pipeline, token_key)),
  );
  return opens.includes(true) || (await someWrapKeyOpens(pipeline));
}

export function measureRequest(project: Project, effects: Effects): StageRequest {
  const { pipeline, folders, measuring } = project;
  return {
    ...common(project, effects),
    of: pipeline.pipeline,
    config: measuring,
    inputs: [
      ...payloads(project),
      { kind: 'people' as const, folder: folders.people },
      ...planting(project).map(({ name }) => ({
        kind: 'canaries' as const,
        folder: folders.partner(name, 'canaries'),
      })),
    ],
    outputs: { counted: folders.counted, measures: folders.measures },
  };
}

/** The partners that plant canaries. */
export const planting = ({ pipeline }: Project): Partner[] =>
  pipeline.partners.filter(({ canaries }) => canaries > 0);

const payloads = ({ pipeline, folders }: Project) =>
  pipeline.partners.map(({ name }) => ({
    kind: 'payload' as const,
    folder: folders.partner(name, 'payload'),
  }));

/** What a project releases, under which licence and policy. */
export function releaseConfigOf({ pipeline }: Project): ReleaseConfig {
  const released = pipeline.release.measures ?? pipeline.measures.measures;
  return {
    ...pipeline.release,
    city: pipeline.city,
    partners: pipeline.partners.map(({ name }) => name),
    measures: [...new Set(released.map(({ measure }) => measure))],
    presets: released.map(({ measure, preset }) => ({ measure, preset })),
  };
}

/** The candidate is held against every release that was published; they are named in order. */
export function releaseRequest(
  project: Project,
  published: readonly PublishedBefore[],
  effects: Effects,
): StageRequest {
  const { pipeline, folders } = project;
  const last = published.findLast(({ recalled }) => !recalled);
  const inputs: { kind: ArtifactKind; folder: string }[] = [
    { kind: 'measures', folder: folders.measures },
    { kind: 'counted', folder: folders.counted },
    ...(last === undefined ? [] : [{ kind: 'release' as const, folder: last.release.folder }]),
    ...published.map(({ equations }) => ({ kind: 'equations' as const, folder: equations.folder })),
  ];
  return {
    ...common(project, effects),
    of: pipeline.pipeline,
    config: {
      ...releaseConfigOf(project),
      recalled: published.flatMap(({ recalled }, at) => (recalled ? [at] : [])),
    },
    inputs,
    outputs: { equations: folders.equations, release: folders.release },
  };
}

/** Rows for a licensee read whom the measures count; which row is whose stays beside the key of the licence. */
export function microdataRequest(
  project: Project,
  { licence, folder, key }: { readonly licence: string; readonly folder: string; readonly key: string },
  effects: Effects,
): StageRequest {
  const { folders, pipeline } = project;
  const { partners, policy } = releaseConfigOf(project);
  const { measures } = documentOf(project.documents.duls, licence, 'dul').document;
  return {
    ...common(project, effects),
    of: `${pipeline.pipeline}-${licence}`,
    config: { dul: licence, policy, partners, measures },
    inputs: [{ kind: 'counted', folder: folders.counted }],
    carriesOn: ['row_codes'],
    outputs: { microdata: `${folder}/microdata`, row_codes: `${folder}/codes` },
    secrets: { 'licence-key': key },
  };
}

type PublishedBefore = {
  readonly recalled: boolean;
  readonly release: { readonly folder: string };
  readonly equations: { readonly folder: string };
};

/** Freezing reads the release, the measures that it was made of, and whom they counted. */
export function freezeRequest(
  project: Project,
  { number, frozen }: { readonly number: number; readonly frozen: string },
  effects: Effects,
): StageRequest {
  const { folders, pipeline } = project;
  return {
    ...common(project, effects),
    config: releaseConfigOf(project),
    of: `${pipeline.pipeline}-${number}`,
    inputs: [
      { kind: 'release', folder: folders.release },
      { kind: 'measures', folder: folders.measures },
      { kind: 'counted', folder: folders.counted },
      { kind: 'people', folder: folders.people },
    ],
    outputs: { frozen },
  };
}
