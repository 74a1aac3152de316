import type { FieldManifest } from '@throughline/agreement';
import type { ExtractFile, ScratchFile } from '@throughline/engine';
import { readDelimited } from './delimited.js';
import { type ReadTally, type RowSink, rowSink } from './rows.js';
import { readSectioned } from './sectioned.js';
import { readWorkbook } from './workbook.js';

/**
 * Reads an extract as its manifest declares it and writes the columns that are needed, as canonical CSV, to scratch.
 *
 * @throws ThroughlineError EXTRACT_REFUSED, ENCODING_BROKEN, HEADER_*, COLUMN_REFUSED, EXTRACT_TRUNCATED.
 */
export async function readExtract(
  file: ExtractFile,
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

function readInto(sink: RowSink, file: ExtractFile, manifest: FieldManifest): Promise<void> {
  const { format } = manifest;
  if (format.type === 'delimited') return readDelimited({ file, manifest, format }, sink);
  if (format.type === 'sectioned') return readSectioned({ file, manifest, format }, sink);
  return readWorkbook({ file, manifest, format }, sink);
}
