import { type SafeName, safeName, ThroughlineError } from '@throughline/core';
import { isMap, isNode, isScalar, isSeq, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Fault, startOf, structureFault, textFault } from './yaml-faults.js';

/** A YAML text and the name of the file that it came from. */
export type SourceText = { readonly file: SafeName; readonly text: string };

const LARGEST_DOCUMENT = 256 * 1024;

/**
 * Parses one document of YAML 1.2 and checks it against a schema. Keys are text as it is written (`01` is not 1).
 * Aliases, tags, directives and duplicate keys are refused.
 *
 * @returns the parsed value, as the schema gives it.
 * @throws ThroughlineError CONFIG_INVALID with file, line, column, field and rule of the first thing wrong, and
 *   how many more there are. Values are not repeated; the names of unknown keys are.
 */
export function parseYaml<Schema extends z.ZodType>(source: SourceText, schema: Schema): z.infer<Schema> {
  if (new TextEncoder().encode(source.text).length > LARGEST_DOCUMENT) {
    throw new ThroughlineError('CONFIG_INVALID', { file: source.file, largest_bytes: LARGEST_DOCUMENT });
  }
  const root = parsedRoot(source);
  const result = schema.safeParse(root.value);
  if (result.success) return result.data;
  throw firstIssue(source, root.node, result.error.issues);
}

function parsedRoot(source: SourceText): { readonly node: Node | null; readonly value: unknown } {
  const unfit = textFault(source.text);
  if (unfit !== undefined) throw invalid(source, unfit);
  const document = parseDocument(source.text, {
    uniqueKeys: false,
    stringKeys: true,
    merge: false,
    prettyErrors: false,
  });
  const broken = document.errors[0];
  if (broken !== undefined) throw invalid(source, { offset: broken.pos[0], rule: broken.code });
  const refused = structureFault(document);
  if (refused !== undefined) throw invalid(source, refused);
  return { node: document.contents, value: document.toJS({ maxAliasCount: 0 }) };
}

function firstIssue(
  source: SourceText,
  root: Node | null,
  issues: readonly z.core.$ZodIssue[],
): ThroughlineError {
  // A key that is not known often is the misspelt one that is missing, so it is told first.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (issue === undefined) return invalid(source, { offset: 0, rule: 'unknown' });
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  return invalid(
    source,
    { offset: offsetOf(root, path), rule: issue.message },
    { field: path.join('.'), more: issues.length - 1 },
  );
}

type Where = { readonly field: string; readonly more: number };

function invalid(source: SourceText, fault: Fault, where: Where = { field: '', more: 0 }): ThroughlineError {
  return new ThroughlineError('CONFIG_INVALID', {
    place: placeOf(source, fault.offset),
    ...(where.field === '' ? {} : { field: safeName(where.field) }),
    rule: safeName(fault.rule.replaceAll('"', '')),
    ...(where.more === 0 ? {} : { more: where.more }),
  });
}

/** `file:line:column`, both from 1; a long path loses its beginning, never the position. */
function placeOf({ file, text }: SourceText, offset: number): SafeName {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - before.lastIndexOf('\n');
  const short = file.length > 60 ? `…${file.slice(-59)}` : file;
  return safeName(`${short}:${line}:${column}`);
}

/** The offset of the deepest node on a path that exists; of a map's key where the last step names one. */
function offsetOf(root: Node | null, path: readonly PropertyKey[]): number {
  let node: unknown = root;
  let offset = startOf(root);
  for (const step of path) {
    const next = childOf(node, step);
    if (next === undefined) break;
    offset = startOf(next.at);
    node = next.node;
  }
  return offset;
}

function childOf(node: unknown, step: PropertyKey): { node: unknown; at: Node } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === String(step));
    return pair === undefined || !isNode(pair.key) ? undefined : { node: pair.value, at: pair.key };
  }
  const member = isSeq(node) && typeof step === 'number' ? node.items[step] : undefined;
  return isNode(member) ? { node: member, at: member } : undefined;
}
