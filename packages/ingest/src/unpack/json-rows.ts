import {
  type DeclaredEncoding,
  decodedText,
  type Encoding,
  encodingOf,
  type Named,
  withoutControls,
} from '../read/decode.js';
import { limits } from '../read/limits.js';
import { parsePath, type Tree, treesAt } from './paths.js';
import { malformed, overLimit, type Tell } from './told.js';
import { type TreeColumns, treeRows } from './tree-rows.js';

export type JsonJob = TreeColumns & {
  readonly encoding: DeclaredEncoding;
  readonly layout: 'document' | 'lines';
  readonly records: string;
};

/** Tells the records of a JSON document, by their number, or of JSON Lines, by their lines. */
export async function jsonRows(file: Named, job: JsonJob, tell: Tell): Promise<void> {
  const encoding = await encodingOf(file, job.encoding);
  tell(['encoding', encoding]);
  const rows = treeRows(job, tell);
  const path = parsePath(job.records);
  if (job.layout === 'document') {
    const records = treesAt(parsed(await wholeText(file, encoding, tell)), path);
    for (const [index, record] of records.entries()) rows.take(index + 1, record);
  } else {
    for await (const { line, text } of linesOf(file, encoding, tell)) {
      const tree = parsedLine(text);
      if (tree === undefined) rows.reject(line, 'not_json');
      else for (const record of treesAt(tree, path)) rows.take(line, record);
    }
  }
  rows.end();
}

async function wholeText(file: Named, encoding: Encoding, tell: Tell): Promise<string> {
  let text = '';
  for await (const piece of decodedText(file, encoding)) {
    text += piece.text;
    tell(['stripped', piece.stripped]);
    if (text.length > limits.document) throw overLimit('JSON document', limits.document);
  }
  return text;
}

function parsed(text: string): Tree {
  try {
    return withCleanTexts(JSON.parse(text));
  } catch (thrown) {
    // Of the parser's words, which repeat the text, only the place.
    const [, position] = /position (\d+)/.exec(String(thrown)) ?? [];
    throw malformed('JSON', position === undefined ? {} : { near_line: lineAt(text, Number(position)) });
  }
}

const lineAt = (text: string, position: number): number => text.slice(0, position).split('\n').length;

/** A JSON line may say `null`, which is no record; undefined where it says nothing. */
function parsedLine(text: string): Tree | undefined {
  try {
    return withCleanTexts(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** JSON can write control characters as escapes, which decoding has not seen. */
const withCleanTexts = (tree: Tree): Tree => {
  if (typeof tree === 'string') return withoutControls(tree).text;
  if (typeof tree !== 'object' || tree === null) return tree;
  if (Array.isArray(tree)) return tree.map(withCleanTexts);
  return Object.fromEntries(Object.entries(tree).map(([name, member]) => [name, withCleanTexts(member)]));
};

async function* linesOf(
  file: Named,
  encoding: Encoding,
  tell: Tell,
): AsyncGenerator<{ line: number; text: string }> {
  let rest = '';
  let line = 0;
  for await (const { text, stripped } of decodedText(file, encoding)) {
    tell(['stripped', stripped]);
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > limits.record) throw overLimit('characters of a line', limits.record);
    for (const each of lines) {
      line += 1;
      if (each.trim() !== '') yield { line, text: each };
    }
  }
  if (rest.trim() !== '') yield { line: line + 1, text: rest };
}
