import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from '@throughline/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { field, key, SAMPLE_HEADER, sampleManifest } from '../sample/manifest.fixture.js';
import { type Ask, accountingIn, askIn, takeIn } from '../sample/run.fixture.js';

let folder: string;
let ask: Ask;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarantine-'));
  ask = askIn(folder);
});
afterEach(() => rm(folder, { recursive: true }));

const sessions = (...rows: readonly string[]) => `${[SAMPLE_HEADER, ...rows].join('\n')}\n`;
const plain = sampleManifest();
const once = sampleManifest({
  records: {
    space: 'participant',
    key: ['id'],
    identifiers: true,
    one_row_each: true,
    duplicate_free: true,
  },
  limits: { rejected_share: 0, unmapped_share: 1, few: 2 },
});
const identifiers = () => ask(({ identifiers: table }) => sql`SELECT record_id FROM ${table('identifiers')}`);

describe('two rows under a key that names one record', () => {
  const good = '1,A,B,1/2/2015,9/2/2025,Y,';
  const other = '1,Other,Child,1/2/2014,9/2/2025,Y,';
  const visits = (one_row_each: boolean) =>
    sampleManifest({
      extract: 'visits',
      records: { space: 'participant', key: ['id'], identifiers: false, one_row_each, duplicate_free: true },
      fields: [key, field('last'), field('first'), field('born'), ...plain.fields.slice(4)],
    });
  const rest = [2, 3, 4].map((id) => `${id},A,B,1/2/2015,9/2/2025,Y,`);

  it('are quarantined, and nothing of that record is taken in, from whatever extract', async () => {
    await takeIn(folder, {
      manifests: [once, visits(false)],
      extracts: { sessions: sessions(good, other, ...rest), visits: sessions(good, ...rest) },
    });
    const accounting = (await accountingIn(folder)).filter((line) => !line.includes('noted'));
    expect(accounting).toEqual([
      'sessions kept kept 3',
      'sessions quarantined repeated_key 2',
      'visits kept kept 3',
      'visits quarantined contested_record 1',
    ]);
    const rejects = await ask(
      ({ identifiers: of }) => sql`SELECT extract, line, reason FROM ${of('rejects')} ORDER BY ALL`,
    );
    expect(rejects).toEqual([
      { extract: 'sessions', line: 2, reason: 'repeated_key' },
      { extract: 'sessions', line: 3, reason: 'repeated_key' },
      { extract: 'visits', line: 2, reason: 'contested_record' },
    ]);
    expect(await identifiers()).toHaveLength(3);
    const kept = await ask(
      ({ payload }) => sql`SELECT count(DISTINCT record_id) AS n FROM ${payload('sessions')}`,
    );
    expect(kept).toEqual([{ n: 3 }]);
  });

  it('contest only what their own extract says, where it carries no identifiers', async () => {
    await takeIn(folder, {
      manifests: [once, visits(true)],
      extracts: { sessions: sessions(good, ...rest), visits: sessions(good, good, ...rest) },
    });
    const accounting = (await accountingIn(folder)).filter((line) => !line.includes('noted'));
    expect(accounting).toEqual([
      'sessions kept kept 4',
      'visits kept kept 3',
      'visits quarantined repeated_key 2',
    ]);
    expect(await identifiers()).toHaveLength(4);
  });
});
