import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approval, documentsWith, dsa, filed, manifest } from './sample-documents.fixture.js';
import { documentOf, readDocuments } from './set.js';

const versions = (numbers: readonly number[]) =>
  numbers.map((version) => filed({ ...dsa, version, title: `Agreement ${version}` }));

describe('readDocuments', () => {
  it('keeps the latest version of each, whatever the order of the files', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(numbers, (shuffled) => {
        const { dsas } = readDocuments(versions(shuffled));
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
    expect(() => readDocuments(versions(numbers))).toThrow(
      expect.objectContaining({
        code: 'DOCUMENT_DUPLICATE',
        details: { files: ['dsa-dsa-school-1.yaml', 'dsa-dsa-school-1.yaml'], id: 'dsa-school', version: 1 },
      }),
    );
  });

  it('lets ids of different kinds be alike, and keeps every approval', () => {
    const set = documentsWith({}, { ...approval, version: 2 }, { ...manifest, id: 'dsa-school' });
    expect(set.approvals).toHaveLength(2);
    expect(set.manifests.map(({ document }) => document.id)).toEqual(['dsa-school', 'school-students']);
  });

  it('keeps the hash of the file with the document', () => {
    const file = filed(manifest);
    expect(readDocuments([file]).manifests[0]).toMatchObject({ sha256: file.sha256, file: file.file });
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
