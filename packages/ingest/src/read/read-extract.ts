import type { FieldManifest } from '@throughline/agreement';
import type { ReadableFile, ScratchFile } from '@throughline/engine';
import { readColumnar, readTree, readWorkbook } from './container.js';
import { readDelimited } from './delimited.js';
import { readFixedWidth } from './fixed-width.js';
import { readHl7 } from './hl7.js';
import { requireKind } from './kind.js';
import { type ReadTally, type RowSink, rowSink } from './rows.js';
import { readSectioned } from './sectioned.js';

/**
 * Reads an extract as its manifest declares it and writes the columns that are needed, as canonical CSV, to scratch.
 *
 * @throws ThroughlineError EXTRACT_MALFORMED, EXTRACT_OVER_LIMIT, ENCODING_BROKEN, HEADER_*, COLUMN_REFUSED,
 *   EXTRACT_TRUNCATED.
 */
export async function readExtract(
  file: ReadableFile,
  manifest: FieldManifest,
  scratch: ScratchFile,
): Promise<ReadTally> {
  const sink = rowSink(scratch);
  try {
    await readInto(sink, file, manifest);
  } catch (thrown) {
    await scratch.close();
    throw thrown;
  }
  return sink.close();
}

async function readInto(sink: RowSink, file: ReadableFile, manifest: FieldManifest): Promise<void> {
  const { format } = manifest;
  await requireKind(file, format.type);
  switch (format.type) {
    case 'delimited':
      return readDelimited({ file, manifest, format }, sink);
    case 'sectioned':
      return readSectioned({ file, manifest, format }, sink);
    case 'fixed-width':
      return readFixedWidth({ file, manifest, format }, sink);
    case 'hl7':
      return readHl7({ file, manifest, format }, sink);
    case 'json':
    case 'xml':
      return readTree({ file, manifest, format }, sink);
    case 'workbook':
      return readWorkbook({ file, manifest, format }, sink);
    case 'parquet':
    case 'arrow':
      return readColumnar({ file, manifest, format }, sink);
  }
}
