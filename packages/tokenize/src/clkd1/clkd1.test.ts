import { readFileSync, writeFileSync } from 'node:fs';
import { bytesToHex } from '@noble/hashes/utils.js';
import { secondClkd } from '@throughline/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { someIdentifiers } from '../fixture/identifiers.fixture.js';
import { agreed, sealingRoot, sealingTerms } from '../fixture/seal1.fixture.js';
import { identifiersSchema, publishedVectors } from '../fixture/vectors.fixture.js';
import { type Identifiers, nothingKnown } from '../tok1/parts.js';
import { CLKD_BYTES, clkd1 } from './clkd1.js';
import { CLKD_BITS, diffusion, FILTER_BITS } from './diffusion.js';

const file = new URL('../../../../fixtures/vectors/clkd1.json', import.meta.url);
const vectors = z.strictObject({
  about: z.string(),
  root: z.string(),
  agreement: z.string(),
  epoch: z.string(),
  encoding: z.unknown(),
  records: z.array(
    z.strictObject({
      note: z.string(),
      identifiers: identifiersSchema,
      t4: z.string().nullable(),
      t5: z.string().nullable(),
    }),
  ),
});

const { ours, second, terms } = agreed();

function encoded(row: Identifiers, t: number): string | null {
  const bytes = new Uint8Array(CLKD_BYTES);
  return clkd1(ours.keys, t).encode(row, bytes) === undefined ? null : bytesToHex(bytes);
}

const made = (): z.infer<typeof vectors> => ({
  about:
    'Test vectors of the record-level encoding clkd1; docs/reference/encoding.md is the specification. The root is public: never use it. Null where a name or the birth date is missing.',
  root: bytesToHex(sealingRoot),
  agreement: terms.id,
  epoch: terms.linkage.epoch,
  encoding: sealingTerms,
  records: publishedVectors.records.map(({ note, identifiers }) => ({
    note,
    identifiers,
    t4: encoded(identifiers, 4),
    t5: encoded(identifiers, 5),
  })),
});

if (process.env['THROUGHLINE_UPDATE'] === '1') {
  writeFileSync(file, `${JSON.stringify(made(), undefined, 2)}\n`);
}

const ANA: Identifiers = {
  ...nothingKnown,
  first: 'MARISOL',
  last: 'VEGALUNA',
  birth_date: '2014-09-03',
  zip: '02155',
};

/** Bits that differ, of 2,048. */
function distance(one: Identifiers, other: Identifiers): number {
  const [a, b] = [one, other].map((row) => Buffer.from(encoded(row, 4) ?? '', 'hex'));
  return [...(a ?? [])].reduce((sum, byte, at) => {
    const differing = byte ^ (b?.[at] ?? 0);
    return sum + differing.toString(2).replaceAll('0', '').length;
  }, 0);
}

describe('clkd1', () => {
  it('gives the published encodings', () => {
    expect(made()).toEqual(vectors.parse(JSON.parse(readFileSync(file, 'utf8'))));
  });

  it('agrees with the second implementation on random records', () => {
    const encoders = new Map([4, 5].map((t) => [t, clkd1(ours.keys, t)]));
    const bytes = new Uint8Array(CLKD_BYTES);
    fc.assert(
      fc.property(someIdentifiers, fc.constantFrom(4, 5), (row, t) => {
        const bits = encoders.get(t)?.encode(row, bytes);
        expect(bits === undefined ? undefined : bytesToHex(bytes)).toBe(
          secondClkd(second.keys, t, row)?.toString('hex'),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('is nearer for a record with a typo than for another, and unrelated for unlike ones', () => {
    const other = { ...ANA, first: 'DEVON', last: 'OKAFOR', birth_date: '2012-11-27', zip: '01844' };
    expect(distance(ANA, { ...ANA, first: 'MARISSOL' })).toBeLessThan(650);
    expect(Math.abs(distance(ANA, other) - CLKD_BITS / 2)).toBeLessThan(150);
  });

  it('fills half of the filter for a usual record', () => {
    const bits = clkd1(ours.keys, 4).encode(ANA, new Uint8Array(CLKD_BYTES)) ?? 0;
    expect(Math.abs(bits / FILTER_BITS - 0.5)).toBeLessThan(0.03);
  });

  it.each(['first', 'last', 'birth_date'] as const)('encodes no record without %s', (part) => {
    const into = new Uint8Array(CLKD_BYTES).fill(7);
    expect(clkd1(ours.keys, 4).encode({ ...ANA, [part]: null }, into)).toBeUndefined();
    expect(into.every((byte) => byte === 7)).toBe(true);
  });
});

describe('diffusion', () => {
  it.each([4, 5])('takes %i different bits for each bit, and every bit equally often', (t) => {
    const places = diffusion(ours.keys.key('clkd1-diffusion', ''), t);
    const uses = new Uint32Array(FILTER_BITS);
    for (let bit = 0; bit < CLKD_BITS; bit += 1) {
      const own = places.subarray(bit * t, (bit + 1) * t);
      expect(new Set(own).size).toBe(t);
      for (const place of own) uses[place] = (uses[place] ?? 0) + 1;
    }
    expect(new Set(uses)).toEqual(new Set([(CLKD_BITS * t) / FILTER_BITS]));
  });
});
