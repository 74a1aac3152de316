import type { GuardedSource } from '@throughline/engine';
import { parquetRead } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { cellOf } from './column-cells.js';
import { parquetFooter } from './parquet-footer.js';
import { malformed, type Tell } from './told.js';

const BATCH = 20_000;

/** Tells the header and the rows of a Parquet file, after its footer has been checked. */
export async function parquetRows(source: GuardedSource, tell: Tell): Promise<void> {
  const footer = parquetFooter(source);
  tell(['header', footer.schema.slice(1).map(({ name }) => name)]);
  const rows = Number(footer.num_rows);
  const { UNCOMPRESSED, SNAPPY, ZSTD } = compressors;
  const packed = Object.fromEntries(
    Object.entries({ UNCOMPRESSED, SNAPPY, ZSTD }).filter(([, codec]) => codec),
  );
  let told = 0;
  for (let rowStart = 0; rowStart < rows; rowStart += BATCH) {
    const rowEnd = Math.min(rows, rowStart + BATCH);
    await parquetRead({
      file: { byteLength: source.bytes, slice: (start, end) => slice(source, start, end ?? source.bytes) },
      metadata: footer,
      compressors: packed,
      parsers: { stringFromBytes: strictText },
      geoparquet: false,
      rowStart,
      rowEnd,
      onComplete: (batch) => {
        for (const [index, values] of batch.entries()) {
          // What a page lacks is undefined, what it says is not there is null.
          if (values.includes(undefined)) throw malformed('Parquet pages of as many values as rows');
          tell(['row', rowStart + index + 1, values.map((value) => cellOf(value, tell))]);
        }
        told += batch.length;
      },
    });
    if (told !== rowEnd) throw malformed('Parquet row groups of all rows');
  }
}

function slice(source: GuardedSource, start: number, end: number): ArrayBuffer {
  const bytes = source.read(start, Math.max(0, end - start));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

const decoder = new TextDecoder('utf-8', { fatal: true });
const strictText = (bytes: Uint8Array): string | undefined => (bytes ? decoder.decode(bytes) : undefined);
