import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DocumentSet } from '@throughline/agreement';
import { documentOf } from '@throughline/agreement';
import type { ThroughlineEvent } from '@throughline/core';
import {
  createKey,
  keyedIds,
  openSession,
  type ReadArtifact,
  type Row,
  readArtifact,
  readDocumentFolders,
  readKey,
  readText,
  runStage,
  type Session,
  sql,
} from '@throughline/engine';
import { CANARIES } from '@throughline/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingestStage } from './ingest.js';

const root = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const DAY = '2026-06-16';

/** The extracts of each partner: the manifest's last part of the name, and the file. */
const INBOXES = {
  district: {
    students: 'students.csv',
    enrollments: 'enrollments.csv',
    calendar: 'calendar.csv',
    absences: 'absences.csv',
    'opt-outs': 'opt_outs.csv',
    suspensions: 'suspensions.csv',
    readiness: 'readiness.csv',
    'early-childhood': 'early_childhood.csv',
    aid: 'aid.csv',
    cohort: 'cohort.csv',
    'last-summer': 'last_summer.csv',
  },
  charter: {
    students: 'students.csv',
    enrollments: 'enrollments.csv',
    calendar: 'calendar.csv',
    attendance: 'attendance.csv',
  },
  afterschool: { sessions: 'sessions.csv' },
  city: {
    'recreation-roster': 'recreation_roster.csv',
    'success-plans': 'success_plans.csv',
    referrals: 'referrals.csv',
  },
  health: {
    clinic: 'clinic.psv',
    'vision-van': 'vision_van.xlsx',
    dental: 'dental.psv',
    clinicians: 'clinicians.psv',
  },
} as const;
const partners = Object.entries(INBOXES);

let folder: string;
let documents: DocumentSet;
let session: Session;
const events: ThroughlineEvent[] = [];
const identifiers = new Map<string, ReadArtifact<'identifiers'>>();
const payload = new Map<string, ReadArtifact<'payload'>>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millbrook-'));
  const folders = ['agreements', ...partners.map(([partner]) => `manifests/${partner}`)];
  documents = await readDocumentFolders(
    folders.map((name) => ({ name, path: root(`pipelines/millbrook/${name}`) })),
    DAY,
  );
  await createKey(join(folder, 'record.key'));
  await createKey(join(folder, 'log.key'));
  for (const [partner, files] of partners) await takeInPartner(partner, files);
  session = await openSession({
    folders: [folder],
    spill: join(folder, 'spill'),
    memory: '500MB',
    threads: 1,
  });
});
afterAll(async () => {
  session.close();
  await rm(folder, { recursive: true });
});

async function takeInPartner(of: string, files: Readonly<Record<string, string>>): Promise<void> {
  const outputs = { identifiers: join(folder, of, 'identifiers'), payload: join(folder, of, 'payload') };
  await runStage(ingestStage, {
    of,
    config: { manifests: Object.keys(files).map((name) => `millbrook-${of}-${name}`) },
    documents,
    day: DAY,
    extracts: Object.entries(files).map(([name, file]) => ({
      name,
      path: root(`fixtures/millbrook/extracts/${of}/${file}`),
    })),
    outputs,
    secrets: { 'record-key': join(folder, 'record.key') },
    synthetic: true,
    work: join(folder, 'work'),
    log: { folder: join(folder, 'log'), origin: 'test.example/log', key: join(folder, 'log.key') },
    limits: { memory: '1GB', threads: 2 },
    effects: {
      emit: (event) => events.push(event),
      now: () => new Date(0),
      elapsed: () => 0,
      software: 'test',
      userId: process.getuid?.(),
    },
  });
  identifiers.set(of, await readArtifact(outputs.identifiers, 'identifiers'));
  payload.set(of, await readArtifact(outputs.payload, 'payload'));
}

const present = <T>(found: T | undefined): T => {
  if (found === undefined) throw new RangeError('the partner was not taken in');
  return found;
};
const identifiersOf = (partner: string) => present(identifiers.get(partner));
const payloadOf = (partner: string) => present(payload.get(partner));

/** The fixture's rows, read the plainest way. */
async function truth(file: string): Promise<Row[]> {
  const [header = '', ...lines] = (await readText(root(`fixtures/millbrook/truth/${file}`)))
    .trim()
    .split('\n');
  const names = header.split(',');
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((cell, index) => [names[index] ?? '', cell])),
  );
}

describe('Millbrook', () => {
  it('has its rows accounted for', async () => {
    const lines: string[] = [];
    for (const [partner] of partners) {
      const rows = await session.rows(
        'accounting',
        sql`SELECT extract, outcome, reason, rows FROM ${payloadOf(partner).table('accounting')} ORDER BY ALL`,
      );
      lines.push(
        ...rows.map((row) =>
          [partner, row['extract'], row['outcome'], row['reason'], row['rows']].join('\t'),
        ),
      );
    }
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('millbrook.accounting.tsv');
  });

  it.each(partners.map(([partner]) => partner))('has as many rows in at %s as out', async (partner) => {
    const [sums = {}] = await session.rows(
      'sums',
      sql`SELECT count(*) AS extracts, sum(rows_in)::BIGINT AS rows_in, sum(rows_kept)::BIGINT AS kept,
          (SELECT sum(rows)::BIGINT FROM ${payloadOf(partner).table('accounting')} WHERE outcome <> 'noted') AS told,
          (SELECT count(*) FROM ${identifiersOf(partner).table('rejects')}) AS rejects,
          (SELECT coalesce(sum(rows), 0)::BIGINT FROM ${payloadOf(partner).table('accounting')} WHERE outcome = 'rejected') AS rejected
        FROM ${payloadOf(partner).table('extracts')}`,
    );
    expect(sums['extracts']).toBe(Object.keys(INBOXES[partner as keyof typeof INBOXES]).length);
    expect(sums['told']).toBe(sums['rows_in']);
    expect(sums['rejects']).toBe(sums['rejected']);
  });

  it('has a record for every true one, but for opted-out children and minors in their own care', async () => {
    const secret = await readKey(join(folder, 'record.key'), process.getuid?.());
    const ids = keyedIds(secret, 'record');
    const optedOut = new Set(
      (await truth('children.csv')).filter((row) => row['opted_out'] === '1').map((row) => row['child_id']),
    );
    const found = new Map<string, string>();
    for (const [partner] of partners) {
      const rows = await session.rows(
        'sources',
        sql`SELECT record_id, space, line FROM ${identifiersOf(partner).table('identifiers')} AS named
          JOIN ${identifiersOf(partner).table('sources')} AS sources USING (record_id)`,
      );
      for (const row of rows) {
        found.set(`${row['record_id']}`, `${partner} ${row['space']}`);
        found.set(`${partner} ${row['space']} ${row['line']}`, `${row['record_id']}`);
      }
    }
    const missing = (await truth('records.csv')).filter(({ partner, record_space, source_key }) => {
      const keyless = record_space === 'registration' || record_space === 'screening';
      return keyless
        ? !found.has(`${partner} ${record_space} ${source_key}`)
        : found.get(ids(`${partner}`, `${record_space}`, `${source_key}`)) !== `${partner} ${record_space}`;
    });
    const encounters = (await readText(root('fixtures/millbrook/extracts/health/clinic.psv'))).split('\n');
    const withParents = new Set(
      encounters.filter((line) => line.endsWith('|N')).map((line) => line.split('|')[0]),
    );
    const unexpected = missing.filter(
      ({ partner, record_space, source_key, child_id }) =>
        !(partner === 'district' && optedOut.has(child_id ?? '')) &&
        !(record_space === 'patient' && !withParents.has(String(source_key))),
    );
    expect(unexpected).toEqual([]);
    expect(missing.filter(({ partner }) => partner === 'district').length).toBe(optedOut.size);
  });

  it('shows no identifier of a child anywhere but in the identifiers', async () => {
    const canaries = new RegExp(CANARIES.filter((canary) => !/^\d{6}$/.test(canary)).join('|'), 'i');
    expect(JSON.stringify(events)).not.toMatch(canaries);
    for (const [partner] of partners) {
      const { manifest, table } = payloadOf(partner);
      for (const { name } of manifest.tables) {
        const rows = await session.rows(
          name,
          sql`SELECT * FROM ${table(name as Parameters<typeof table>[0])}`,
        );
        expect(canaries.test(JSON.stringify(rows))).toBe(false);
      }
    }
    const files = (await readdir(folder, { recursive: true })).filter((file) =>
      /\.(json|jsonl|parquet)$/.test(file),
    );
    for (const file of files.filter((each) => !each.endsWith('identifiers/identifiers.parquet'))) {
      expect(canaries.test((await readFile(join(folder, file))).toString('latin1'))).toBe(false);
    }
    expect(files.join()).not.toMatch(canaries);
  });

  it('has the canaries among the identifiers, but none of those that had to be refused', async () => {
    const rows = await session.rows(
      'canaries',
      sql`SELECT first, count(*) AS records FROM ${identifiersOf('district').table('identifiers')}
        WHERE last = 'ZZQCANARY' GROUP BY first ORDER BY first`,
    );
    expect(rows).toEqual([
      { first: 'ZZQCANARYANN', records: 1 },
      { first: 'ZZQCANARYCLEO', records: 1 },
    ]);
    for (const [partner] of partners) {
      const refused = await session.rows(
        'refused',
        sql`SELECT record_id FROM ${identifiersOf(partner).table('identifiers')} WHERE first LIKE '%REJECT%'`,
      );
      expect(refused).toEqual([]);
    }
  });

  it('keeps nothing that its manifests do not keep', async () => {
    for (const [partner, files] of partners) {
      const manifests = Object.keys(files).map((name) =>
        documentOf(documents.manifests, `millbrook-${partner}-${name}`, 'manifest'),
      );
      const kept = new Set(
        manifests.flatMap(({ document }) => document.fields.flatMap(({ column }) => column ?? [])),
      );
      const constants = new Set(manifests.flatMap(({ document }) => Object.keys(document.constants)));
      for (const { name, columns, rows } of payloadOf(partner).manifest.tables) {
        if (rows === 0 || ['attendance', 'extracts', 'accounting'].includes(name)) continue;
        const table = payloadOf(partner).table(name as 'students');
        for (const [column] of columns) {
          if (column === 'record_id' || kept.has(column) || constants.has(column)) continue;
          const values = await session.rows(
            name,
            sql`SELECT DISTINCT ${sql`COLUMNS(${column})`} AS value FROM ${table}`,
          );
          expect(values.every(({ value }) => value === null || value === 'unknown')).toBe(true);
        }
      }
    }
  });

  it('reads the van’s dates from date cells and from text alike', async () => {
    const [dates = {}] = await session.rows(
      'van',
      sql`SELECT count(*) AS records, count(birth_date) AS births, count(phone) AS phones
        FROM ${identifiersOf('health').table('identifiers')} WHERE space = 'screening'`,
    );
    expect(Number(dates['births'])).toBeGreaterThanOrEqual(Number(dates['records']) - 1);
    expect(dates['phones']).toBe(dates['records']);
  });
});
