import { safeName, ThroughlineError } from '@throughline/core';
import type { ReadableFile } from '@throughline/engine';

/** What the first bytes of a file say that it is; none of them can begin a text that we read. */
export type FileKind =
  | 'zip'
  | 'gzip'
  | 'parquet'
  | 'arrow'
  | 'age'
  | 'duckdb'
  | 'sqlite'
  | 'old-office'
  | 'pdf'
  | 'program'
  | 'packed';

const MARKS: readonly (readonly [kind: FileKind, offset: number, mark: string])[] = [
  ['zip', 0, 'PK\x03\x04'],
  ['zip', 0, 'PK\x05\x06'],
  ['gzip', 0, '\x1f\x8b'],
  ['parquet', 0, 'PAR1'],
  ['arrow', 0, 'ARROW1'],
  ['arrow', 0, '\xff\xff\xff\xff'],
  ['age', 0, 'age-encryption.org/'],
  ['duckdb', 8, 'DUCK'],
  ['sqlite', 0, 'SQLite format 3\0'],
  ['old-office', 0, '\xd0\xcf\x11\xe0'],
  ['pdf', 0, '%PDF-'],
  ['program', 0, '\x7fELF'],
  ['program', 0, 'MZ\x90'],
  ['packed', 0, '7z\xbc\xaf'],
  ['packed', 0, 'Rar!'],
  ['packed', 0, 'BZh91AY'],
  ['packed', 0, '\xfd7zXZ'],
  ['packed', 0, '\x28\xb5\x2f\xfd'],
];

/** What a file is by its first bytes; undefined for a text, or something that we do not know. */
export const kindOfBytes = (bytes: Uint8Array): FileKind | undefined =>
  MARKS.find(([, offset, mark]) =>
    [...mark].every((byte, at) => bytes[offset + at] === byte.charCodeAt(0)),
  )?.[0];

export async function kindOf(file: ReadableFile): Promise<FileKind | undefined> {
  for await (const bytes of file.read()) return kindOfBytes(bytes);
  return undefined;
}

const EXPECTED: Readonly<Record<string, FileKind>> = { workbook: 'zip', parquet: 'parquet', arrow: 'arrow' };

/**
 * Refuses a file that plainly is something else than its manifest says, such as a workbook named `.csv`, or a database.
 *
 * @throws ThroughlineError EXTRACT_MALFORMED with what it is and what it should be.
 */
export async function requireKind(file: ReadableFile, format: string): Promise<void> {
  const kind = await kindOf(file);
  if (kind === EXPECTED[format]) return;
  throw new ThroughlineError('EXTRACT_MALFORMED', {
    extract: safeName(file.name),
    declared: safeName(format),
    found: safeName(kind ?? 'something else'),
  });
}
