import { readDocuments, signatureJudge } from '@throughline/agreement';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { primitives } from '../crypto/primitives.js';
import { dsa, emou, fileOf, member, signature, signed, textOf } from './signed-documents.fixture.js';

const DAY = '2026-06-16';
const NAMES = ['ann', 'ben', 'cat', 'dan', 'eli', 'fay'] as const;

/** Somebody listed: for whom, whether they may approve agreements, whether their key counts on the day. */
const someone = fc.record({
  party: fc.constantFrom('school', 'clinic'),
  approves: fc.boolean(),
  valid: fc.boolean(),
});
const attempt = fc.record({
  listed: fc.tuple(someone, someone, someone, someone, someone, someone),
  signers: fc.array(
    fc.record({
      who: fc.nat(NAMES.length - 1),
      how: fc.constantFrom('well', 'well', 'well', 'other-bytes', 'other-namespace'),
    }),
    { maxLength: 9 },
  ),
  atLeast: fc.integer({ min: 1, max: 4 }),
  ofOwner: fc.integer({ min: 1, max: 2 }),
});

const past = { valid_from: '2025-01-01', valid_until: '2026-06-15' };

describe('a quorum', () => {
  it('is reached exactly where so many different people who may have signed these bytes with a key that counts', () => {
    const judge = signatureJudge(primitives);
    fc.assert(
      fc.property(attempt, ({ listed, signers, atLeast, ofOwner }) => {
        const people = listed.map(({ party, approves, valid }, at) => ({
          ...member(NAMES[at] ?? '', party, NAMES[at], valid ? undefined : past),
          approves: approves ? ['dsa', 'dul'] : ['dul'],
        }));
        const root = member('root', 'school');
        const quorums = {
          ...emou.quorums,
          emou: { at_least: 1 },
          dsa: { at_least: atLeast, of_owner: ofOwner },
        };
        const memorandum = signed({ ...emou, approvers: [root, ...people], quorums }, 'root');
        const signatures = signers.map(({ who, how }) =>
          signature(
            how === 'other-bytes' ? `${textOf(dsa)} ` : textOf(dsa),
            NAMES[who] ?? '',
            how === 'other-namespace' ? 'git' : 'throughline',
          ),
        );
        const [found] = readDocuments([memorandum, { fields: dsa, signatures }].map(fileOf), {
          day: DAY,
          judge,
        }).dsas;

        const counting = new Set(
          signers
            .filter(({ who, how }) => how === 'well' && listed[who]?.approves === true && listed[who]?.valid)
            .map(({ who }) => who),
        );
        // `root` approves agreements too, and signed none.
        const owners = [...counting].filter((who) => listed[who]?.party === 'school');
        const expected = counting.size >= atLeast && owners.length >= ofOwner;
        expect(found !== undefined && 'approvals' in found.standing).toBe(expected);
      }),
      { numRuns: 60 },
    );
  });
});
