import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clinicDsa,
  documentsWith,
  dsa,
  dul,
  emou,
  everybodyApproves,
  filesWith,
  gradeField,
  hashOf,
  manifest,
  policy,
  recordField,
} from '../documents/sample-documents.fixture.js';
import { type DocumentSet, readDocuments } from '../documents/set.js';
import { approvedManifest, releaseTerms, termsOf } from './in-force.js';

const DAY = '2025-12-01';
const librarian = {
  person: 'lee',
  name: 'Lee',
  role: 'librarian',
  party: 'library',
  approves: ['emou'],
  keys: [],
};

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'other';
  }
};

const terms = (documents: DocumentSet, day = DAY) => termsOf(documents, 'school', { day, use: 'linkage' });

const question = {
  partners: ['school', 'clinic'],
  dul: 'dul-a',
  policy: 'policy-a',
  measures: ['participation'],
  day: DAY,
};
const release = (documents: DocumentSet, asked: Partial<typeof question> = {}) =>
  releaseTerms(documents, { ...question, ...asked });

describe('the days of an agreement', () => {
  // In force from 2025-07-01 to 2026-06-30, both included.
  it.each([
    ['2025-06-30', 'AGREEMENT_NOT_IN_FORCE'],
    ['2025-07-01', 'none'],
    ['2026-06-30', 'none'],
    ['2026-07-01', 'AGREEMENT_EXPIRED'],
  ])('%s: %s', (day, code) => {
    expect(codeOf(() => terms(documentsWith(), day))).toBe(code);
  });

  it.each([
    ['the memorandum', { emou: { ...emou, expires: '2025-11-30' } }],
    ['the data-sharing agreement', { dsa: { ...dsa, expires: '2025-11-30' } }],
  ])('%s alone can have expired', (_, changed) => {
    expect(codeOf(() => terms(documentsWith(changed)))).toBe('AGREEMENT_EXPIRED');
    expect(codeOf(() => terms(documentsWith(changed), '2025-11-30'))).toBe('none');
  });

  it.each([
    ['the memorandum', { emou: { ...emou, status: 'revoked' } }],
    ['the data-sharing agreement', { dsa: { ...dsa, status: 'revoked' } }],
  ])('%s counts for nothing once revoked, on every day', (_, changed) => {
    for (const day of ['2025-07-01', DAY, '2026-06-30']) {
      expect(codeOf(() => terms(documentsWith(changed), day))).toBe('AGREEMENT_REVOKED');
    }
  });

  it('a version that revokes wins over the one before', () => {
    const documents = documentsWith({}, { ...dsa, version: 2, status: 'revoked' });
    expect(codeOf(() => terms(documents))).toBe('AGREEMENT_REVOKED');
  });

  it('a day that is no date is never in force', () => {
    for (const day of ['', 'today', '9999', '01/12/2025'])
      expect(codeOf(() => terms(documentsWith(), day))).toMatch(/^AGREEMENT_/);
  });
});

describe('termsOf', () => {
  it('gives the memorandum and the agreement of the partner', () => {
    const { emou: found, dsa: own } = termsOf(documentsWith(), 'clinic', { day: DAY, use: 'linkage' });
    expect([found.document.id, own.document.id]).toEqual(['emou-a', 'dsa-clinic']);
  });

  it.each([
    ['no agreement', { dsa: null }, 'DOCUMENT_MISSING'],
    ['no memorandum', { emou: null }, 'DOCUMENT_MISSING'],
    [
      'a memorandum without the partner',
      { emou: { ...emou, parties: ['clinic', 'library'] } },
      'PARTY_NOT_COVERED',
    ],
    [
      'a use that is not permitted',
      { dsa: { ...dsa, permitted_uses: ['public-release'] } },
      'USE_NOT_PERMITTED',
    ],
    [
      'a second agreement of the partner',
      { clinicDsa: { ...clinicDsa, partner: 'school' } },
      'DOCUMENT_DUPLICATE',
    ],
  ])('refuses %s', (_, changed, code) => {
    expect(codeOf(() => terms(documentsWith(changed)))).toBe(code);
  });
});

describe('approvedManifest', () => {
  const approved = (documents: DocumentSet, day = DAY) => approvedManifest(documents, 'school-students', day);

  const withDraft = (draft: Readonly<Record<string, unknown>>): DocumentSet =>
    readDocuments(filesWith(), { day: DAY, judge: everybodyApproves(draft) });

  it('gives the manifest as its file has it', () => {
    expect(approved(documentsWith()).sha256).toBe(hashOf(manifest));
  });

  it.each([
    ['the manifest', manifest],
    ['the agreement', dsa],
  ])('refuses where nobody approved %s', (_, draft) => {
    expect(codeOf(() => approved(withDraft(draft)))).toBe('DOCUMENT_NOT_APPROVED');
  });

  it('refuses a field on a basis that the agreement does not claim', () => {
    const fields = [{ ...gradeField, basis: 'state-law' }, recordField];
    const changed = documentsWith({ manifest: { ...manifest, fields } });
    expect(codeOf(() => approved(changed))).toBe('USE_NOT_PERMITTED');
  });

  it.each([
    ['no such manifest', { manifest: null }, 'DOCUMENT_MISSING'],
    ['a revoked manifest', { manifest: { ...manifest, status: 'revoked' } }, 'AGREEMENT_REVOKED'],
    ['no agreement of its name', { dsa: null }, 'DOCUMENT_MISSING'],
    ['a revoked agreement', { dsa: { ...dsa, status: 'revoked' } }, 'AGREEMENT_REVOKED'],
    ['an agreement of another partner', { dsa: { ...dsa, partner: 'library' } }, 'PARTY_NOT_COVERED'],
  ])('refuses %s', (_, changed, code) => {
    expect(codeOf(() => approved(documentsWith(changed)))).toBe(code);
  });
});

describe('releaseTerms', () => {
  it('are those of the policy where every document asks for the same', () => {
    expect(release(documentsWith())).toMatchObject({
      minCell: 10,
      minIntervalWidth: 5,
      rateDecimals: 0,
      expires: '2026-06-30',
    });
  });

  const documents = { emou, dsa, clinicDsa, dul, policy };
  const withMinCell = (name: keyof typeof documents, min_cell: number) => ({
    [name]: name === 'policy' ? { ...policy, min_cell } : { ...documents[name], thresholds: { min_cell } },
  });

  it.each(Object.keys(documents) as (keyof typeof documents)[])('take the highest threshold: %s', (name) => {
    expect(release(documentsWith(withMinCell(name, 11)))).toMatchObject({
      minCell: 11,
      minCellFrom: documents[name]['id'],
    });
    expect(release(documentsWith(withMinCell(name, 9))).minCell).toBe(10);
  });

  it.each(Object.keys(documents) as (keyof typeof documents)[])('take the earliest last day: %s', (name) => {
    const sooner = documentsWith({ [name]: { ...documents[name], expires: '2026-02-28' } });
    expect(release(sooner).expires).toBe('2026-02-28');
    const later = documentsWith({ [name]: { ...documents[name], expires: '2029-02-28' } });
    expect(release(later).expires).toBe('2026-06-30');
  });

  it.each(Object.keys(documents) as (keyof typeof documents)[])('need %s in force', (name) => {
    const revoked = documentsWith({ [name]: { ...documents[name], status: 'revoked' } });
    expect(codeOf(() => release(revoked))).toBe('AGREEMENT_REVOKED');
    const late = documentsWith({ [name]: { ...documents[name], effective: '2025-12-02' } });
    expect(codeOf(() => release(late))).toBe('AGREEMENT_NOT_IN_FORCE');
    expect(codeOf(() => release(late, { day: '2025-12-02' }))).toBe('none');
  });

  it.each(Object.keys(documents) as (keyof typeof documents)[])('need %s at all', (name) => {
    expect(codeOf(() => release(documentsWith({ [name]: null })))).toBe('DOCUMENT_MISSING');
  });

  it('equal the highest threshold and the earliest day of any documents', () => {
    const cell = fc.integer({ min: 3, max: 100 });
    fc.assert(
      fc.property(fc.tuple(cell, cell, cell, cell, cell), ([a, b, c, d, e]) => {
        const met = release(
          documentsWith({
            ...withMinCell('emou', a),
            ...withMinCell('dsa', b),
            ...withMinCell('clinicDsa', c),
            ...withMinCell('dul', d),
            ...withMinCell('policy', e),
          }),
        );
        expect(met.minCell).toBe(Math.max(a, b, c, d, e));
      }),
      { numRuns: 15 },
    );
  });

  it.each([
    [
      'a measure that the licence does not name',
      { measures: ['participation', 'test_scores'] },
      'USE_NOT_PERMITTED',
    ],
    ['a partner without an agreement', { partners: ['school', 'library'] }, 'DOCUMENT_MISSING'],
    ['another licence', { dul: 'dul-b' }, 'DOCUMENT_MISSING'],
    ['another policy', { policy: 'policy-b' }, 'DOCUMENT_MISSING'],
  ])('refuse %s', (_, asked, code) => {
    expect(codeOf(() => release(documentsWith(), asked))).toBe(code);
  });

  it.each([
    ['licence does not permit a release', { dul: { ...dul, uses: ['linkage'] } }],
    [
      'first partner does not permit it',
      { dsa: { ...dsa, permitted_uses: ['linkage', 'research-release'] } },
    ],
    ['last partner does not permit it', { clinicDsa: { ...clinicDsa, permitted_uses: ['linkage'] } }],
  ])('refuse where the %s', (_, changed) => {
    expect(codeOf(() => release(documentsWith(changed)))).toBe('USE_NOT_PERMITTED');
  });

  it('of a licence for research need no more than that from the partners', () => {
    const permitted_uses = ['research-release'];
    const record_code = { kind: 'random', scope: 'per-licence' };
    const research = {
      dsa: { ...dsa, permitted_uses },
      clinicDsa: { ...clinicDsa, permitted_uses },
      dul: { ...dul, record_code, uses: ['research-release'] },
    };
    expect(codeOf(() => release(documentsWith(research)))).toBe('none');
    const both = { ...research, dul: { ...dul, record_code, uses: ['research-release', 'public-release'] } };
    expect(codeOf(() => release(documentsWith(both)))).toBe('USE_NOT_PERMITTED');
  });

  it("hold every partner to the licence's memorandum as well as to its own", () => {
    const other = { ...emou, id: 'emou-b', thresholds: { min_cell: 20 } };
    const moved = documentsWith({ dul: { ...dul, emou: 'emou-b' } }, other);
    expect(release(moved)).toMatchObject({ minCell: 20, minCellFrom: 'emou-b' });
    const revoked = documentsWith({ dul: { ...dul, emou: 'emou-b' } }, { ...other, status: 'revoked' });
    expect(codeOf(() => release(revoked))).toBe('AGREEMENT_REVOKED');
    const narrower = documentsWith(
      { dul: { ...dul, emou: 'emou-b' } },
      { ...other, parties: ['school', 'library'], approvers: [librarian] },
    );
    expect(codeOf(() => release(narrower))).toBe('PARTY_NOT_COVERED');
    expect(codeOf(() => release(documentsWith({ dul: { ...dul, emou: 'emou-b' } })))).toBe(
      'DOCUMENT_MISSING',
    );
  });
});
