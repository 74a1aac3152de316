import { safeName, ThroughlineError } from '@throughline/core';

/** A table as another system takes it in: every value exactly as it stands. */
export type PlainTable = {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

/**
 * A CSV file with commas and a header (RFC 4180), untrimmed: what another system encodes, it encodes to the letter.
 *
 * @throws ThroughlineError EXTRACT_TRUNCATED where it is no CSV, EXTRACT_MALFORMED with the first row of another length.
 */
export async function plainTable(name: string, text: string): Promise<PlainTable> {
  const { parseString } = await import('fast-csv');
  const lines: string[][] = [];
  try {
    for await (const row of parseString(text.replace(/^\ufeff/, ''), { ignoreEmpty: true })) lines.push(row);
  } catch {
    throw new ThroughlineError('EXTRACT_TRUNCATED', { extract: safeName(name) });
  }
  const [header = [], ...rows] = lines;
  const odd = rows.findIndex((row) => row.length !== header.length);
  if (odd < 0) return { header, rows };
  throw new ThroughlineError('EXTRACT_MALFORMED', { extract: safeName(name), row: odd + 1 });
}
