import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArtifact, sql } from '@throughline/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { field, key, sampleManifest } from '../sample/manifest.fixture.js';
import { askIn, takeIn } from '../sample/run.fixture.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'further-'));
});
afterEach(() => rm(folder, { recursive: true }));

const link = (identifier: 'first' | 'last' | 'city' | 'birth_place' | 'suffix' | 'custom_1') =>
  field(identifier, { treatment: ['link'], identifier });
const manifest = sampleManifest({
  fields: [
    key,
    link('last'),
    link('first'),
    link('city'),
    link('birth_place'),
    link('suffix'),
    link('custom_1'),
    field('day', { type: 'date', format: ['%m/%d/%Y'], treatment: ['keep'], column: 'day' }),
  ],
});
const HEADER = 'id,last,first,city,birth_place,suffix,custom_1,day';

describe('identifiers that few extracts have', () => {
  it('stand in a table of their own, in normal form, the commonest spelling of a record', async () => {
    const rows = [
      '0001,Vega,Ana,New Bedford,São Vicente,,A-17,10/01/2025',
      '0001,Vega,Ana,new bedford ,Sao Vicente,,A-17,10/02/2025',
      '0002,Reis,Rui,UNKNOWN,,Jr.,n/a,10/01/2025',
      '0003,Lopes,Eva,,,,,10/01/2025',
    ];
    await takeIn(folder, {
      manifests: [manifest],
      extracts: { sessions: `${[HEADER, ...rows].join('\n')}\n` },
    });
    const found = await askIn(folder)(
      ({ identifiers }) =>
        sql`SELECT first, further.* EXCLUDE (record_id) FROM ${identifiers('identifiers')} AS own LEFT JOIN ${identifiers('further')} AS further USING (record_id) ORDER BY first`,
    );
    const nothing = {
      city: null,
      birth_place: null,
      suffix: null,
      custom_1: null,
      custom_2: null,
      custom_3: null,
      custom_4: null,
    };
    expect(found).toEqual([
      { ...nothing, first: 'ANA', city: 'NEWBEDFORD', birth_place: 'SAOVICENTE', custom_1: 'A17' },
      { ...nothing, first: 'EVA' },
      { ...nothing, first: 'RUI', suffix: 'JR' },
    ]);
  });

  it('leave the artifact of a partner without them as it was', async () => {
    await takeIn(folder, {
      manifests: [sampleManifest()],
      extracts: { sessions: 'id,last,first,born,day,came,note\n0001,Vega,Ana,09/03/2014,10/01/2025,Y,\n' },
    });
    const { manifest: made } = await readArtifact(join(folder, 'identifiers'), 'identifiers');
    expect(made.tables.map(({ name }) => name)).not.toContain('further');
  });
});
