import type { GuardedSource } from '@throughline/engine';
import { type FileMetaData, parquetMetadata } from 'hyparquet';
import { limits, unpackedMost } from '../read/limits.js';
import { malformed, overLimit } from './told.js';

/** Codecs that are read: the others are rare, and each is another parser for hostile bytes. */
export const PARQUET_CODECS: readonly string[] = ['UNCOMPRESSED', 'SNAPPY', 'ZSTD'];

const TAIL = 8;
const LONGEST_FOOTER = 16 * 1024 ** 2;
const MOST_ROW_GROUPS = 10_000;

/**
 * The footer of a Parquet file, after everything that it claims has been held against the file's size and our limits:
 * a reader that trusts it would allocate what it says.
 */
export function parquetFooter(source: GuardedSource): FileMetaData {
  if (source.bytes > limits.columnar) throw overLimit('bytes of a Parquet file', limits.columnar);
  const [head, tail] = [source.read(0, 4), source.read(Math.max(0, source.bytes - TAIL), TAIL)];
  if (!isMark(head) || tail.length < TAIL || !isMark(tail.subarray(4)))
    throw malformed('a Parquet file, unencrypted');
  const length = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  if (length > LONGEST_FOOTER || length > source.bytes - TAIL - 4)
    throw malformed('a Parquet footer of its length');
  const footer = parquetMetadata(source.read(source.bytes - TAIL - length, length + TAIL), {
    geoparquet: false,
  });
  requireFlat(footer);
  requireWithin(footer, source.bytes);
  return footer;
}

const isMark = (bytes: Uint8Array): boolean => String.fromCharCode(...bytes) === 'PAR1';

/** A table and no tree: every column hangs on the root and is no list. */
function requireFlat({ schema }: FileMetaData): void {
  const [root, ...columns] = schema;
  if (columns.length > limits.columns) throw overLimit('columns', limits.columns);
  const isFlat =
    root?.num_children === columns.length &&
    columns.every(({ num_children, repetition_type }) => !num_children && repetition_type !== 'REPEATED');
  if (!isFlat) throw malformed('Parquet columns without others inside');
}

function requireWithin({ schema, row_groups: groups, num_rows: rows }: FileMetaData, bytes: number): void {
  if (groups.length > MOST_ROW_GROUPS) throw overLimit('row groups', MOST_ROW_GROUPS);
  if (rows < 0n || groups.reduce((sum, group) => sum + group.num_rows, 0n) !== rows) {
    throw malformed('Parquet row groups of all rows');
  }
  const most = unpackedMost(bytes);
  let unpacked = 0;
  for (const group of groups) {
    if (group.num_rows < 0n || group.columns.length !== schema.length - 1)
      throw malformed('Parquet row groups of all columns');
    for (const { meta_data: chunk, file_path: elsewhere } of group.columns) {
      if (chunk === undefined || elsewhere) throw malformed('Parquet columns inside the file');
      if (!PARQUET_CODECS.includes(chunk.codec)) throw malformed('Parquet packed by snappy, zstd or nothing');
      if (chunk.num_values !== group.num_rows) throw malformed('Parquet columns of as many values as rows');
      requireInside(chunk, bytes);
      unpacked += Number(chunk.total_uncompressed_size);
    }
  }
  if (unpacked > most) throw overLimit('unpacked bytes', most);
}

type Chunk = NonNullable<FileMetaData['row_groups'][number]['columns'][number]['meta_data']>;

function requireInside(chunk: Chunk, bytes: number): void {
  const start = chunk.dictionary_page_offset ?? chunk.data_page_offset;
  const ends = [start, chunk.data_page_offset].map((offset) => Number(offset));
  const size = Number(chunk.total_compressed_size);
  const isInside =
    ends.every((offset) => offset >= 4 && offset < bytes) &&
    size >= 0 &&
    Number(start) + size <= bytes - TAIL;
  if (!isInside || chunk.total_uncompressed_size < 0n) throw malformed('Parquet columns inside the file');
}
