import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { type DeclaredEncoding, decodedText, encodingOf, type Named } from '../read/decode.js';
import { limits } from '../read/limits.js';
import type { Tree } from './paths.js';
import { malformed, overLimit, type Tell } from './told.js';
import { type TreeColumns, type TreeRows, treeRows } from './tree-rows.js';

export type XmlJob = TreeColumns & {
  readonly encoding: DeclaredEncoding;
  readonly record: string;
  readonly others: readonly string[];
};

type Parser = SaxesParser<{ readonly xmlns: false; readonly position: true }>;

type Element = { readonly name: string; readonly members: Map<string, Tree[]>; text: string };

/**
 * Tells the record elements of an XML document, by their lines. A document type, with which entities could be made, is
 * refused; elements beside the records that nobody has listed are told like members that nobody has.
 */
export async function xmlRows(file: Named, job: XmlJob, tell: Tell): Promise<void> {
  const encoding = await encodingOf(file, job.encoding);
  tell(['encoding', encoding]);
  const strangers = new Set<string>();
  const mark = { position: 0 };
  const rows = treeRows(job, tell);
  const parser = parserOf(job, rows, { strangers, mark });
  for await (const { text, stripped } of decodedText(file, encoding)) {
    tell(['stripped', stripped]);
    parser.write(text);
    if (parser.position - mark.position > limits.record)
      throw overLimit('characters of a record', limits.record);
  }
  parser.close();
  if (strangers.size > 0) tell(['members', [], [...strangers].sort().slice(0, 20), strangers.size]);
  rows.end();
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

type Watch = {
  /** Elements beside the records that nobody has listed. */
  readonly strangers: Set<string>;
  /** Where the last tag stood: the parser holds back what follows it until the next one. */
  readonly mark: { position: number };
};

function parserOf(job: XmlJob, rows: TreeRows, { strangers, mark }: Watch): Parser {
  const parser: Parser = new SaxesParser({ xmlns: false, position: true });
  const open: Element[] = [];
  let depth = 0;
  let line = 0;
  let size = 0;
  parser.on('error', () => {
    throw malformed('XML', { line: parser.line });
  });
  parser.on('doctype', () => {
    throw malformed('XML without a document type', { line: parser.line });
  });
  parser.on('opentag', (tag) => {
    depth += 1;
    mark.position = parser.position;
    if (depth > limits.depth) throw overLimit('elements within one another', limits.depth);
    const name = localName(tag.name);
    const isRecord = open.length === 0 && name === job.record;
    if (isRecord) {
      line = parser.line;
      size = 0;
    }
    if (isRecord || open.length > 0) open.push(elementOf(tag));
    else if (depth === 2 && !job.others.includes(name)) strangers.add(name);
  });
  const takeText = (text: string) => {
    const element = open.at(-1);
    if (element === undefined) return;
    size += text.length;
    if (size > limits.record) throw overLimit('characters of a record', limits.record);
    element.text += text;
  };
  parser.on('text', takeText);
  parser.on('cdata', takeText);
  parser.on('closetag', () => {
    depth -= 1;
    mark.position = parser.position;
    const element = open.pop();
    if (element === undefined) return;
    const parent = open.at(-1);
    if (parent === undefined) rows.take(line, treeOf(element));
    else parent.members.set(element.name, [...(parent.members.get(element.name) ?? []), treeOf(element)]);
  });
  return parser;
}

function elementOf({ name, attributes }: SaxesTagPlain): Element {
  const own = Object.entries(attributes).filter(([key]) => !/^xmlns(?::|$)|^xsi:/.test(key));
  return {
    name: localName(name),
    members: new Map(own.map(([key, value]) => [`@${key}`, [value]])),
    text: '',
  };
}

/** An element of text is its text; one without anything is nothing. */
function treeOf({ members, text }: Element): Tree {
  const own = text.trim();
  if (members.size === 0) return own === '' ? null : own;
  const entries = [...members].map(([name, trees]) => [
    name,
    trees.length === 1 ? (trees[0] ?? null) : trees,
  ]);
  return Object.fromEntries(own === '' ? entries : [...entries, ['#', own]]);
}
