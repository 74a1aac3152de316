import type { ExtractFormat } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { encodingOf } from './decode.js';
import type { Reading } from './delimited.js';
import { picksOf } from './layout.js';
import { isBlank, textLines } from './lines.js';
import type { RowSink } from './rows.js';

type FixedWidth = Extract<ExtractFormat, { type: 'fixed-width' }>;

/**
 * Reads an extract of fixed columns into the sink. A line that is cut off, goes on behind the last column or has
 * something between columns is rejected: the layout then is not what the file has.
 *
 * @throws ThroughlineError ENCODING_BROKEN, EXTRACT_OVER_LIMIT, EXTRACT_TRUNCATED.
 */
export async function readFixedWidth(
  { file, manifest, format }: Reading<FixedWidth>,
  sink: RowSink,
): Promise<void> {
  const encoding = await encodingOf(file, format.encoding);
  sink.readAs(encoding);
  const { picks } = picksOf(manifest, { header: format.columns.map(({ name }) => name), section: null });
  const faultOf = faultFinder(format);
  let closed = false;
  for await (const { line, text } of textLines(file, encoding, sink.stripped)) {
    if (line <= format.title_rows || isBlank(text)) continue;
    const fault = closed ? 'after_closing' : faultOf(text);
    if (format.closing !== null && !closed && text.startsWith(format.closing)) closed = true;
    else if (fault !== null) sink.reject(line, fault);
    else sink.picked(line, cellsOf(text, format), picks);
    await sink.flush();
  }
  if (format.closing !== null && !closed) {
    throw new ThroughlineError('EXTRACT_TRUNCATED', {
      extract: safeName(file.name),
      rule: safeName('no closing row'),
    });
  }
}

const cellsOf = (text: string, { columns }: FixedWidth): string[] =>
  columns.map(({ start, width }) => text.slice(start - 1, start - 1 + width));

/** Says what is wrong with a line; null if nothing is. */
function faultFinder({ columns, trimmed }: FixedWidth): (text: string) => string | null {
  const spans = columns
    .map(({ start, width }) => ({ from: start - 1, to: start - 1 + width }))
    .sort((a, b) => a.from - b.from);
  const end = spans.at(-1)?.to ?? 0;
  const gaps = spans
    .map(({ from }, index) => ({ from: spans[index - 1]?.to ?? 0, to: from }))
    .filter(({ from, to }) => from < to);
  return (text) => {
    if (text.length < end && !trimmed) return 'line_length';
    if (!isBlank(text.slice(end))) return 'line_length';
    return gaps.some(({ from, to }) => !isBlank(text.slice(from, to))) ? 'between_columns' : null;
  };
}
