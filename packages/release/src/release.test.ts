import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runStage } from '@throughline/engine';
import { tableFromIPC } from 'apache-arrow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  config,
  documents,
  released,
  request,
  type School,
  setUp,
  tearDown,
} from './fixtures/released.fixture.js';
import { releaseStage } from './release.js';

let folder: string;
beforeEach(async () => {
  folder = await setUp();
});
afterEach(tearDown);

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

  it('prints rounded counts, and rates made of them, where the agreement of one partner asks for it', async () => {
    const asked = { documents: documents(10, 'rounding: { rule: midpoint6 }') };
    const { at, rows } = await released([...clear, ['D', [40, 60, 20]]], asked);
    expect(at('A')).toMatchObject({
      yes: 39,
      no: 99,
      unknown: 27,
      total: 165,
      known: 138,
      rate_percent: '28',
    });
    for (const row of rows)
      for (const column of ['yes', 'no', 'unknown'])
        expect(row[column] === 0 || (Number(row[column]) - 3) % 6 === 0).toBe(true);
  });

  it('prints no count of an outcome and rates as ranges where one asks for it, and attacks the ranges too', async () => {
    const asked = { documents: documents(10, 'rate_mode: nces-2011-603') };
    const schools: readonly School[] = [
      ['A', [40, 260, 30]],
      ['B', [150, 120, 20]],
      ['C', [3, 290, 25]],
      ['D', [9, 30, 25]],
    ];
    const { at, rows } = await released(schools, asked);
    expect(
      rows.every(({ yes, no, rate_percent }) => yes === null && no === null && rate_percent !== '1'),
    ).toBe(true);
    expect(at('A')).toMatchObject({ status: 'range', total: 330, unknown: 30, rate_percent: '13' });
    expect(at('C')).toMatchObject({ status: 'range', rate_percent: '<=5' });
    expect(at('D')).toMatchObject({ status: 'withheld', rate_percent: null });
  });
});
