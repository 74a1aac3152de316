import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDocuments } from '@throughline/agreement';
import { safeName, uuidForm } from '@throughline/core';
import {
  createKey,
  ident,
  openSession,
  readArtifact,
  runStage,
  type Stage,
  type StageContext,
  type StageRequest,
  sha256Of,
  sql,
  sqlJoin,
} from '@throughline/engine';
import { tableFromIPC } from 'apache-arrow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { releaseStage } from './release.js';

type Counts = readonly [yes: number, no: number, unknown: number];
type School = readonly [level: string, counts: Counts];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'release-'));
  await createKey(join(folder, 'log.key'));
});
afterEach(() => rm(folder, { recursive: true }));

const document = (text: string) => ({ file: safeName('test.yaml'), text, sha256: sha256Of(text) });
const dated = 'version: 1, title: A document of the test, effective: 2025-07-01, expires: 2030-06-30';
const answer = '{ answer: A long enough answer., decided_by: Somebody, on: 2025-06-01 }';
const ann = '{ person: ann, name: Ann, role: registrar, keys: []';
const approvers = `approvers: [${ann}, party: club, approves: [emou] }], quorums: { emou: { at_least: 1 }, dsa: { at_least: 1 }, dul: { at_least: 1 }, release-policy: { at_least: 1 } }`;
const documents = (districtCell = 10) =>
  readDocuments(
    [
      `{ kind: emou, id: emou-test, ${dated}, parties: [district, club], purpose: To test the release., governance: { body: Board, decides: Everything there is., meets: often }, ${approvers}, thresholds: { min_cell: 5 }, linkage: { epoch: 2026-1, rules: [{ name: a_rule, parts: [first, last], basis: exact }] } }`,
      ...['district', 'club'].map(
        (partner) =>
          `{ kind: dsa, id: dsa-${partner}, ${dated.replace('version: 1', `version: ${partner === 'district' ? 20 - districtCell : 1}`)}, emou: emou-test, partner: ${partner}, basis: [owner-programme-records], purpose: To test the release., scope: Everything there is., permitted_uses: [public-release], prohibited_uses: [], authorised_people: [{ name: Ann, role: lead, interest: Runs the whole test. }], safeguards: [Everything is guarded.], redisclosure: none, recipients: [public], approvers: [${ann} }], quorum: { at_least: 1 }, destruction: { trigger: expiry, within_days: 30, method: Deletion of all., certificate_to: Board }, oversight: { reviewer: Board, cadence: yearly }, thresholds: { min_cell: ${partner === 'district' ? districtCell : 5} } }`,
      ),
      `{ kind: dul, id: dul-test, ${dated}, emou: emou-test, licensee: Board, project: To test the release., uses: [public-release], recipients: [public], measures: [chronic_absence], thresholds: { min_cell: 5 }, four_questions: { legal: ${answer}, ethical: ${answer}, good_idea: ${answer}, how_do_we_know: ${answer} } }`,
      `{ kind: release-policy, id: policy-test, ${dated}, emou: emou-test, min_cell: 5, min_interval_width: 5, rate_decimals: 0 }`,
    ].map(document),
    { day: '2026-06-16', judge: () => () => ({ approvals: [] }) },
  );

const definitions = [
  {
    name: 'chronic_absence_ma',
    measure: 'chronic_absence',
    preset: 'ma',
    version: 1,
    title: 'A title',
    population: 'p',
    source: 's',
    caveats: [],
  },
];

const total = (schools: readonly School[]): School => [
  'Total',
  [0, 1, 2].map((at) => schools.reduce((sum, [, counts]) => sum + (counts[at] ?? 0), 0)) as unknown as Counts,
];

/** Writes the people whom the tables count. */
async function writeCounted(
  { session, output }: Pick<StageContext<object>, 'session' | 'output'>,
  schools: readonly School[],
) {
  const people = schools.flatMap(([school, counts]) =>
    (['yes', 'no', 'unknown'] as const).flatMap((verdict, at) =>
      Array.from({ length: counts[at] ?? 0 }, (_, place) => ({
        id: idOf(`${school} ${verdict} ${place}`),
        school,
        verdict,
      })),
    ),
  );
  const schema = { person_id: 'VARCHAR', school: 'VARCHAR', verdict: 'VARCHAR' } as const;
  await session.append('people', { name: 'p', schema }, [
    [people.map(({ id }) => id), people.map(({ school }) => school), people.map(({ verdict }) => verdict)],
  ]);
  const nothing = sqlJoin(
    ['race_ethnicity', 'sex', 'low_income', 'disability', 'english_learner', 'home_language'].map(
      (dimension) => sql`NULL::VARCHAR AS ${ident(dimension)}`,
    ),
  );
  const counted = output('counted');
  await counted.table('counted', sql`SELECT person_id::UUID AS person_id, 1::BIGINT AS measures FROM p`);
  await counted.table(
    'levels',
    sql`SELECT person_id::UUID AS person_id, true AS enrolled_on_snapshot, school, NULL::VARCHAR AS grade_band, ${nothing} FROM p`,
  );
  await counted.table(
    'verdicts',
    sql`SELECT person_id::UUID AS person_id, 'chronic_absence_ma' AS measure, verdict, NULL::VARCHAR AS basis FROM p`,
  );
  await counted.table(
    'access',
    sql`SELECT NULL::UUID AS person_id, '' AS dimension, '' AS level WHERE false`,
  );
}

const idOf = (text: string): string => uuidForm(sha256Of(text).slice(0, 32));

/** Writes a measures artifact of one table by school, and its grand total. */
const measuring = (schools: readonly School[]): Stage<object> => ({
  name: 'measure',
  version: '1',
  config: z.strictObject({}),
  writes: ['counted', 'measures'],
  secrets: [],
  governs: () => [],
  run: async (context) => {
    const { session, output } = context;
    await writeCounted(context, schools);
    const rows = [...schools, total(schools)].map(([level, counts]) => ({
      table: 'chronic_absence_ma.school',
      dim: 'school',
      level,
      counts,
    }));
    const grand = { table: 'chronic_absence_ma.total', dim: null, level: null, counts: total(schools)[1] };
    const all = [...rows, grand];
    const constant = (text: string | null) => all.map(() => text);
    await session.append(
      'cells',
      {
        name: 'c',
        schema: {
          measure: 'VARCHAR',
          population: 'VARCHAR',
          table_name: 'VARCHAR',
          dim_1: 'VARCHAR?',
          level_1: 'VARCHAR?',
          dim_2: 'VARCHAR?',
          level_2: 'VARCHAR?',
          yes: 'BIGINT',
          no: 'BIGINT',
          unknown: 'BIGINT',
          total: 'BIGINT',
        },
      },
      [
        [
          constant('chronic_absence_ma'),
          constant('p'),
          all.map(({ table }) => table),
          all.map(({ dim }) => dim),
          all.map(({ level }) => level),
          constant(null),
          constant(null),
          all.map(({ counts }) => counts[0]),
          all.map(({ counts }) => counts[1]),
          all.map(({ counts }) => counts[2]),
          all.map(({ counts }) => counts[0] + counts[1] + counts[2]),
        ],
      ],
    );
    await output('measures').table('cells', sql`SELECT * FROM c`);
    await output('measures').table(
      'coverage',
      sql`SELECT 'x' AS measure, 'y' AS name, NULL::VARCHAR AS "by", 1::BIGINT AS count`,
    );
    await output('measures').file('definitions.json', JSON.stringify(definitions));
  },
});

const request = (config: object, threads = 1): StageRequest => ({
  of: 'town',
  config,
  documents: documents(),
  day: '2026-06-16',
  outputs: {
    counted: join(folder, 'counted'),
    equations: join(folder, 'equations'),
    measures: join(folder, 'measures'),
    release: join(folder, 'release'),
  },
  work: join(folder, 'work'),
  log: { folder: join(folder, 'log'), origin: 'test.example/log', key: join(folder, 'log.key') },
  limits: { memory: '500MB', threads },
  effects: {
    emit: () => undefined,
    now: () => new Date(0),
    elapsed: () => 0,
    software: 'test',
    userId: process.getuid?.(),
  },
});

const config = {
  dul: 'dul-test',
  policy: 'policy-test',
  city: 'Town',
  partners: ['district', 'club'],
  measures: ['chronic_absence'],
};

async function released(schools: readonly School[], changes: Partial<StageRequest> = {}) {
  await runStage(measuring(schools), request({}));
  const outcome = await runStage(releaseStage, {
    ...request(config),
    inputs: [
      { kind: 'measures', folder: join(folder, 'measures') },
      { kind: 'counted', folder: join(folder, 'counted') },
    ],
    ...changes,
  });
  const session = await openSession({
    folders: [folder],
    spill: join(folder, 'spill'),
    memory: '500MB',
    threads: 1,
  });
  const artifact = await readArtifact(join(folder, 'release'), 'release');
  const rows = await session.rows('read', sql`SELECT * FROM ${artifact.table('cells')}`);
  session.close();
  return { outcome, rows, at: (level: string) => rows.find((row) => row['level_1'] === level) ?? {} };
}

const clear: readonly School[] = [
  ['A', [40, 100, 30]],
  ['B', [50, 120, 20]],
  ['C', [30, 90, 25]],
];
const withSmall: readonly School[] = [...clear, ['D', [3, 60, 20]]];

describe('releaseStage', () => {
  it('publishes counts, rates and coverage where nothing is sensitive', async () => {
    const { at, rows } = await released(clear);
    expect(rows.every((row) => row['status'] === 'published')).toBe(true);
    expect(at('A')).toMatchObject({
      yes: 40,
      no: 100,
      unknown: 30,
      total: 170,
      rate_percent: '29',
      coverage_percent: '82',
    });
    expect(at('Total')).toMatchObject({ yes: 120, no: 310, unknown: 75 });
  });

  it('withholds a small count and another one, and both rates', async () => {
    const { at, rows } = await released(withSmall);
    expect(at('D')).toMatchObject({ status: 'withheld', yes: null, no: null, rate_percent: null });
    const withheldYes = rows.filter((row) => row['yes'] === null).length;
    expect(withheldYes).toBeGreaterThanOrEqual(2);
    for (const row of rows)
      if (row['yes'] === null || row['no'] === null) expect(row['rate_percent']).toBeNull();
  });

  it('takes the highest threshold of all agreements, wherever it stands', async () => {
    const { at } = await released([...clear, ['D', [7, 60, 20]]]);
    expect(at('D')['yes']).toBeNull();
    await rm(join(folder, 'release'), { recursive: true });
    const lower = await released([...clear, ['D', [7, 60, 20]]], { documents: documents(5) });
    expect(lower.at('D')['yes']).toBe(7);
  });

  it('withholds none and all', async () => {
    const { at } = await released([...clear, ['D', [0, 60, 20]], ['E', [70, 0, 20]]]);
    expect(at('D')).toMatchObject({ yes: null, no: null, rate_percent: null });
    expect(at('E')).toMatchObject({ yes: null, no: null, rate_percent: null });
  });

  it('refuses a measure that the licence does not name, before anything is read', async () => {
    const asked = {
      ...request({ ...config, measures: ['afterschool_participation'] }),
      inputs: [{ kind: 'measures' as const, folder }],
    };
    await expect(runStage(releaseStage, asked)).rejects.toMatchObject({
      code: 'USE_NOT_PERMITTED',
      exitCode: 10,
    });
  });

  it('refuses a level that looks like a number of a person', async () => {
    await expect(released([...clear, ['617-555-0123', [40, 60, 20]]])).rejects.toMatchObject({
      code: 'RELEASE_IDENTIFIER',
      exitCode: 14,
    });
  });

  it('writes the same rows in four formats, the same bytes again, and no exact count of a withheld cell', async () => {
    const { outcome, rows } = await released(withSmall);
    const place = join(folder, 'release');
    expect((await readdir(place)).sort()).toEqual(
      [
        'README.md',
        'cells.arrow',
        'cells.csv',
        'cells.parquet',
        'codebook.csv',
        'datapackage.json',
        'definitions.json',
        'definitions.md',
        'disclosure.md',
        'limits.md',
        'manifest.json',
        'provenance.json',
        'release.duckdb',
      ].sort(),
    );
    const arrow = tableFromIPC(await readFile(join(place, 'cells.arrow')));
    expect(arrow.numRows).toBe(rows.length);
    const csv = (await readFile(join(place, 'cells.csv'), 'utf8')).trimEnd().split('\r\n');
    expect(csv).toHaveLength(rows.length + 1);
    const provenance = await readFile(join(place, 'provenance.json'), 'utf8');
    expect(JSON.parse(provenance).agreements).toHaveLength(5);
    await rm(place, { recursive: true });
    const again = await released(withSmall, { limits: { memory: '500MB', threads: 2 } });
    expect(again.outcome.artifacts).toEqual(outcome.artifacts);
  });

  it('writes formulas in names of levels as text', async () => {
    await released([...clear, ['=A1', [40, 60, 20]]]);
    expect(await readFile(join(folder, 'release', 'cells.csv'), 'utf8')).toContain(",'=A1,");
  });
});
