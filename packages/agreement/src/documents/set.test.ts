import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  documentsWith,
  dsa,
  everybodyApproves,
  filed,
  manifest,
  SAMPLE_DAY,
} from './sample-documents.fixture.js';
import { type DocumentFile, documentOf, readDocuments } from './set.js';

const versions = (numbers: readonly number[]) =>
  numbers.map((version) => filed({ ...dsa, version, title: `Agreement ${version}` }));

const read = (files: readonly DocumentFile[], day = SAMPLE_DAY) =>
  readDocuments(files, { day, judge: everybodyApproves() });

describe('readDocuments', () => {
  it('keeps the latest version of each, whatever the order of the files', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(numbers, (shuffled) => {
        const { dsas } = read(versions(shuffled));
        expect(dsas.map(({ document }) => document.version)).toEqual([Math.max(...shuffled)]);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    [[1, 1]],
    [[1, 2, 1]],
    [[2, 1, 1]],
    [[3, 1, 2, 1]],
  ])('refuses two documents of one id and version among versions %j', (numbers) => {
    expect(() => read(versions(numbers))).toThrow(
      expect.objectContaining({
        code: 'DOCUMENT_DUPLICATE',
        details: { files: ['dsa-dsa-school-1.yaml', 'dsa-dsa-school-1.yaml'], id: 'dsa-school', version: 1 },
      }),
    );
  });

  it('takes the version that has taken effect, and the first if none has', () => {
    const files = [
      filed(dsa),
      filed({ ...dsa, version: 2, effective: '2026-01-01' }),
      filed({ ...dsa, version: 3, effective: '2026-05-01' }),
    ];
    const days = ['2025-06-30', '2025-12-31', '2026-01-01', '2026-04-30', '2026-05-01'];
    const versions = days.map((day) => read(files, day).dsas.map(({ document }) => document.version));
    expect(versions).toEqual([[1], [1], [2], [2], [3]]);
  });

  it('lets ids of different kinds be alike', () => {
    const set = documentsWith({}, { ...manifest, id: 'dsa-school' });
    expect(set.manifests.map(({ document }) => document.id)).toEqual(['dsa-school', 'school-students']);
  });

  it('keeps the hash of the file with the document', () => {
    const file = filed(manifest);
    expect(read([file]).manifests[0]).toMatchObject({ sha256: file.sha256, file: file.file });
  });
});

describe('documentOf', () => {
  it('finds by id or says which kind and id is missing', () => {
    const { dsas } = documentsWith();
    expect(documentOf(dsas, 'dsa-clinic', 'dsa').document.partner).toBe('clinic');
    expect(() => documentOf(dsas, 'dsa-library', 'dsa')).toThrow(
      expect.objectContaining({
        code: 'DOCUMENT_MISSING',
        details: { kind: 'dsa', id: 'dsa-library' },
      }),
    );
  });
});
