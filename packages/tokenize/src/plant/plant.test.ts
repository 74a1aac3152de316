import { readArtifact, runStage, type StageRequest } from '@throughline/engine';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memorandum } from '../fixture/agreements.fixture.js';
import { type Workshop, workshop } from '../fixture/workshop.fixture.js';
import type { Identifiers } from '../tok1/parts.js';
import { nothingKnown } from '../tok1/parts.js';
import { tokenizeStage } from '../tokenize.js';
import { likenessesOf } from './made-up.js';
import { plantedAmong, plantStage } from './plant.js';

const letters = (number: number) => [...String(number)].map((digit) => 'ABEFIKLMNO'[Number(digit)]).join('');
const child = (number: number): Identifiers => ({
  ...nothingKnown,
  first: `FI${letters(number)}`,
  first_root: `FI${letters(number)}`,
  last: `LA${letters(number * 7)}`,
  birth_date: `20${String(10 + (number % 9))}-0${1 + (number % 8)}-${String(10 + (number % 19))}`,
  sex: number % 2 === 0 ? 'F' : 'M',
  zip: `021${String(10 + (number % 40))}`,
  state_id: `ST-${String(1_000_000 + number)}`,
});
const rows = Array.from({ length: 300 }, (_, number) => child(number));
/** A town of few names, born in two months: a clerk's error makes one child look like another. */
const crowd = rows.map((row, number) => ({
  ...row,
  first: `FI${letters(number % 30)}`,
  last: `LA${letters((number * 7 + Math.floor(number / 30)) % 30)}`,
  birth_date: `2012-0${3 + (number % 2)}-${String(1 + ((number * 5) % 28)).padStart(2, '0')}`,
}));
const pupils = { space: 'student', duplicate_free: true, rows };
const visitors = {
  space: 'visitor',
  duplicate_free: false,
  rows: rows.slice(0, 80).map((row) => ({ ...row, state_id: null })),
};

/** Draws that a property shrinks over. */
const drawsFrom = (seed: number) => {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

describe('plantedAmong', () => {
  it('makes up children whose parts are those of records, and whose records resemble nobody else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (seed) => {
        const kinds = [
          { ...pupils, rows: crowd },
          { ...visitors, rows: crowd.slice(0, 80) },
        ];
        const planted = plantedAmong(kinds, 10, drawsFrom(seed));
        const taken = new Map(crowd.flatMap(likenessesOf).map((likeness) => [likeness, -1]));
        const first = planted.filter(({ space }) => space === 'student');
        expect(first).toHaveLength(10);
        for (const { child: own, identifiers } of planted) {
          for (const likeness of likenessesOf(identifiers)) {
            expect(taken.get(likeness) ?? own).toBe(own);
            taken.set(likeness, own);
          }
        }
        for (const { identifiers } of first) {
          for (const column of ['first', 'last', 'birth_date', 'zip', 'sex'] as const)
            expect(crowd.some((row) => row[column] === identifiers[column])).toBe(true);
          expect(identifiers.state_id).toMatch(/^ST-\d{7}$/);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('gives each a second record, with what its kind has and a few errors', () => {
    const planted = plantedAmong([pupils, visitors], 15, drawsFrom(3));
    const ofChild = (space: string) => planted.filter((each) => each.space === space);
    expect(ofChild('visitor').map((each) => each.child)).toEqual(
      ofChild('student').map((each) => each.child),
    );
    const pairs = ofChild('student').map(({ identifiers }, place) => [
      identifiers,
      ofChild('visitor')[place]?.identifiers,
    ]);
    const same = pairs.filter(([one, other]) => one?.first === other?.first && one?.last === other?.last);
    expect(same.length).toBeGreaterThan(8);
    expect(same.length).toBeLessThan(15);
    for (const [, other] of pairs) expect(other?.state_id).toBeNull();
  });

  it('plants a second record in the same kind only where a person may have several', () => {
    expect(plantedAmong([pupils], 5, drawsFrom(1))).toHaveLength(5);
    expect(plantedAmong([visitors], 4, drawsFrom(1))).toHaveLength(8);
  });

  it.each([
    ['more than one for twenty records', [pupils], 16],
    ['any where there is nobody', [{ ...pupils, rows: [] }], 1],
    [
      'any where all combinations are taken',
      [{ ...pupils, rows: Array.from({ length: 40 }, () => child(1)) }],
      1,
    ],
  ])('refuses %s', (_, kinds, children) => {
    expect(() => plantedAmong(kinds, children, drawsFrom(1))).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });
});

describe('plantStage', () => {
  const EMOU = memorandum([{ name: 'all', parts: ['first', 'last', 'birth_date'], basis: 'exact' }]);
  const records = rows.slice(0, 100).map((row, key) => ({ key: String(key), ...row }));
  let shop: Workshop;
  beforeEach(async () => {
    shop = await workshop(EMOU);
  });
  afterEach(() => shop.remove());

  const planting = (config = {}): StageRequest => ({
    ...shop.owning('district', ['planted', 'canaries']),
    config: { ...shop.config, children: 4, ...config },
    carriesOn: ['planted', 'canaries'],
  });
  const planted = () => shop.table('district', 'planted', 'identifiers');

  it('keeps its canaries for an epoch, whatever becomes of the records, and draws others in the next', async () => {
    await shop.intake('district', records);
    await runStage(plantStage, planting());
    const first = await planted();
    expect(first).toHaveLength(4);
    await shop.intake('district', records.slice(10));
    expect((await runStage(plantStage, planting())).status).toBe('made');
    expect(await planted()).toEqual(first);
    const key_card = { ...shop.config.key_card, epoch: '2026-2', check: 'fedcba9876543210' };
    await runStage(plantStage, planting({ key_card }));
    const ids = first.map(({ record_id }) => record_id);
    expect((await planted()).filter(({ record_id }) => ids.includes(record_id))).toEqual([]);
  });

  it('plants nobody where something further is linked, of which canaries have nothing', async () => {
    await shop.intake('district', [...records.slice(1), { ...child(0), key: '0', city: 'MILLBROOK' }]);
    await expect(runStage(plantStage, planting())).rejects.toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });

  it('has them tokenized like everybody, and says how many they are', async () => {
    await shop.intake('district', records);
    await runStage(plantStage, planting());
    const asked = shop.owning('district', ['tokens']);
    const canaries = { kind: 'planted' as const, folder: shop.place('district', 'planted') };
    await runStage(tokenizeStage, { ...asked, inputs: [...(asked.inputs ?? []), canaries] });
    expect(await shop.table('district', 'tokens', 'records')).toHaveLength(104);
    const { manifest } = await readArtifact(shop.place('district', 'tokens'), 'tokens');
    expect(manifest.counts).toContainEqual({ name: 'canary_records', value: 4 });
    const stranger = { ...asked, of: 'library', inputs: [...(asked.inputs ?? []), canaries] };
    await expect(runStage(tokenizeStage, stranger)).rejects.toThrow(
      expect.objectContaining({ code: 'ARTIFACT_MISSING' }),
    );
  });
});
