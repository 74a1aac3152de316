// Runs a stage in a process of its own and kills it, with SIGKILL, at one moment: before the n-th of its steps, of
// the times that it asks for the hour (when it opens, for each manifest and for the log), and of the renames of whole folders.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';

const [folder, people, moment] = process.argv.slice(2);
let left = Number(moment);

const dieInTime = () => {
  left -= 1;
  if (left < 0) process.kill(process.pid, 'SIGKILL');
};

const rename = fs.promises.rename;
fs.promises.rename = (from, to) => {
  if (!from.endsWith('.partial')) dieInTime();
  return rename(from, to);
};
syncBuiltinESMExports();

const { runStage, sql } = await import('../../dist/index.js');

const id = sql`md5(i::VARCHAR)::UUID`;
const stage = {
  name: 'link',
  version: '1',
  config: z.strictObject({ people: z.int() }),
  writes: ['links', 'people'],
  secrets: [],
  governs: () => [],
  run: async ({ output, config, step }) => {
    await step('links', () =>
      output('links').table(
        'passes',
        sql`SELECT 'tokens' AS kind, 'p' AS pass, ${config.people}::BIGINT AS pairs, 0::BIGINT AS linked, 0::BIGINT AS ambiguous, 0::BIGINT AS refused, 0::BIGINT AS alone, 0::BIGINT AS linked_alone, 0::BIGINT AS households`,
      ),
    );
    await step('people', () =>
      output('people').table(
        'people',
        sql`SELECT ${id} AS record_id, ${id} AS person_id, 'a' AS partner, 's' AS space, 'b' AS basis FROM range(${config.people}::BIGINT) t(i)`,
      ),
    );
  },
};

const { artifacts } = await runStage(stage, {
  of: 'city',
  config: { people: Number(people) },
  documents: { emous: [], dsas: [], duls: [], policies: [], manifests: [] },
  day: '2026-06-16',
  outputs: { links: join(folder, 'hub', 'links'), people: join(folder, 'hub', 'people') },
  work: join(folder, 'work'),
  log: { folder: join(folder, 'log'), origin: 'test.example/log', key: join(folder, 'log.key') },
  limits: { memory: '500MB', threads: 1 },
  effects: {
    emit: ({ event }) => {
      if (event === 'step.start') dieInTime();
    },
    now: () => {
      dieInTime();
      return new Date(0);
    },
    elapsed: () => 0,
    software: 'test',
    userId: undefined,
  },
});
process.stdout.write(JSON.stringify(artifacts));
