import { join } from 'node:path';
import { documentOf, type EncodingTerms, sealingOf } from '@throughline/agreement';
import {
  exists,
  readArtifact,
  removeFolder,
  runStage,
  type Sql,
  type Stage,
  type StageRequest,
  sql,
} from '@throughline/engine';
import {
  type DuplicatesConfig,
  duplicatesStage,
  keyCardSchema,
  sealStage,
  tokenizeStage,
} from '@throughline/tokenize';
import { z } from 'zod';
import { makeProject } from '../commands/init.js';
import { type Effects, processEffects } from '../effects.js';
import { readValidCard } from '../keys/key-card.js';
import { duplicatesRequest, sealRequest, tokenizeRequest } from '../pipeline/requests.js';
import { openProject, type Project } from '../project/project.js';
import { costOf } from './measure-command.js';

const OWNER = 'district';
const PASSES = [26, 12] as const;

/** The larger file, to see what grows with the number of records. */
const TIMES = 8;

/**
 * Times the encoding of the largest file of a made-up city: an owner's own duplicates, as if a child could be in it twice,
 * on the first night of an epoch and on the next; exact tokens, also of a file eight times as large; then
 * sealed fields with 26 and with 12 passes, then the same again after one record in a hundred has changed. The peak of
 * memory is that of the process up to then, DuckDB included.
 */
export async function benchEncode(
  place: string,
  students: number,
  print: (line: string) => void,
): Promise<void> {
  const pipeline = join(place, 'pipeline.yaml');
  if (!(await exists(pipeline))) await makeProject(place, { students, seed: 'bench' });
  await costOf(['keys', 'create', pipeline]);
  const effects = await processEffects('none');
  const project = await openProject(pipeline, effects);
  const partner = project.pipeline.partners.find(({ name }) => name === OWNER);
  if (partner === undefined) throw new Error('bench: a district expected');
  await costOf(['ingest', pipeline, '--partner', OWNER]);
  const identifiers = await readArtifact(project.folders.partner(OWNER, 'identifiers'), 'identifiers');
  const records = identifiers.manifest.tables.find(({ name }) => name === 'identifiers')?.rows ?? 0;
  const { threads } = project.pipeline.limits;
  print(`encoding, ${records.toLocaleString('en-US')} records, ${threads} threads, ${process.version}`);
  print('what                       seconds   records/s   CPU seconds   peak MB');
  const timed = async (what: string, work: () => Promise<unknown>, times = 1) => {
    const started = performance.now();
    const before = process.cpuUsage();
    await work();
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(before);
    print(
      line(what, seconds, {
        records: records * times,
        cpu: (user + system) / 1e6,
        peakBytes: effects.peakBytes(),
      }),
    );
  };
  await removeFolder(project.folders.partner(OWNER, 'duplicates'));
  const looking = await duplicatesTold(project, partner, effects);
  await timed('own duplicates', () => runStage(duplicatesStage, looking));
  const next = await rewritten(
    { request: looking, folder: join(place, 'next-night', 'identifiers') },
    changed,
  );
  await timed('  1 in 100 changed', () => runStage(duplicatesStage, { ...looking, inputs: [next] }));
  await removeFolder(project.folders.partner(OWNER, 'tokens'));
  const tokens = await tokenizeRequest(project, partner, effects);
  await timed('exact tokens', () => runStage(tokenizeStage, tokens));
  const many = await rewritten({ request: tokens, folder: join(place, 'many', 'identifiers') }, multiplied);
  const outputs = { tokens: join(place, 'many', 'tokens') };
  await removeFolder(outputs.tokens);
  await timed(
    `  of ${TIMES} times as many`,
    () => runStage(tokenizeStage, { ...tokens, inputs: [many], outputs }),
    TIMES,
  );
  for (const passes of PASSES) {
    await openGate(project, passes);
    for (const kind of ['slots', 'ledger'] as const) await removeFolder(project.folders.partner(OWNER, kind));
    const request = await sealRequest(project, partner, effects);
    await timed(`sealed, ${passes} passes`, () => runStage(sealStage, request));
    const night = await rewritten({ request, folder: join(place, 'next-night', 'identifiers') }, changed);
    const inputs = [night, ...(request.inputs ?? []).slice(1)];
    await timed('  1 in 100 changed', () => runStage(sealStage, { ...request, inputs }));
  }
}

/** The request under a memorandum that lets owners tell, of an owner all of whose kinds of record may have a child twice. */
async function duplicatesTold(
  project: Project,
  partner: Project['pipeline']['partners'][number],
  effects: Effects,
): Promise<StageRequest> {
  const emous = project.documents.emous.map((filed) => ({
    ...filed,
    document: {
      ...filed.document,
      linkage: { ...filed.document.linkage, own_duplicates: 'likely' as const },
    },
  }));
  const telling = { ...project, documents: { ...project.documents, emous } };
  const request = await duplicatesRequest(telling, partner, effects);
  const config = request.config as DuplicatesConfig;
  const spaces = config.spaces.map((each) => ({ ...each, duplicate_free: false }));
  return { ...request, config: { ...config, spaces } };
}

type Rewriting = { readonly request: StageRequest; readonly folder: string };

/** The identifiers of a request, rewritten. @returns the input that takes their place. */
async function rewritten({ request, folder }: Rewriting, select: (from: Sql) => Sql) {
  await removeFolder(folder);
  const [identifiers] = request.inputs ?? [];
  if (identifiers === undefined) throw new Error('bench: identifiers expected');
  await runStage(rewriting(select), {
    ...request,
    config: {},
    inputs: [identifiers],
    carriesOn: [],
    secrets: {},
    outputs: { identifiers: folder },
  });
  return { kind: 'identifiers' as const, folder };
}

const rewriting = (select: (from: Sql) => Sql): Stage<unknown> => ({
  name: 'ingest',
  version: 'bench',
  config: z.unknown(),
  writes: ['identifiers'],
  secrets: [],
  governs: () => [],
  run: async ({ inputs, output }) => {
    const [before] = inputs('identifiers');
    if (before === undefined) throw new Error('bench: identifiers expected');
    const out = output('identifiers');
    await out.table('identifiers', select(before.table('identifiers')));
    await out.table('withdrawn', sql`SELECT * FROM ${before.table('withdrawn')}`);
  },
});

/** The next night: another ZIP code in one record of a hundred. */
const changed = (from: Sql): Sql =>
  sql`SELECT * REPLACE (CASE WHEN substr(CAST(record_id AS VARCHAR), 1, 2) < '03' THEN '99998' ELSE zip END AS zip) FROM ${from}`;

/** Everybody several times, under other names. */
const multiplied = (from: Sql): Sql =>
  sql`SELECT identifiers.* REPLACE (
        CAST(md5(concat(record_id, copy)) AS UUID) AS record_id, first || chr(65 + copy::INTEGER) AS first,
        last || chr(65 + copy::INTEGER) AS last
      ) FROM ${from} AS identifiers, range(${TIMES}::BIGINT) AS copies(copy)`;

const line = (
  what: string,
  seconds: number,
  { records, cpu, peakBytes }: { records: number; cpu: number; peakBytes: number },
) =>
  [
    what.padEnd(24),
    seconds.toFixed(1).padStart(10),
    Math.round(records / seconds)
      .toLocaleString('en-US')
      .padStart(12),
    cpu.toFixed(1).padStart(14),
    (peakBytes / 1e6).toFixed(0).padStart(10),
  ].join('');

/** A gate that lets the first passes of the memorandum through, whatever the city is like. */
async function openGate(project: Project, passes: number): Promise<void> {
  const { pipeline, documents, folders } = project;
  const { encoding } = documentOf(documents.emous, pipeline.emou, 'emou').document.linkage;
  if (encoding === undefined) throw new Error('bench: an encoding expected');
  const card = await readValidCard(pipeline.resolve(pipeline.key_card));
  const effects = await processEffects('none');
  const { work, ...asked } = await sealRequest(
    project,
    project.pipeline.partners[0] ?? neverPartner(),
    effects,
  );
  await removeFolder(folders.gate);
  await runStage(gateOf(encoding, passes), {
    ...asked,
    work,
    of: pipeline.pipeline,
    config: card,
    inputs: [],
    carriesOn: [],
    outputs: { gate: folders.gate },
    secrets: {},
    synthetic: true,
  });
}

const neverPartner = (): never => {
  throw new Error('bench: a partner expected');
};

const gateOf = (encoding: EncodingTerms, passes: number): Stage<z.infer<typeof keyCardSchema>> => ({
  name: 'gate',
  version: 'bench',
  config: keyCardSchema,
  writes: ['gate'],
  secrets: [],
  governs: () => [],
  run: async ({ output, config }) => {
    const gate = output('gate');
    gate.keyCheck({ agreement: config.agreement, epoch: config.epoch, value: config.check });
    await gate.table(
      'decision',
      sql`SELECT 'sealed' AS profile, 'agreed' AS reason, 0.9::DOUBLE AS unique_share`,
    );
    await gate.table(
      'partners',
      sql`SELECT ${OWNER}::VARCHAR AS partner, 0::BIGINT AS persons, true AS seals, 'seals' AS reason`,
    );
    const names = sealingOf(encoding)
      .passes.slice(0, passes)
      .map(({ name }) => name)
      .join(' ');
    await gate.table(
      'passes',
      sql`SELECT unnest(string_split(${names}, ' ')) AS pass, true AS used, 'used' AS reason, 1::DOUBLE AS unique_share, 0::DOUBLE AS meetings`,
    );
  },
});
