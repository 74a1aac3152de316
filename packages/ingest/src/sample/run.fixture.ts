import { join } from 'node:path';
import type { FieldManifest } from '@throughline/agreement';
import type { ThroughlineEvent } from '@throughline/core';
import {
  createKey,
  exists,
  makePrivateFolder,
  openSession,
  type Row,
  readArtifact,
  runStage,
  type Sql,
  type StageRequest,
  sql,
  writeDurably,
} from '@throughline/engine';
import type { Withdrawal } from '../identify/spaces.js';
import { ingestStage } from '../ingest.js';
import { sampleDocuments } from './manifest.fixture.js';

/** What a test hands in: manifests, and the bytes of their extracts by name. */
export type Handed = {
  readonly manifests: readonly FieldManifest[];
  readonly extracts: Readonly<Record<string, Uint8Array | string>>;
  readonly day?: string;
  /** SHA-256 of the extracts that a person has accepted as they are. */
  readonly accepted?: Readonly<Record<string, string>>;
  readonly threads?: number;
  readonly withdrawn?: readonly Withdrawal[];
};

export const DAY = '2026-06-16';

/** Runs the intake of the partner `club` in a folder of the test's. @returns what the run said. */
export async function takeIn(folder: string, handed: Handed): Promise<readonly ThroughlineEvent[]> {
  const events: ThroughlineEvent[] = [];
  await runStage(ingestStage, await requestFor(folder, handed, events));
  return events;
}

async function requestFor(folder: string, handed: Handed, events: ThroughlineEvent[]): Promise<StageRequest> {
  const key = join(folder, 'record.key');
  const logKey = join(folder, 'log.key');
  await makePrivateFolder(folder);
  for (const path of [key, logKey]) if (!(await exists(path))) await createKey(path);
  await makePrivateFolder(join(folder, 'inbox'));
  const extracts = Object.keys(handed.extracts).map((name) => ({ name, path: join(folder, 'inbox', name) }));
  for (const { name, path } of extracts) await writeDurably(path, handed.extracts[name] ?? '');
  return {
    of: 'club',
    config: {
      manifests: handed.manifests.map(({ id }) => id),
      accepted: handed.accepted ?? {},
      withdrawn: handed.withdrawn ?? [],
    },
    documents: sampleDocuments(handed.manifests),
    day: handed.day ?? DAY,
    extracts,
    outputs: { identifiers: join(folder, 'identifiers'), payload: join(folder, 'payload') },
    comparesWith: ['identifiers'],
    aside: join(folder, 'refused'),
    secrets: { 'record-key': key },
    synthetic: true,
    work: join(folder, 'work'),
    log: { folder: join(folder, 'log'), origin: 'test.example/log', key: logKey },
    limits: { memory: '500MB', threads: handed.threads ?? 1 },
    effects: {
      emit: (event) => events.push(event),
      now: () => new Date(0),
      elapsed: () => 0,
      software: 'test',
      userId: process.getuid?.(),
    },
  };
}

/** A way to ask the tables of the two artifacts in a folder. */
export type Ask = (question: (tables: Tables) => Sql) => Promise<readonly Row[]>;
type Tables = {
  readonly identifiers: (name: 'identifiers' | 'further' | 'sources' | 'rejects' | 'withdrawn') => Sql;
  readonly payload: (name: Parameters<Awaited<ReturnType<typeof payloadIn>>['table']>[0]) => Sql;
};

const payloadIn = (folder: string) => readArtifact(join(folder, 'payload'), 'payload');

export const askIn =
  (folder: string): Ask =>
  async (question) => {
    const identifiers = await readArtifact(join(folder, 'identifiers'), 'identifiers');
    const payload = await payloadIn(folder);
    const session = await openSession({
      folders: [folder],
      spill: join(folder, 'spill'),
      memory: '500MB',
      threads: 1,
    });
    try {
      return await session.rows('ask', question({ identifiers: identifiers.table, payload: payload.table }));
    } finally {
      session.close();
    }
  };

/** The accounting of a folder as lines: `extract outcome reason rows`. */
export async function accountingIn(folder: string): Promise<string[]> {
  const rows = await askIn(folder)(({ payload }) => sql`SELECT * FROM ${payload('accounting')} ORDER BY ALL`);
  return rows.map((row) => `${row['extract']} ${row['outcome']} ${row['reason']} ${row['rows']}`);
}
