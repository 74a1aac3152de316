import { describe, expect, it } from 'vitest';
import type { Standing } from '../approvals/standing.js';
import type { Dsa } from '../documents/documents.js';
import { dsa as sample } from '../documents/sample-documents.fixture.js';
import type { Filed } from '../documents/set.js';
import { destructionDuty } from './destruction.js';

const approved: Standing = { approvals: [] };
const revoked = (from: string): Standing => ({
  refusal: { code: 'AGREEMENT_REVOKED', details: { from: from as never } },
});
const dsa = (change: object, standing: Standing = approved) =>
  ({ document: { ...sample, ...change }, standing }) as unknown as Filed<Dsa>;
const terms = { expires: '2026-06-30', effective: '2025-07-01', status: 'active' };

describe('destructionDuty', () => {
  it.each([
    ['2026-06-30', 'none'],
    ['2026-07-01', 'due'],
    ['2026-09-28', 'due'],
    ['2026-09-29', 'overdue'],
  ])('on %s is %s, 90 days after the last day', (day, standing) => {
    expect(destructionDuty(dsa(terms), day)).toEqual({ ends: '2026-06-30', by: '2026-09-28', standing });
  });

  it('runs from the day before a revocation counts, if that is earlier', () => {
    const early = destructionDuty(dsa(terms, revoked('2026-01-10')), '2026-02-01');
    expect(early).toEqual({ ends: '2026-01-09', by: '2026-04-09', standing: 'due' });
    const late = destructionDuty(dsa(terms, revoked('2027-01-10')), '2027-02-01');
    expect([late.ends, late.standing]).toEqual(['2026-06-30', 'overdue']);
    expect(destructionDuty(dsa({ ...terms, status: 'revoked' }), '2026-01-01').ends).toBe('2025-06-30');
  });
});
