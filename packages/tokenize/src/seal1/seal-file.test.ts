import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreed } from '../fixture/seal1.fixture.js';
import { type Identifiers, nothingKnown } from '../tok1/parts.js';
import { type ClearFile, sealFile } from './seal-file.js';
import { valuesTaken } from './unique.js';

const recordId = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** A made-up child by number; every third lacks something. */
const child = (number: number): Identifiers => ({
  ...nothingKnown,
  first: `F${number % 97}X`,
  first_root: `F${number % 97}X`,
  last: number % 3 === 0 ? null : `L${number % 211}Y`,
  birth_date: number % 5 === 0 ? null : `20${10 + (number % 9)}-0${1 + (number % 9)}-1${number % 10}`,
  sex: number % 2 === 0 ? 'F' : 'M',
  street_number: String(number % 40),
  street: 'ELM ST',
  zip: `0215${number % 10}`,
});

const fileOf = (numbers: readonly number[], persons: readonly number[] = numbers): ClearFile => ({
  records: numbers.map(recordId),
  rows: numbers.map(child),
  persons,
});

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('sealFile', () => {
  it('leaves every old row as it was when records are added', () => {
    const { ours } = agreed();
    const numbers = fc.uniqueArray(fc.nat(400), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(numbers, fc.nat(38), (all, kept) => {
        const old = all.slice(0, Math.min(kept, all.length - 1) + 1).sort((a, b) => a - b);
        const first = sealFile(ours, fileOf(old));
        const grown = fileOf(all.toSorted((a, b) => a - b));
        const second = sealFile(ours, grown, first.taken);
        const width = first.layout.width * ours.sealing.passes.length;
        for (const [index, number] of old.entries()) {
          const now = grown.records.indexOf(recordId(number));
          const row = first.slots.subarray(index * width, (index + 1) * width);
          expect(second.slots.subarray(now * width, (now + 1) * width)).toEqual(row);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('never has a token twice', () => {
    const { ours } = agreed();
    const { slots, layout, real } = sealFile(ours, fileOf(range(300)));
    const tokens = range(slots.length / layout.width).map((slot) =>
      Buffer.from(slots.subarray(slot * layout.width, slot * layout.width + 16)).toString('hex'),
    );
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(real.filter((each) => each === 1).length).toBeGreaterThan(100);
  });

  it('turns the share of decoys into filler, alike at every partner', () => {
    const { ours } = agreed({ decoys: 0.2 });
    const other = agreed({ decoys: 0.2, recordKey: ours.own.key('seal1-value', 'other') }).ours;
    const mine = sealFile(ours, fileOf(range(600)));
    const without = sealFile(agreed().ours, fileOf(range(600)));
    expect(sealFile(other, fileOf(range(600))).real).toEqual(mine.real);
    const share = mine.real.reduce((a, b) => a + b, 0) / without.real.reduce((a, b) => a + b, 0);
    expect(Math.abs(share - 0.8)).toBeLessThan(0.05);
  });

  /** 255 degrees of freedom: above 360 once in 50,000 files. Keys and records are fixed, so the result is too. */
  it('makes slots of any kind look like noise, byte for byte and one beside the other', () => {
    const { ours } = agreed();
    const { slots, layout, real } = sealFile(ours, fileOf(range(1500)));
    for (const kind of [0, 1]) {
      const rows = range(real.length).filter((slot) => real[slot] === kind);
      const counts = new Uint32Array(256);
      for (const slot of rows) {
        for (let at = 0; at < layout.width; at += 1) {
          const byte = slots[slot * layout.width + at] ?? 0;
          counts[byte] = (counts[byte] ?? 0) + 1;
        }
      }
      const expected = (rows.length * layout.width) / 256;
      const chi = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      expect(rows.length).toBeGreaterThan(500);
      expect(chi).toBeLessThan(360);
    }
  });

  it('shows no correlation between the fields or the passes of a record', () => {
    const { ours } = agreed();
    const { slots, layout } = sealFile(ours, fileOf(range(1500)));
    const passes = ours.sealing.passes.length;
    const row = passes * layout.width;
    const starts = range(passes).flatMap((pass) => [16, 48].map((at) => pass * layout.width + at));
    const bitOf = (record: number, start: number, bit: number) =>
      ((slots[record * row + start + (bit >> 3)] ?? 0) >> (bit & 7)) & 1;
    /** Equal bits among 1,500 records of 256 positions have a standard deviation of 310. */
    for (const [index, one] of starts.entries()) {
      for (const other of starts.slice(index + 1)) {
        let equal = 0;
        for (let record = 0; record < 1500; record += 1) {
          for (let bit = 0; bit < 256; bit += 1)
            equal += Number(bitOf(record, one, bit) === bitOf(record, other, bit));
        }
        expect(Math.abs(equal - (1500 * 256) / 2)).toBeLessThan(5 * 310);
      }
    }
  });
});

describe('valuesTaken', () => {
  const taken = (values: (string | null)[], persons: number[], before: Record<string, string | null> = {}) =>
    Object.fromEntries(
      valuesTaken(
        { values, persons, records: values.map((_, index) => `r${index}`) },
        new Map(Object.entries(before)),
      ),
    );

  it('gives a value to the first record of its one person, and to nobody where two persons have it', () => {
    expect(taken(['a', 'b', 'b', 'c', null, 'c'], [1, 2, 3, 4, 5, 4])).toEqual({ a: 'r0', b: null, c: 'r3' });
  });

  it('keeps what was taken, whoever comes later and whoever has gone', () => {
    const before = { a: 'r9', b: null, gone: 'r7' };
    expect(taken(['a', 'b', 'd'], [1, 2, 3], before)).toEqual({ ...before, d: 'r2' });
  });
});
