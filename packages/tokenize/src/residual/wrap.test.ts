import { readFileSync, writeFileSync } from 'node:fs';
import { secondClkd, secondKeys, secondWrap } from '@throughline/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CLKD_BYTES, clkd1 } from '../clkd1/clkd1.js';
import { agreed, sealingRecordKey, sealingRoot, sealingTerms } from '../fixture/seal1.fixture.js';
import { publishedVectors } from '../fixture/vectors.fixture.js';
import { wrapCheck } from '../keys/card.js';
import { nonceOf, rowKeys, unwrapRow, type Wrapping, wrapRow } from './wrap.js';

const file = new URL('../../../../fixtures/vectors/residual.json', import.meta.url);
const vectors = z.strictObject({
  about: z.string(),
  root: z.string(),
  record_key: z.string(),
  wrap_key: z.string(),
  wrap_check: z.string(),
  agreement: z.string(),
  epoch: z.string(),
  encoding: z.unknown(),
  partner: z.string(),
  rows: z.array(
    z.strictObject({
      note: z.string(),
      record: z.string(),
      nonce: z.string(),
      key: z.string(),
      wrapped: z.string(),
    }),
  ),
});

const WRAP = Uint8Array.from(sealingRoot, (byte) => byte ^ 0x5a);
const { ours, terms } = agreed();
const rows = rowKeys(WRAP, terms);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const of = (record: string): Wrapping => ({
  agreement: terms.id,
  epoch: terms.linkage.epoch,
  partner: 'district',
  record,
});
const recordAt = (at: number) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;

function wrapped(record: string, vector: Uint8Array) {
  const nonce = nonceOf(ours.own, record, vector);
  const key = rows.of({ partner: 'district', nonce });
  return { nonce, key, wrapped: wrapRow(key, of(record), vector) };
}

const made = (): z.infer<typeof vectors> => ({
  about:
    'Test vectors of wrapped rows of the residual; docs/reference/encoding.md is the specification. The records are those of clkd1.json that have an encoding, t = 4. The keys are public: never use them.',
  root: hex(sealingRoot),
  record_key: hex(sealingRecordKey),
  wrap_key: hex(WRAP),
  wrap_check: wrapCheck(WRAP, terms),
  agreement: terms.id,
  epoch: terms.linkage.epoch,
  encoding: sealingTerms,
  partner: 'district',
  rows: publishedVectors.records.flatMap(({ note, identifiers }, at) => {
    const vector = new Uint8Array(CLKD_BYTES);
    if (clkd1(ours.keys, 4).encode(identifiers, vector) === undefined) return [];
    const row = wrapped(recordAt(at), vector);
    return [{ note, record: recordAt(at), nonce: row.nonce, key: hex(row.key), wrapped: hex(row.wrapped) }];
  }),
});

if (process.env['THROUGHLINE_UPDATE'] === '1')
  writeFileSync(file, `${JSON.stringify(made(), undefined, 2)}\n`);

const second = {
  keys: secondKeys(sealingRoot, terms.id, terms.linkage),
  own: secondKeys(sealingRecordKey, terms.id, terms.linkage),
  wrap: secondKeys(WRAP, terms.id, terms.linkage),
};
const someVector = fc.uint8Array({ minLength: CLKD_BYTES, maxLength: CLKD_BYTES });

describe('a wrapped row', () => {
  it('is the published one, and that of the second implementation from the identifiers on', () => {
    const published = vectors.parse(JSON.parse(readFileSync(file, 'utf8')));
    expect(made()).toEqual(published);
    expect(published.rows.length).toBe(3);
    for (const { record, nonce, key, wrapped: bytes } of published.rows) {
      const { identifiers } = publishedVectors.records[Number(record.slice(-12))] ?? {};
      const vector = secondClkd(second.keys, 4, { ...identifiers }) ?? Buffer.alloc(0);
      const again = secondWrap(second, of(record), vector);
      expect([again.nonce, hex(second.wrap('wrap', 'district', nonce)), hex(again.wrapped)]).toEqual([
        nonce,
        key,
        bytes,
      ]);
    }
  });

  it('agrees with the second implementation on any bytes, and opens again', () => {
    fc.assert(
      fc.property(fc.uuid(), someVector, (record, vector) => {
        const row = wrapped(record, vector);
        const again = secondWrap(second, of(record), vector);
        expect([row.nonce, hex(row.wrapped)]).toEqual([again.nonce, hex(again.wrapped)]);
        expect(unwrapRow(row.key, of(record), row.wrapped)).toEqual(vector);
      }),
      { numRuns: 25 },
    );
  });

  it('opens under no other key, for no other owner or record, and not with a bit changed', () => {
    const vector = new Uint8Array(CLKD_BYTES).fill(3);
    const { nonce, key, wrapped: bytes } = wrapped(recordAt(1), vector);
    const epoch = { ...terms, linkage: { ...terms.linkage, epoch: '2026-2' } };
    expect(
      unwrapRow(rows.of({ partner: 'district', nonce: recordAt(9) }), of(recordAt(1)), bytes),
    ).toBeUndefined();
    expect(
      unwrapRow(rowKeys(WRAP, epoch).of({ partner: 'district', nonce }), of(recordAt(1)), bytes),
    ).toBeUndefined();
    expect(
      unwrapRow(rowKeys(sealingRoot, terms).of({ partner: 'district', nonce }), of(recordAt(1)), bytes),
    ).toBeUndefined();
    for (const changed of [{ partner: 'charter' }, { record: recordAt(2) }, { epoch: '2026-2' }])
      expect(unwrapRow(key, { ...of(recordAt(1)), ...changed }, bytes)).toBeUndefined();
    for (const at of [0, 255, 256, 271])
      expect(
        unwrapRow(
          key,
          of(recordAt(1)),
          bytes.map((byte, place) => (place === at ? byte ^ 1 : byte)),
        ),
      ).toBeUndefined();
    expect(unwrapRow(key, of(recordAt(1)), bytes.subarray(0, 271))).toBeUndefined();
  });

  it('has a key of its owner alone: under another name, or with the two run together otherwise, it is another one', () => {
    const { nonce, key } = wrapped(recordAt(1), new Uint8Array(CLKD_BYTES).fill(3));
    const others = [
      { partner: 'charter', nonce },
      { partner: `district${nonce}`, nonce: '' },
      { partner: '', nonce: `district${nonce}` },
    ];
    for (const other of others) expect(hex(rows.of(other))).not.toBe(hex(key));
  });

  it('has another nonce, and so another key, once what it wraps has changed', () => {
    const [one, other] = [3, 4].map((byte) => wrapped(recordAt(1), new Uint8Array(CLKD_BYTES).fill(byte)));
    expect(one?.nonce).not.toBe(other?.nonce);
    expect(hex(one?.key ?? WRAP)).not.toBe(hex(other?.key ?? WRAP));
  });
});
