import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleManifest } from '../sample/manifest.fixture.js';
import { takeIn } from '../sample/run.fixture.js';
import { judgedFilling } from './unfilled.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unfilled-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Sessions of as many children as there are birth dates, with names. */
const sessions = (births: readonly string[]): string =>
  `id,last,first,born,day,came,note\n${births.map((born, at) => `${at + 1},Ruiz,Ana,${born},9/2/2025,Y,\n`).join('')}`;
const births = (known: number, of: number, other = ''): string[] =>
  Array.from({ length: of }, (_, at) => (at < known ? '1/2/2015' : other));
const take = (text: string, over: Parameters<typeof sampleManifest>[0] = {}, place = 'only') =>
  takeIn(join(folder, place), { manifests: [sampleManifest(over)], extracts: { sessions: text } });
const warned = (events: Awaited<ReturnType<typeof take>>) =>
  events.flatMap((event) => (event.event === 'warning' ? [event.about] : []));

describe('identifiers that hardly anybody has', () => {
  it.each([
    ['29 a fifth without a birth date', 40, 50, false, []],
    ['29 above 20 %: warned', 39, 50, false, ['identifiers-thin']],
    ['29 one half: warned', 25, 50, false, ['identifiers-thin']],
    ['29 above 50 %: stopped', 24, 50, true, []],
    ['ten of few: too few to say anything', 2, 12, false, []],
  ])('%s', async (_, known, of, held, warnings) => {
    const taking = take(sessions(births(known, of)));
    if (held) {
      await expect(taking).rejects.toMatchObject({
        code: 'ARRIVAL_HELD',
        details: { reasons: [`unfilled participant.birth_date: ${of - known} of ${of} records`] },
      });
    } else expect(warned(await taking)).toEqual(warnings);
  });

  it('27 all birth dates placeholders: stopped, unless the manifest bears it', async () => {
    const placeholders = sessions(births(0, 50, '1/1/1900'));
    await expect(take(placeholders)).rejects.toMatchObject({ code: 'ARRIVAL_HELD' });
    const limits = { rejected_share: 1, unmapped_share: 1, few: 0, unfilled: 1 };
    expect(warned(await take(placeholders, { limits }, 'borne'))).toEqual(['identifiers-thin']);
  });

  it('27 identical rows: of one child under a key; quarantined where the key may occur once', async () => {
    const rows = `id,last,first,born,day,came,note\n${'7,Ruiz,Ana,1/2/2015,9/2/2025,Y,\n'.repeat(20_000)}`;
    expect(warned(await take(rows))).toEqual([]);
    const once = {
      space: 'participant',
      key: ['id'],
      identifiers: true,
      one_row_each: true,
      duplicate_free: true,
    };
    const limits = { rejected_share: 0.05, unmapped_share: 1 };
    await expect(take(rows, { records: once, limits }, 'once')).rejects.toMatchObject({
      code: 'KEY_COLUMN_NOT_UNIQUE',
      details: { rows: 20_000, repeated: 20_000 },
    });
  });

  it('are judged by share and number', () => {
    const judged = (lacking: number, records: number) =>
      judgedFilling({ records, lacking: { last: lacking } }, { space: 's', most: 0.5 });
    expect(judged(6, 10)).toEqual({ found: [], thin: false });
    expect(judged(11, 21)).toMatchObject({ found: [{ reason: 'unfilled', place: 's.last' }], thin: true });
    expect(judged(11, 22)).toEqual({ found: [], thin: true });
  });
});
