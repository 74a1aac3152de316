import { writeFileSync } from 'node:fs';
import { bytesToHex } from '@noble/hashes/utils.js';
import { type EncodingTerms, knownParts } from '@throughline/agreement';
import { slotDistance, slotLevelsOf, slotsMeet } from '@throughline/core';
import { secondSlot } from '@throughline/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { someIdentifiers } from '../fixture/identifiers.fixture.js';
import {
  type Agreed,
  agreed,
  knownTerms,
  readSeal1Vectors,
  type Seal1Vectors,
  seal1VectorsFile,
  sealingRecordKey,
  sealingRoot,
  sealingTerms,
} from '../fixture/seal1.fixture.js';
import { publishedVectors } from '../fixture/vectors.fixture.js';
import { agreementSalt, checkValue } from '../keys/derive.js';
import { type Identifiers, nothingKnown } from '../tok1/parts.js';
import { seal1 } from './seal1.js';

const RECORD = '0c2f6f1a-5b1e-4d0e-9f3a-2b7c8d9e0f11';
const ANA: Identifiers = {
  ...nothingKnown,
  first: 'ANA',
  first_root: 'ANA',
  middle: 'LUCIA',
  last: 'VEGALUNA',
  birth_date: '2014-09-03',
  sex: 'F',
  street_number: '12',
  street: 'ELM ST',
  zip: '02155',
};

type Asked = { readonly pass?: number; readonly record?: string; readonly filler?: boolean };

/** One slot of a record. */
function slotOf(row: Identifiers, asked: Asked = {}, changes: Agreed = {}) {
  const sealer = seal1(agreed(changes).ours);
  sealer.read(asked.record ?? RECORD, row);
  const bytes = new Uint8Array(sealer.layout.width);
  const real = sealer.seal(asked.pass ?? 0, asked.filler !== true, { bytes, at: 0 });
  return { bytes, at: 0, real, layout: sealer.layout };
}

/** The slots of the published records as this implementation makes them. */
function made(encoding: EncodingTerms): Seal1Vectors {
  const { terms, ours } = agreed({ encoding });
  const records = publishedVectors.records.map(({ note, identifiers }, index) => {
    const record = RECORD.replace(/^../, String(10 + index));
    const slots = ours.sealing.passes.map(({ name }, pass) => {
      const real = slotOf(identifiers, { pass, record }, { encoding });
      const filler = bytesToHex(slotOf(identifiers, { pass, record, filler: true }, { encoding }).bytes);
      return [name, { ...(real.real ? { real: bytesToHex(real.bytes) } : {}), filler }];
    });
    return { note, record, identifiers, slots: Object.fromEntries(slots) };
  });
  return {
    about:
      'Test vectors of the sealed fields seal1; docs/reference/encoding.md is the specification. Both keys are public: never use them. A pass with a missing part has no real slot.',
    root: bytesToHex(sealingRoot),
    record_key: bytesToHex(sealingRecordKey),
    agreement: terms.id,
    epoch: terms.linkage.epoch,
    encoding,
    derived: {
      salt: bytesToHex(agreementSalt(terms)),
      check: checkValue(ours.keys),
      vector_key: bytesToHex(ours.keys.key('seal1-vector', '')),
      key_of_first_pass: bytesToHex(ours.keys.key('seal1', 'first_last3')),
      filler_key_of_first_pass: bytesToHex(ours.own.key('seal1-filler', 'first_last3')),
    },
    records,
  };
}

const PUBLISHED: readonly (readonly [name: string, encoding: EncodingTerms])[] = [
  ['seal1', sealingTerms],
  ['seal1-known', knownTerms],
];

if (process.env['THROUGHLINE_UPDATE'] === '1') {
  for (const [name, encoding] of PUBLISHED) {
    writeFileSync(seal1VectorsFile(name), `${JSON.stringify(made(encoding), undefined, 2)}\n`);
  }
}

const onesOf = (byte: number): number => byte.toString(2).replaceAll('0', '').length;

describe('seal1', () => {
  it.each(PUBLISHED)('gives the published slots of %s', (name, encoding) => {
    expect(made(encoding)).toEqual(readSeal1Vectors(name));
  });

  it.each(PUBLISHED)('is what the second implementation publishes too: %s', (name, encoding) => {
    const { second } = agreed({ encoding });
    for (const { record, identifiers: row, slots } of readSeal1Vectors(name).records) {
      for (const pass of second.passes) {
        const real = secondSlot(second, pass, { record, row, mayBeReal: true });
        const filler = secondSlot(second, pass, { record, row, mayBeReal: false });
        expect(slots[pass.name]).toEqual({
          ...(real.real ? { real: real.slot.toString('hex') } : {}),
          filler: filler.slot.toString('hex'),
        });
      }
    }
  });

  it.each<[string, EncodingTerms]>([
    ['two similar fields', sealingTerms],
    [
      'so many that a stream is longer than eight blocks',
      { ...sealingTerms, similar: ['first', 'last', 'guardian', 'street', 'middle', 'first_root'] },
    ],
    ['every known part', { ...sealingTerms, exact: [...knownParts] }],
  ])('agrees with the second implementation on random records, real, filler and decoy: %s', (_, encoding) => {
    const { ours, second } = agreed({ decoys: 0.5, encoding });
    const sealer = seal1(ours);
    const bytes = new Uint8Array(sealer.layout.width);
    const drawn = fc.tuple(someIdentifiers, fc.uuid(), fc.nat(3), fc.boolean());
    fc.assert(
      fc.property(drawn, ([row, record, pass, mayBeReal]) => {
        sealer.read(record, row);
        const real = sealer.seal(pass, mayBeReal, { bytes, at: 0 });
        const named = second.passes[pass] ?? { name: '', parts: [] };
        const expected = secondSlot(second, named, { record, row, mayBeReal });
        expect({ slot: bytesToHex(bytes), real }).toEqual({
          slot: expected.slot.toString('hex'),
          real: expected.real,
        });
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the distances of two records that agree on the pass, and shows none of others', () => {
    const vector = 16;
    const typo = { ...ANA, first: 'ANNA', last: 'VEGALUMA' };
    const [one, other] = [ANA, typo].map((row) => slotOf({ ...row, first: 'ANA' }));
    const [far, away] = [slotOf(ANA), slotOf(typo)];
    if (one === undefined || other === undefined) throw new Error('two slots');
    expect(slotsMeet(one, other)).toBe(true);
    expect(slotDistance(one, other, vector)).toBe(0);
    expect(slotDistance(one, other, vector + 32)).toBeGreaterThan(20);
    expect(slotDistance(one, other, vector + 32)).toBeLessThanOrEqual(82);
    expect(slotsMeet(far, away)).toBe(false);
    expect(slotDistance(far, away, vector + 32)).toBeGreaterThan(90);
  });

  it('compares every exact field by itself, and takes a missing one as another', () => {
    const { similar, exact } = sealingTerms;
    const fields = [...similar, ...exact];
    const levels = (changes: Partial<Identifiers>) => {
      const [one, other] = [
        slotOf(ANA),
        slotOf({ ...ANA, ...changes }, { record: RECORD.replace('0', '1') }),
      ];
      const found = slotLevelsOf(one.layout, one, other);
      return fields.filter((_, index) => found[index] === 3);
    };
    expect(levels({})).toEqual([]);
    expect(levels({ sex: 'M' })).toEqual(['sex']);
    expect(levels({ zip: null })).toEqual(['zip']);
    expect(levels({ birth_date: '2014-03-09' })).toEqual(['birth_date.month', 'birth_date.day']);
    expect(levels({ middle: null, first_root: 'ANITA' })).toEqual(['middle.initial', 'first_root']);
  });

  it('shows by a known part whether both records hold the identifier, and by nothing else', () => {
    const levels = (one: Identifiers, other: Identifiers) => {
      const slots = [
        slotOf(one, { pass: 2 }, { encoding: knownTerms }),
        slotOf(other, { pass: 2, record: RECORD.replace('0', '1') }, { encoding: knownTerms }),
      ] as const;
      const found = slotLevelsOf(slots[0].layout, ...slots);
      return [...knownTerms.similar, ...knownTerms.exact].filter((_, index) => found[index] === 3);
    };
    const other = { ...ANA, middle: 'ROSA', zip: '02156' };
    const blank = { ...ANA, middle: null, zip: null };
    const apart = ['middle.initial', 'zip'];
    expect(levels(ANA, other)).toEqual(apart);
    for (const one of [ANA, blank]) {
      expect(levels(one, blank)).toEqual([...apart, 'middle.known', 'zip.known']);
    }
  });

  it('shows nothing of what two records without a value have in common', () => {
    const unknown = { ...ANA, zip: null, sex: null };
    const [one, other] = [slotOf(unknown), slotOf(unknown, { record: RECORD.replace('0', '1') })];
    const found = slotLevelsOf(one.layout, one, other);
    const fields = [...sealingTerms.similar, ...sealingTerms.exact];
    expect(fields.filter((_, index) => found[index] === 3)).toEqual(['sex', 'zip']);
  });

  it.each<[string, Asked, Agreed, Partial<Identifiers>]>([
    ['agreement', {}, { agreement: 'emou-other' }, {}],
    ['epoch', {}, { epoch: '2026-2' }, {}],
    ['root', {}, { root: sealingRecordKey }, {}],
    ['pass', { pass: 1 }, {}, {}],
    ['value of the pass', {}, {}, { first: 'ANNA' }],
    ['kind of slot', { filler: true }, {}, {}],
  ])('is unrelated under another %s', (_, asked, changes, row) => {
    const [one, other] = [slotOf(ANA), slotOf({ ...ANA, ...row }, asked, changes)];
    const distance = [0, 32, 64].map((from) => slotDistance(one, other, from));
    for (const each of distance) expect(Math.abs(each - 128)).toBeLessThan(48);
    expect(slotLevelsOf(one.layout, one, other).every((level) => level === 3)).toBe(true);
  });

  it('hides that two fields hold the same name', () => {
    const vectors = [ANA, { ...ANA, first: 'VEGALUNA', last: 'VEGALUNA' }].map((row) => slotOf(row).bytes);
    for (const bytes of vectors) {
      const [first, last] = [bytes.subarray(16, 48), bytes.subarray(48, 80)];
      const differing = [...first].reduce((sum, byte, at) => sum + onesOf(byte ^ (last[at] ?? 0)), 0);
      expect(Math.abs(differing - 128)).toBeLessThan(48);
    }
  });

  it('gives fillers of two records, and of two owners, nothing in common', () => {
    const one = slotOf(ANA, { filler: true });
    for (const other of [
      slotOf(ANA, { filler: true, record: RECORD.replace('0', '1') }),
      slotOf(ANA, { filler: true }, { recordKey: sealingRoot }),
    ]) {
      expect(slotsMeet(one, other)).toBe(false);
      expect(Math.abs(slotDistance(one, other, 16) - 128)).toBeLessThan(48);
    }
  });

  it('changes filler exactly when it changes a real slot', () => {
    const changes = [{}, { zip: '02156' }, { last: 'VEGALUNAS' }, { first: 'ANNA' }, { phone: '6175550100' }];
    for (const changed of changes) {
      const same = (filler: boolean) =>
        bytesToHex(slotOf(ANA, { filler }).bytes) ===
        bytesToHex(slotOf({ ...ANA, ...changed }, { filler }).bytes);
      expect(same(true)).toBe(same(false));
    }
  });
});
