import { describe, expect, it } from 'vitest';
import { artifactManifest } from './manifest.js';

const sha256 = 'a'.repeat(64);
const manifest = {
  kind: 'people',
  schemaVersion: 1,
  of: 'city',
  synthetic: true,
  tables: [{ name: 'counter', file: 'counter.parquet', rows: 1, sha256, columns: [['issued', 'BIGINT']] }],
  files: [{ name: 'notes.txt', sha256 }],
  counts: [{ name: 'people', value: 3, by: { partner: 'a' } }],
  inputs: [{ kind: 'extract', name: 'students', sha256 }],
  producedBy: { stage: 'link', version: '1', software: 'x', configSha256: sha256, recipeSha256: sha256 },
  documents: [{ kind: 'emou', id: 'emou-a', version: 1, sha256 }],
  run: { startedAt: '2026-06-16T00:00:00.000Z', node: '20', duckdb: 'v1' },
};
const [table] = manifest.tables;
const [file] = manifest.files;

describe('artifactManifest', () => {
  it('takes what the engine writes', () => {
    expect(artifactManifest.safeParse(manifest).success).toBe(true);
  });

  it.each([
    ['a table outside the folder', { ...manifest, tables: [{ ...table, file: '../people.parquet' }] }],
    ['an absolute file', { ...manifest, files: [{ ...file, name: '/etc/passwd' }] }],
    ['a field that it does not know', { ...manifest, note: 'x' }],
    ['a kind that it does not know', { ...manifest, kind: 'names' }],
    [
      'a type that it does not know',
      { ...manifest, tables: [{ ...table, columns: [['issued', 'HUGEINT']] }] },
    ],
    ['rows that are no count', { ...manifest, tables: [{ ...table, rows: -1 }] }],
    ['a hash in capitals', { ...manifest, files: [{ ...file, sha256: 'A'.repeat(64) }] }],
    ['no word on whether people are made up', { ...manifest, synthetic: undefined }],
  ])('refuses %s', (_, broken) => {
    expect(artifactManifest.safeParse(broken).success).toBe(false);
  });
});
