import { join } from 'node:path';
import {
  createKey,
  exists,
  makePrivateFolder,
  openSession,
  readArtifact,
  removeFolder,
  runStage,
  type Stage,
  type StageRequest,
  sql,
} from '@throughline/engine';
import { linkStage } from '@throughline/link';
import { DOCUMENTS, PARTNERS, RULES } from './scale/agreements.js';
import type { ScaleNight } from './scale/children.js';
import { deliveryStages, planStage } from './scale/deliveries.js';

/*
 * One run of the stage that links, over what two partners of a made-up night have delivered; or the making of what they
 * deliver. Tells its parent what it took.
 */

export type ScaleTask = {
  readonly folder: string;
  readonly size: number;
  readonly changes: readonly number[];
  readonly work: 'deliver' | 'link';
  readonly memory: string;
  readonly threads: number;
};
export type ScaleCost = {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly peakBytes: number;
  /** Seconds of processors by step; what comes before the first and after the last is called so. */
  readonly steps: Readonly<Record<string, number>>;
  readonly persons: number;
};

const task = JSON.parse(process.argv[2] ?? '') as ScaleTask;
const { folder, size, changes, memory, threads } = task;
const steps: Record<string, number> = {};
const processorSeconds = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
};

/** Adds what was spent since the last time to a step. */
function spending(): (step: string) => void {
  let before = processorSeconds();
  return (step) => {
    const now = processorSeconds();
    steps[step] = (steps[step] ?? 0) + now - before;
    before = now;
  };
}
const spend = spending();
const deliveryFolder = (partner: string, kind: string) =>
  join(folder, ['night', ...changes].join('-'), partner, kind);
const planFolder = (partner: string) => join(folder, 'night', partner, 'plan');

const base = (of: string) => ({
  of,
  config: {},
  documents: DOCUMENTS,
  day: '2026-06-16',
  synthetic: true,
  work: join(folder, 'work'),
  log: { folder: join(folder, 'log'), origin: 'bench.example/log', key: join(folder, 'log.key') },
  limits: { memory, threads },
  effects: {
    emit: (event: Parameters<StageRequest['effects']['emit']>[0]) => {
      if (event.event === 'stage.start') spend('read and check by hash');
      if (event.event === 'step.start') spend('between steps');
      if (event.event === 'step.done') spend(event.step);
      if (event.event === 'stage.done') spend('check again, log and rename');
    },
    now: () => new Date(),
    elapsed: () => performance.now(),
    software: 'bench',
    userId: process.getuid?.(),
  },
});

async function write(partner: string, stage: Stage<unknown>, to: string): Promise<void> {
  if (await exists(join(to, 'manifest.json'))) return;
  const [kind = 'tokens'] = stage.writes;
  await runStage(stage, { ...base(partner), outputs: { [kind]: to } });
}

async function deliver(): Promise<void> {
  await makePrivateFolder(folder);
  for (const key of ['log.key', 'person.key']) {
    if (!(await exists(join(folder, key)))) await createKey(join(folder, key));
  }
  for (const [side, partner] of PARTNERS.entries()) {
    const night: ScaleNight = { size, side: side === 0 ? 0 : 1, changes };
    for (const stage of deliveryStages(night))
      await write(partner, stage, deliveryFolder(partner, stage.writes[0] ?? ''));
    await write(partner, planStage(night), planFolder(partner));
  }
}

async function link(): Promise<void> {
  const outputs = {
    links: join(folder, 'links'),
    people: join(folder, 'people'),
    findings: join(folder, 'findings'),
  };
  await runStage(linkStage, {
    ...base('city'),
    config: {
      partners: PARTNERS,
      rules: RULES.map(({ name, basis }) => ({ name, basis })),
      token_key_readable: false,
    },
    inputs: PARTNERS.flatMap((partner) => [
      { kind: 'tokens' as const, folder: deliveryFolder(partner, 'tokens') },
      { kind: 'slots' as const, folder: deliveryFolder(partner, 'slots') },
      { kind: 'plan' as const, folder: planFolder(partner) },
    ]),
    carriesOn: ['people'],
    mayCarryOn: ['findings', 'links'],
    outputs,
    secrets: { 'person-key': join(folder, 'person.key') },
  });
}

async function personsNow(): Promise<number> {
  const people = await readArtifact(join(folder, 'people'), 'people');
  const session = await openSession({
    folders: [people.folder],
    spill: join(folder, 'spill'),
    memory,
    threads,
  });
  const [row = {}] = await session.rows(
    'persons',
    sql`SELECT count(DISTINCT person_id) AS persons FROM ${people.table('people')}`,
  );
  session.close();
  await removeFolder(join(folder, 'spill'));
  return Number(row['persons']);
}

const started = performance.now();
const before = process.cpuUsage();
await (task.work === 'deliver' ? deliver() : link());
const seconds = (performance.now() - started) / 1000;
const { maxRSS } = process.resourceUsage();
const cost: ScaleCost = {
  seconds,
  processorSeconds: processorSeconds(before),
  peakBytes: maxRSS * 1024,
  steps,
  persons: task.work === 'deliver' ? 0 : await personsNow(),
};
process.send?.(cost);
