import { type SafeName, safeName, ThroughlineError } from '@throughline/core';
import { isMap, isPair, isScalar, LineCounter, type Node, type ParsedNode, parseDocument } from 'yaml';
import type { z } from 'zod';

/** A YAML text and the name of the file that it came from. */
export type SourceText = { readonly file: SafeName; readonly text: string };

const LARGEST_DOCUMENT = 256 * 1024;

/**
 * Parses YAML 1.2 without aliases, anchors' expansion or duplicate keys, and checks it against a schema.
 *
 * @returns the parsed value, as the schema gives it.
 * @throws ThroughlineError CONFIG_INVALID with file, line, column, field and rule of the first thing wrong, and
 *   how many more there are. Values are not repeated.
 */
export function parseYaml<Schema extends z.ZodType>(source: SourceText, schema: Schema): z.infer<Schema> {
  if (source.text.length > LARGEST_DOCUMENT) {
    throw new ThroughlineError('CONFIG_INVALID', { file: source.file, largest_bytes: LARGEST_DOCUMENT });
  }
  const lines = new LineCounter();
  const document = parseDocument(source.text, { lineCounter: lines, uniqueKeys: true, merge: false });
  const broken = document.errors[0];
  if (broken !== undefined) throw invalid(source, lines, { offset: broken.pos[0], rule: broken.code });
  const result = schema.safeParse(plainValue(document, source));
  if (result.success) return result.data;
  throw firstIssue(source, lines, { root: document.contents, issues: result.error.issues });
}

type YamlDocument = ReturnType<typeof parseDocument>;

function plainValue(document: YamlDocument, source: SourceText): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    throw new ThroughlineError('CONFIG_INVALID', {
      file: source.file,
      rule: safeName('aliases are not allowed'),
    });
  }
}

type Issues = { readonly root: Node | null; readonly issues: readonly z.core.$ZodIssue[] };

function firstIssue(source: SourceText, lines: LineCounter, { root, issues }: Issues): ThroughlineError {
  const issue = issues[0];
  if (issue === undefined) return invalid(source, lines, { offset: 0, rule: 'unknown' });
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  return invalid(source, lines, {
    offset: offsetOf(root, path),
    rule: issue.message,
    field: path.join('.'),
    more: issues.length - 1,
  });
}

type Fault = {
  readonly offset: number;
  readonly rule: string;
  readonly field?: string;
  readonly more?: number;
};

function invalid(source: SourceText, lines: LineCounter, fault: Fault): ThroughlineError {
  const { line, col } = lines.linePos(fault.offset);
  return new ThroughlineError('CONFIG_INVALID', {
    place: safeName(`${source.file}:${line}:${col}`),
    ...(fault.field === undefined || fault.field === '' ? {} : { field: safeName(fault.field) }),
    rule: safeName(fault.rule),
    ...(fault.more === undefined || fault.more === 0 ? {} : { more: fault.more }),
  });
}

/** The offset of the deepest node on a path that exists; of a map's key where the last step names one. */
function offsetOf(root: Node | null, path: readonly PropertyKey[]): number {
  let node: unknown = root;
  let offset = startOf(root);
  for (const step of path) {
    const next = childOf(node, step);
    if (next === undefined) break;
    offset = next.offset;
    node = next.node;
  }
  return offset;
}

function childOf(node: unknown, step: PropertyKey): { node: unknown; offset: number } | undefined {
  if (isMap(node)) {
    const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === String(step));
    if (pair === undefined) return undefined;
    return { node: pair.value, offset: startOf(pair.key as ParsedNode) };
  }
  const list = node as { items?: unknown[] } | null;
  const member = typeof step === 'number' ? list?.items?.[step] : undefined;
  if (member === undefined || isPair(member)) return undefined;
  return { node: member, offset: startOf(member as ParsedNode) };
}

const startOf = (node: Node | null): number => node?.range?.[0] ?? 0;
