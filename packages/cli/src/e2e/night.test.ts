import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readTrueAttendance } from '@throughline/assess';
import { lockState, openSession, readArtifact, sql } from '@throughline/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { qualityOf } from '../bench/quality.js';
import { identities, millbrook, signAgain, type Told, told } from './night.fixture.js';

const fixtures = fileURLToPath(new URL('../../../../fixtures/millbrook/', import.meta.url));

let folder: string;
let pipeline: string;
let first: Told;
beforeAll(async () => {
  folder = await millbrook({ threads: 2, copyExtracts: true });
  pipeline = join(folder, 'pipeline.yaml');
  first = await told(['run', pipeline]);
});
afterAll(() => rm(folder, { recursive: true }));

describe('a night of Millbrook', () => {
  it('succeeds and says where the report and the release lie', () => {
    expect(first.exitCode).toBe(0);
    expect(first.stderr).toBe('');
    expect(first.stdout).toMatch(/report\.html/);
    expect(first.stdout).toMatch(/release-candidate/);
  });

  it('accounts for every row: in = kept + rejected + excluded + quarantined', async () => {
    const session = await openSession({
      folders: [folder],
      spill: join(folder, 'spill'),
      memory: '1GB',
      threads: 1,
    });
    const all = sql`read_parquet(${join(folder, 'state/partners/*/payload/extracts.parquet')}, filename = true)`;
    const accounts = sql`read_parquet(${join(folder, 'state/partners/*/payload/accounting.parquet')}, filename = true)`;
    const rows = await session.rows(
      'accounts',
      sql`SELECT extract, rows_in, coalesce(sum(rows), 0)::BIGINT AS accounted FROM ${all} AS e
          LEFT JOIN (SELECT *, parse_path(filename)[-3] AS partner FROM ${accounts}) AS a USING (extract)
          WHERE outcome IN ('kept', 'rejected', 'excluded', 'quarantined') AND parse_path(e.filename)[-3] = partner
          GROUP BY ALL ORDER BY ALL`,
    );
    session.close();
    expect(rows).toHaveLength(23);
    for (const row of rows) expect(row['accounted']).toBe(row['rows_in']);
  });

  it('links with a precision of at least .99 against the truth', async () => {
    const { precision, recall } = await qualityOf(pipeline, join(fixtures, 'truth'));
    expect(precision).toBeGreaterThanOrEqual(0.99);
    expect(recall).toBeGreaterThanOrEqual(0.94);
  });

  it('counts chronic absence as the truth does: leavers unknown, exactly a tenth chronic', async () => {
    const truth = (await readTrueAttendance(join(fixtures, 'truth'))).filter(
      ({ membershipDays }) => membershipDays >= 20,
    );
    const known = truth.filter(({ status }) => status === 'known');
    const chronic = known.filter(({ absentDays, membershipDays }) => 10 * absentDays >= membershipDays);
    const exactly = known.filter(({ absentDays, membershipDays }) => 10 * absentDays === membershipDays);
    expect(exactly.length).toBeGreaterThan(5);
    const cell = await grandTotal('chronic_absence_ma');
    const optedOut = truth.length - Number(cell['total']);
    expect(optedOut).toBeGreaterThanOrEqual(0);
    expect(optedOut).toBeLessThanOrEqual(0.03 * truth.length);
    expect(
      Math.abs(Number(cell['unknown']) - truth.filter(({ status }) => status === 'unknown').length),
    ).toBeLessThanOrEqual(6);
    expect(Math.abs(Number(cell['yes']) - chronic.length)).toBeLessThanOrEqual(0.03 * chronic.length);
  });

  it('counts what the district knows of its own students as the truth does', async () => {
    const [, ...lines] = (await readFile(join(fixtures, 'truth/milestones.csv'), 'utf8')).trim().split('\n');
    const rows = lines.map((line) => line.split(','));
    const count = (column: number, value = '1') => rows.filter((row) => row[column] === value).length;
    const here = (column: number) => rows.filter((row) => row[column] === '1' && row[7] === '1').length;
    expect(await grandTotal('suspensions_out_of_school')).toMatchObject({ yes: count(1) });
    expect(await grandTotal('kindergarten_readiness_assessed')).toMatchObject({ yes: here(3) });
    expect(await grandTotal('kindergarten_readiness_ready')).toMatchObject({ yes: here(4) });
    expect(await grandTotal('aid_completion_by_cutoff')).toMatchObject({ yes: here(5) });
    expect(await grandTotal('graduation_four_year')).toMatchObject({
      yes: count(6, 'Graduated'),
      no: count(6, 'Still Enrolled') + count(6, 'Dropped Out'),
    });
  });

  it('leaves children of a school that sends no suspensions unknown', async () => {
    const charter = (await cellsOf('suspensions_out_of_school')).filter(
      ({ level_1: level }) => level === '4710',
    );
    expect(charter).not.toEqual([]);
    for (const cell of charter) expect(cell).toMatchObject({ yes: 0, no: 0 });
  });

  it('does nothing twice', async () => {
    const before = await identities(join(folder, 'state'));
    const second = await told(['run', pipeline]);
    expect(second.exitCode).toBe(0);
    expect(second.stdout).toMatch(/up to date/);
    expect(second.events.filter(({ event }) => event === 'step.start')).toEqual([]);
    expect(await identities(join(folder, 'state'))).toEqual(before);
  });

  it('tells how every partner stands', async () => {
    const { exitCode, stdout } = await told(['status', pipeline]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^The run of \d{4}-\d\d-\d\d \d\d:\d\d UTC ended well\.$/m);
    for (const partner of ['district', 'charter', 'afterschool', 'city', 'health'])
      expect(stdout).toMatch(new RegExp(`^${partner} .* none +\\d+ +\\d+\\.\\d% +OK$`, 'm'));
  });

  it('plans without doing: what is stale, and why', async () => {
    const before = await identities(join(folder, 'state'));
    const extract = join(folder, 'extracts/city/referrals.csv');
    const planned = async () => (await told(['run', pipeline, '--plan'])).stdout;
    expect(
      (await planned())
        .trim()
        .split('\n')
        .every((line) => line.endsWith('  current')),
    ).toBe(true);
    const right = await readFile(extract);
    await writeFile(extract, Buffer.concat([right, Buffer.from('\n')]));
    const plan = await planned();
    await writeFile(extract, right);
    expect(plan).toMatch(/^ingest city +make again: extract of referrals has changed$/m);
    expect(plan).toMatch(/^ingest district +current$/m);
    expect(plan).toMatch(/^release millbrook +current so far: \d+ stages before it have something to do$/m);
    expect(await identities(join(folder, 'state'))).toEqual(before);
  });

  it('gives the same bytes on one thread, and the golden ones', async () => {
    const other = await millbrook({ threads: 1 });
    expect((await told(['run', join(other, 'pipeline.yaml')])).exitCode).toBe(0);
    const here = await identities(join(folder, 'state'));
    expect(await identities(join(other, 'state'))).toEqual(here);
    await rm(other, { recursive: true });
    const golden = fileURLToPath(new URL('./millbrook.golden.json', import.meta.url));
    if (process.env['THROUGHLINE_UPDATE'] === '1')
      await writeFile(golden, `${JSON.stringify(here, undefined, 2)}\n`);
    expect(here).toEqual(JSON.parse(await readFile(golden, 'utf8')));
  });
});

const grandTotal = async (measure: string) =>
  (await cellsOf(measure)).find(({ dim_1: dimension }) => dimension === null) ?? {};

async function cellsOf(measure: string) {
  const session = await openSession({
    folders: [folder],
    spill: join(folder, 'spill'),
    memory: '1GB',
    threads: 1,
  });
  const measures = await readArtifact(join(folder, 'state/desk/measures'), 'measures');
  const rows = await session.rows(
    'total',
    sql`SELECT * FROM ${measures.table('cells')} WHERE measure = ${measure}`,
  );
  session.close();
  return rows;
}

describe('three mistakes on purpose', () => {
  const unchanged = async (work: () => Promise<Told>, said: string | RegExp = /^$/) => {
    const before = await identities(join(folder, 'state'));
    const failed = await work();
    expect(await identities(join(folder, 'state'))).toEqual(before);
    expect(failed.stderr.match(/^error /gm)).toHaveLength(1);
    expect(failed.stdout).toMatch(said);
    return failed;
  };

  it('a column that nobody approved', async () => {
    const extract = join(folder, 'extracts/charter/students.csv');
    const right = await readFile(extract, 'utf8');
    await writeFile(
      extract,
      right
        .split('\n')
        .map((line, at) => (line === '' ? '' : `${line},${at === 0 ? 'student.ssn' : '0'}`))
        .join('\n'),
    );
    const failed = await unchanged(() => told(['run', pipeline]), /HELD: charter \(charter-1\)/);
    const shown = await told(['hold', 'show', pipeline, 'charter-1']);
    await writeFile(extract, right);
    expect(failed.exitCode).toBe(13);
    expect(failed.stderr).toMatch(/PARTNERS_HELD[\s\S]*HEADER_UNKNOWN_COLUMN/);
    expect(shown.stdout).toMatch(/HEADER_UNKNOWN_COLUMN[\s\S]*student\.ssn/);
  });

  it('an agreement that has expired', async () => {
    const agreement = join(folder, 'agreements/dsa-charter.yaml');
    const right = await readFile(agreement, 'utf8');
    await writeFile(agreement, right.replace(/^expires: .*/m, 'expires: 2026-06-10'));
    await signAgain(pipeline);
    const failed = await unchanged(() => told(['run', pipeline]));
    const status = await told(['status', pipeline]);
    await writeFile(agreement, right);
    await signAgain(pipeline);
    expect(failed.exitCode).toBe(10);
    expect(status.stdout).toMatch(/^charter .* EXPIRED$/m);
    expect(status.stdout).toMatch(/^district .* OK$/m);
    expect(failed.stderr).toMatch(/AGREEMENT_EXPIRED/);
    expect(failed.stderr).toMatch(/2026-06-10/);
  });

  it('a wrong key', async () => {
    const key = join(folder, 'state/keys/token.key');
    const tokens = join(folder, 'state/partners/afterschool/tokens');
    await copyFile(key, `${key}.right`);
    await writeFile(key, await readFile(join(folder, 'state/keys/city/record.key')));
    const manifest = await readFile(join(tokens, 'manifest.json'));
    await rm(join(tokens, 'manifest.json'));
    const failed = await told(['run', pipeline]);
    await writeFile(join(tokens, 'manifest.json'), manifest);
    await copyFile(`${key}.right`, key);
    expect(failed.exitCode).toBe(12);
    expect(failed.stderr).toMatch(/KEY_MISMATCH/);
    expect((await readdir(tokens)).length).toBeGreaterThan(1);
    expect((await told(['run', pipeline])).stdout).toMatch(/up to date/);
  });

  it('two runs at once: the second is refused', async () => {
    const unlock = await lockState(join(folder, 'state'), process.pid);
    const failed = await unchanged(() => told(['run', pipeline]));
    await unlock();
    expect(failed.exitCode).toBe(15);
    expect(failed.stderr).toMatch(/RUN_LOCKED/);
  });
});

describe('what linkage made of the night', () => {
  const state = (path: string) => join(folder, 'state', path);
  const compared = async (where: 'linked' | 'possible') => {
    const session = await openSession({
      folders: [folder],
      spill: join(folder, 'spill'),
      memory: '1GB',
      threads: 1,
    });
    const links = await readArtifact(state('linkage-unit/links'), 'links');
    const rows = await session.rows(
      'compared',
      sql`SELECT * FROM ${links.table('compared')} WHERE verdict = ${where} ORDER BY ALL`,
    );
    session.close();
    return rows.map((row) => [String(row['record_id_a']), String(row['record_id_b'])] as const);
  };

  it('is a page of charts that reaches for nothing', async () => {
    const page = await readFile(state('linkage.html'), 'utf8');
    for (const id of ['match-weights', 'm-and-u', 'weight-histogram', 'pass-yield', 'cluster-sizes']) {
      expect(page).toContain(`id="${id}-title"`);
    }
    expect(page).toMatch(/id="waterfall-chart-0-title"/);
    expect(page).toMatch(/id="unlinkables-district-title"/);
    expect(page).toMatch(/id="groups-/);
    expect(page).not.toMatch(/https?:|<script|NaN|undefined/);
  });

  it('can be explained pair by pair, in weights and without a value', async () => {
    const [one = '', other = ''] = (await compared('linked'))[0] ?? [];
    const explained = await told(['explain', 'pair', pipeline, other, one]);
    expect(explained.exitCode).toBe(0);
    expect(explained.stdout).toMatch(
      /one person[\s\S]*linked by[\s\S]*first [\s\S]*prior and rivals[\s\S]*probability .*: linked/,
    );
    const strange = await told([
      'explain',
      'pair',
      pipeline,
      one,
      one.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    ]);
    expect(strange.exitCode).toBe(2);
  });

  it('goes to the two owners where it is possible only, and comes back as yes and no', async () => {
    const pairs = await compared('possible');
    expect(pairs.length).toBeGreaterThan(0);
    const sheets = join(folder, 'sheets');
    expect((await told(['review', 'export', pipeline, '--out', sheets])).exitCode).toBe(0);
    const files = (await readdir(sheets)).sort();
    for (const file of files) {
      const sheet = join(sheets, file);
      const partner = file.replace('.csv', '');
      const shown = await told(['review', 'show', pipeline, sheet, '--partner', partner]);
      expect(shown.stdout).toMatch(/^[0-9a-f]{12} {2}\w.* line \d+/);
      await writeFile(sheet, (await readFile(sheet, 'utf8')).replaceAll(/,$/gm, ',no'));
      const answered = await told(['review', 'answer', pipeline, sheet, '--partner', partner]);
      expect(answered.stdout).toMatch(/0 yes/);
    }
    expect((await told(['run', pipeline])).exitCode).toBe(0);
    const left = (await compared('possible')).map((pair) => pair.join());
    expect(left.filter((pair) => pairs.some((each) => each.join() === pair))).toEqual([]);
    const refused = await told([
      'review',
      'answer',
      pipeline,
      join(sheets, files[0] ?? ''),
      '--partner',
      'charter',
    ]);
    expect(refused.exitCode).toBe(13);
    expect(refused.stderr).toMatch(/REVIEW_REFUSED/);
  });
});
