import { mkdtemp, readFile, rm } from 'node:fs/promises';
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
  type StageRequest,
  sha256Of,
  sql,
} from '@throughline/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { microdataStage } from './microdata-stage.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microdata-'));
  for (const key of ['log', 'one', 'two']) await createKey(join(folder, `${key}.key`));
});
afterEach(() => rm(folder, { recursive: true }));

const dated = 'version: 1, title: A document of the test, effective: 2025-07-01, expires: 2030-06-30';
const answer = '{ answer: A long enough answer., decided_by: Somebody, on: 2025-06-01 }';
const ann = '{ person: ann, name: Ann, role: registrar, keys: []';
const code = 'record_code: { kind: random, scope: per-licence }, ';
const questions = `four_questions: { legal: ${answer}, ethical: ${answer}, good_idea: ${answer}, how_do_we_know: ${answer} }`;

type Asked = {
  readonly prohibited?: string;
  readonly columns?: string;
  readonly standard?: string;
  readonly rows?: boolean;
  readonly recordCode?: string;
  readonly recipients?: string;
  readonly l?: number;
};

const licence = (id: string, asked: Asked) =>
  `{ kind: dul, id: ${id}, ${dated}, emou: emou-test, licensee: A university, project: To test rows., uses: [research-release], recipients: [${asked.recipients ?? 'researchers'}], measures: [chronic_absence], thresholds: { min_cell: 5 }, ${asked.recordCode ?? code}${
    asked.rows === false
      ? ''
      : `rows: { columns: [${asked.columns ?? 'grade_band, sex'}], outcomes: [chronic_absence_ma], standard: ${asked.standard ?? 'safe-harbor'}, k: 5, l: ${asked.l ?? 2}, population_k: 8, most_suppressed: 0.2 }, `
  }${questions} }`;

const documents = (asked: Asked) =>
  readDocuments(
    [
      `{ kind: emou, id: emou-test, ${dated}, parties: [district, club], purpose: To test the rows., governance: { body: Board, decides: Everything there is., meets: often }, approvers: [${ann}, party: club, approves: [emou] }], quorums: { emou: { at_least: 1 }, dsa: { at_least: 1 }, dul: { at_least: 1 }, release-policy: { at_least: 1 } }, thresholds: { min_cell: 5 }, linkage: { epoch: 2026-1, rules: [{ name: a_rule, parts: [first, last], basis: exact }] } }`,
      ...['district', 'club'].map(
        (partner) =>
          `{ kind: dsa, id: dsa-${partner}, ${dated}, emou: emou-test, partner: ${partner}, basis: [owner-programme-records], purpose: To test the rows., scope: Everything there is., permitted_uses: [research-release], prohibited_uses: [${asked.prohibited ?? ''}], authorised_people: [{ name: Ann, role: lead, interest: Runs the whole test. }], safeguards: [Everything is guarded.], redisclosure: none, recipients: [researchers], approvers: [${ann} }], quorum: { at_least: 1 }, destruction: { trigger: expiry, within_days: 30, method: Deletion of all., certificate_to: Board }, oversight: { reviewer: Board, cadence: yearly }, thresholds: { min_cell: 5 } }`,
      ),
      licence('dul-one', asked),
      licence('dul-two', asked),
      `{ kind: release-policy, id: policy-test, ${dated}, emou: emou-test, min_cell: 5, min_interval_width: 5, rate_decimals: 0 }`,
    ].map((text) => ({ file: safeName('test.yaml'), text, sha256: sha256Of(text) })),
    { day: '2026-06-16', judge: () => () => ({ approvals: [] }) },
  );

const personOf = (at: number): string => uuidForm(sha256Of(`person ${at}`).slice(0, 32));
const PEOPLE = 60;
const people = Array.from({ length: PEOPLE }, (_, at) => ({
  id: personOf(at),
  grade: at < 2 ? '9-12' : at % 2 === 0 ? '1-5' : '6-8',
  sex: at === 5 ? 'X' : at % 3 === 0 ? 'F' : 'M',
  verdict: at % 4 === 0 ? 'yes' : 'no',
}));

const counting: Stage<object> = {
  name: 'measure',
  version: '1',
  config: z.strictObject({}),
  writes: ['counted'],
  secrets: [],
  governs: () => [],
  run: async ({ session, output }) => {
    const schema = { id: 'VARCHAR', grade: 'VARCHAR', sex: 'VARCHAR', verdict: 'VARCHAR' } as const;
    await session.append('people', { name: 'p', schema }, [
      (['id', 'grade', 'sex', 'verdict'] as const).map((column) => people.map((each) => each[column])),
    ]);
    const counted = output('counted');
    const none = sql`NULL::VARCHAR`;
    await counted.table('counted', sql`SELECT id::UUID AS person_id, 1::BIGINT AS measures FROM p`);
    await counted.table(
      'levels',
      sql`SELECT id::UUID AS person_id, true AS enrolled_on_snapshot, ${none} AS school, grade AS grade_band, ${none} AS race_ethnicity, sex, ${none} AS low_income, ${none} AS disability, ${none} AS english_learner, ${none} AS ${ident('home_language')} FROM p`,
    );
    await counted.table(
      'verdicts',
      sql`SELECT id::UUID AS person_id, 'chronic_absence_ma' AS measure, verdict, ${none} AS basis FROM p`,
    );
    await counted.table(
      'access',
      sql`SELECT NULL::UUID AS person_id, '' AS dimension, '' AS level WHERE false`,
    );
  },
};

const request = (config: object, changes: Partial<StageRequest>): StageRequest => ({
  of: 'town',
  config,
  documents: documents({}),
  day: '2026-06-16',
  outputs: {},
  work: join(folder, 'work'),
  log: { folder: join(folder, 'log'), origin: 'test.example/log', key: join(folder, 'log.key') },
  limits: { memory: '500MB', threads: 1 },
  effects: {
    emit: () => undefined,
    now: () => new Date(0),
    elapsed: () => 0,
    software: 'test',
    userId: process.getuid?.(),
  },
  ...changes,
});

async function released(dul: 'one' | 'two', asked: Asked = {}) {
  await runStage(counting, request({}, { outputs: { counted: join(folder, 'counted') } }));
  const config = {
    dul: `dul-${dul}`,
    policy: 'policy-test',
    partners: ['district', 'club'],
    measures: ['chronic_absence'],
  };
  await runStage(
    microdataStage,
    request(config, {
      documents: documents(asked),
      inputs: [{ kind: 'counted', folder: join(folder, 'counted') }],
      carriesOn: ['row_codes'],
      outputs: { microdata: join(folder, dul, 'microdata'), row_codes: join(folder, dul, 'codes') },
      secrets: { 'licence-key': join(folder, `${dul}.key`) },
    }),
  );
  const session = await openSession({
    folders: [folder],
    spill: join(folder, 'spill'),
    memory: '500MB',
    threads: 1,
  });
  const microdata = await readArtifact(join(folder, dul, 'microdata'), 'microdata');
  const codes = await readArtifact(join(folder, dul, 'codes'), 'row_codes');
  const read = {
    rows: await session.rows('rows', sql`SELECT * FROM ${microdata.table('rows')}`),
    outcomes: await session.rows('outcomes', sql`SELECT * FROM ${microdata.table('outcomes')}`),
    codes: await session.rows('codes', sql`SELECT * FROM ${codes.table('codes')}`),
  };
  session.close();
  return read;
}

describe('rows for a licensee', () => {
  it('look like k others, with l verdicts among them; whoever stands out is told less of, or left out', async () => {
    const { rows, outcomes } = await released('one');
    expect(rows.length).toBeGreaterThan(40);
    expect(outcomes).toHaveLength(rows.length);
    const verdictOf = new Map(outcomes.map((row) => [row['row_code'], row['verdict']]));
    for (const row of rows) {
      const alike = rows.filter(
        (each) => each['grade_band'] === row['grade_band'] && each['sex'] === row['sex'],
      );
      expect(alike.length).toBeGreaterThanOrEqual(5);
      expect(new Set(alike.map((each) => verdictOf.get(each['row_code']))).size).toBeGreaterThanOrEqual(2);
    }
    expect(rows.some((row) => row['sex'] === 'X')).toBe(false);
    expect(await readFile(join(folder, 'one/microdata/README.md'), 'utf8')).toMatch(
      /At least 5 rows look alike/,
    );
  });

  it('have codes that are no id, that another licence does not share, and that stay (D21)', async () => {
    const [one, two] = [await released('one'), await released('two')];
    const codesOf = ({ codes }: typeof one) => codes.map((row) => String(row['row_code']));
    const known = new Set(people.map(({ id }) => id));
    expect(new Set(codesOf(one)).size).toBe(PEOPLE);
    expect(codesOf(one).filter((each) => known.has(each) || codesOf(two).includes(each))).toEqual([]);
    await rm(join(folder, 'one/microdata'), { recursive: true });
    const again = await released('one');
    expect(again.codes).toEqual(one.codes);
    await rm(join(folder, 'one'), { recursive: true });
    await rm(join(folder, 'one.key'));
    await createKey(join(folder, 'one.key'));
    const redrawn = await released('one');
    expect(codesOf(redrawn).filter((each) => codesOf(one).includes(each))).toEqual([]);
  });

  it.each([
    ['USE_NOT_PERMITTED', { prohibited: 'row-level-release' }],
    ['USE_NOT_PERMITTED', { rows: false }],
    ['USE_NOT_PERMITTED', { recordCode: '' }],
    ['USE_NOT_PERMITTED', { recipients: 'researchers, public' }],
    ['RELEASE_IDENTIFIER', { columns: 'school, sex' }],
    ['RELEASE_UNSAFE', { l: 3 }],
  ] as const)('are refused: %s', async (refusal, asked) => {
    await expect(released('one', asked)).rejects.toMatchObject({ code: refusal });
  });
});
