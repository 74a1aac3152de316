import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ThroughlineError } from '@throughline/core';
import type { Stage, StageRequest } from '@throughline/engine';
import { ingestStage } from '@throughline/ingest';
import { linkStage, receiveSlotsStage, receiveTokensStage } from '@throughline/link';
import { measureStage } from '@throughline/measure';
import { releaseStage } from '@throughline/release';
import { gateStage, planStage, sealStage, tokenizeStage } from '@throughline/tokenize';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Effects, processEffects } from '../effects.js';
import { standings } from '../night/standing.js';
import {
  gateRequest,
  ingestRequest,
  linkRequest,
  measureRequest,
  planRequest,
  receiveRequest,
  releaseRequest,
  sealRequest,
  tokenizeRequest,
} from '../pipeline/requests.js';
import { openProject } from '../project/project.js';
import { millbrook, signAgain } from './night.fixture.js';

let folder: string;
let pipeline: string;
let effects: Effects;
beforeEach(async () => {
  folder = await millbrook();
  pipeline = join(folder, 'pipeline.yaml');
  effects = await processEffects('none');
});
afterEach(() => rm(folder, { recursive: true }));

const verdict = <Config>(stage: Stage<Config>, { documents, of, day, config }: StageRequest): string => {
  try {
    stage.governs(documents, { of, day, config: stage.config.parse(config) });
    return 'runs';
  } catch (thrown) {
    if (thrown instanceof ThroughlineError) return thrown.code;
    throw thrown;
  }
};

/** What each stage would say before it reads a row; of a partner's own stages those of the district. */
async function verdicts(): Promise<Record<string, string>> {
  const project = await openProject(pipeline, effects);
  const [district] = project.pipeline.partners;
  if (district === undefined) throw new Error('a partner expected');
  return {
    ingest: verdict(ingestStage, ingestRequest(project, { partner: district, accepted: {} }, effects)),
    tokenize: verdict(tokenizeStage, await tokenizeRequest(project, district, effects)),
    plan: verdict(planStage, await planRequest(project, district, effects)),
    gate: verdict(gateStage, await gateRequest(project, effects)),
    seal: verdict(sealStage, await sealRequest(project, district, effects)),
    receive: verdict(
      receiveTokensStage,
      await receiveRequest(project, { partner: district, kind: 'tokens' }, effects),
    ),
    'receive-slots': verdict(
      receiveSlotsStage,
      await receiveRequest(project, { partner: district, kind: 'slots' }, effects),
    ),
    link: verdict(linkStage, await linkRequest(project, [], effects)),
    measure: verdict(measureStage, measureRequest(project, effects)),
    release: verdict(releaseStage, releaseRequest(project, [], effects)),
  };
}

const DOCUMENT = {
  memorandum: 'agreements/emou-millbrook.yaml',
  agreement: 'agreements/dsa-district.yaml',
  manifest: 'manifests/district/enrollments.yaml',
  licence: 'agreements/dul-snapshot.yaml',
  policy: 'agreements/release-policy.yaml',
} as const;
type Document = keyof typeof DOCUMENT;

/** The stages that rest on each kind of document. */
const REST_ON: Readonly<Record<Document, readonly string[]>> = {
  memorandum: [
    ...[
      'ingest',
      'tokenize',
      'plan',
      'gate',
      'seal',
      'receive',
      'receive-slots',
      'link',
      'measure',
      'release',
    ],
  ],
  agreement: [
    ...[
      'ingest',
      'tokenize',
      'plan',
      'gate',
      'seal',
      'receive',
      'receive-slots',
      'link',
      'measure',
      'release',
    ],
  ],
  manifest: ['ingest', 'measure'],
  licence: ['release'],
  policy: ['release'],
};

const path = (document: Document) => join(folder, DOCUMENT[document]);
const edit = async (document: Document, change: (text: string) => string): Promise<void> => {
  const text = await readFile(path(document), 'utf8');
  await writeFile(path(document), change(text));
  await signAgain(pipeline);
};

const MADE: readonly [what: string, code: string, weaken: (document: Document) => Promise<unknown>][] = [
  ['one byte more', 'DOCUMENT_NOT_APPROVED', (document) => appendFile(path(document), '\n')],
  [
    'a last day that has passed',
    'AGREEMENT_EXPIRED',
    (document) => edit(document, (text) => text.replace(/^expires: .*/m, 'expires: 2026-06-15')),
  ],
  [
    'a first day to come',
    'AGREEMENT_NOT_IN_FORCE',
    (document) => edit(document, (text) => text.replace(/^effective: .*/m, 'effective: 2026-06-17')),
  ],
  [
    'a word that it is revoked',
    'AGREEMENT_REVOKED',
    (document) => edit(document, (text) => `${text}status: revoked\n`),
  ],
];

const LIGHTS: Readonly<Record<string, string>> = {
  DOCUMENT_NOT_APPROVED: 'UNSIGNED',
  AGREEMENT_EXPIRED: 'EXPIRED',
  AGREEMENT_NOT_IN_FORCE: 'FAILED',
  AGREEMENT_REVOKED: 'REVOKED',
};

describe('the status of a partner', () => {
  it.each(MADE)('whose agreement has %s says so', async (_, code, weaken) => {
    await weaken('agreement');
    const found = await standings(await openProject(pipeline, effects), effects);
    expect(found[0]).toMatchObject({ partner: 'district', light: LIGHTS[code], why: code });
    expect(found[1]).toMatchObject({ partner: 'charter', light: 'STALE' });
  });
});

describe('every stage, before it reads a row', () => {
  it('runs where everything stands', async () => {
    expect(new Set(Object.values(await verdicts()))).toEqual(new Set(['runs']));
  });

  const cases = (Object.keys(DOCUMENT) as Document[]).flatMap((document) =>
    MADE.map(([what, code, weaken]) => ({ document, what, code, weaken })),
  );
  it.each(cases)('refuses a $document with $what, if it rests on one', async ({ document, code, weaken }) => {
    await weaken(document);
    const found = await verdicts();
    const refusing = Object.keys(found).filter((stage) => found[stage] !== 'runs');
    expect(refusing).toEqual(REST_ON[document]);
    expect(new Set(refusing.map((stage) => found[stage]))).toEqual(new Set([code]));
  });
});

describe('linking', () => {
  it.each([
    ['relative', 'state/keys/token.key'],
    ['with a way out and back', 'state/../state/keys/./token.key'],
    ['absolute', '@/state/keys/token.key'],
    ['with a doubled slash', 'state//keys/token.key'],
    ['by a symbolic link', 'linked.key'],
    ['in a linked folder', 'linked/token.key'],
  ])('sees that the token key is within reach by a path that is %s', async (_, tokenKey) => {
    const { symlink } = await import('node:fs/promises');
    await symlink(join(folder, 'state/keys/token.key'), join(folder, 'linked.key'));
    await symlink(join(folder, 'state/keys'), join(folder, 'linked'));
    const text = await readFile(pipeline, 'utf8');
    const named = tokenKey.replace('@', folder);
    await writeFile(pipeline, text.replaceAll(/^( +)token_key: .*$/gm, `$1token_key: ${named}`));
    const { config } = await linkRequest(await openProject(pipeline, effects), [], effects);
    expect(config).toMatchObject({ token_key_readable: true });
    await rm(join(folder, 'state/keys/token.key'));
    const without = await linkRequest(await openProject(pipeline, effects), [], effects);
    expect(without.config).toMatchObject({ token_key_readable: false });
  });
});
