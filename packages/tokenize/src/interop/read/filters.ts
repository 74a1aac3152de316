import { safeName, ThroughlineError } from '@throughline/core';
import type { ExtractFile } from '@throughline/engine';
import { readClks } from '../clk3/delivery.js';
import { type Clk3Schema, clk3Schema } from '../clk3/schema.js';
import { extractNamed, foreignText, refused } from './foreign-text.js';
import type { ForeignRows } from './interop-stage.js';

type Delivered = { readonly file: string; readonly records: string; readonly schema: string };

/** Above the keys of the records, a line each. */
const HEADER = 'RecordId';
const KEY = /^[^\p{Cc}]{1,200}$/u;

/**
 * A file of clkhash with the keys of its records beside it, in the same order, under the linkage schema of the agreement.
 *
 * @throws ThroughlineError INTEROP_REFUSED with the line of the records.
 */
export async function readFilters(
  extracts: readonly ExtractFile[],
  { file, records, schema }: Delivered,
  schemaSha256: string,
): Promise<ForeignRows> {
  const { clkConfig } = await agreedSchema(extractNamed(extracts, schema), schemaSha256);
  const clks = readClks(await foreignText(extractNamed(extracts, file)), clkConfig.l);
  if ('position' in clks) {
    const expected = `CLKs of ${clkConfig.l} bits in Base64`;
    throw refused(file, clks.position < 0 ? { expected } : { expected, line: clks.position + 2 });
  }
  const keys = keysIn(records, await foreignText(extractNamed(extracts, records)));
  if (keys.length !== clks.length) throw refused(records, { expected: 'a record for each CLK' });
  return { keys, tokens: [], filters: clks.map((filter, at) => ({ key: keys[at] ?? '', filter })) };
}

/** The linkage schema, if it is the one that the memorandum names. @throws ThroughlineError INTEROP_REFUSED */
export async function agreedSchema(extract: ExtractFile, sha256: string): Promise<Clk3Schema> {
  if (extract.sha256 !== sha256)
    throw refused(extract.name, { expected: 'the schema of the memorandum, by its hash' });
  const parsed = clk3Schema.safeParse(parsedJson(await foreignText(extract)));
  if (parsed.success) return parsed.data;
  throw new ThroughlineError('INTEROP_REFUSED', {
    extract: safeName(extract.name),
    rule: safeName(parsed.error.issues[0]?.message ?? 'a linkage schema of version 3'),
  });
}

function keysIn(name: string, text: string): string[] {
  const [header, ...lines] = text.replace(/\r?\n$/, '').split(/\r?\n/);
  if (header !== HEADER) throw refused(name, { line: 1, expected: HEADER });
  const seen = new Set<string>();
  for (const [at, line] of lines.entries()) {
    if (!KEY.test(line) || seen.has(line))
      throw refused(name, { line: at + 2, expected: 'a record, and each once' });
    seen.add(line);
  }
  return lines;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
