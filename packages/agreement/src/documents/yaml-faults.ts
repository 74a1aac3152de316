import { CST, type Document, isAlias, isMap, isNode, isScalar, Lexer, type Node, visit } from 'yaml';

/** A rule and where in the text it is broken, as an offset in UTF-16 units. */
export type Fault = { readonly offset: number; readonly rule: string };

const DEEPEST_FLOW = 32;

/** Limits without which nesting takes the parser minutes or, through V8, the whole process. */
const textRules: readonly (readonly [RegExp, string])[] = [
  [/^%/m, 'directives are not allowed'],
  [/^.{2201}/m, 'at most 2200 characters a line'],
  [/^[\t ?:-]{101}/m, 'at most 100 columns of indentation'],
];

/** What a text must not have before it may be parsed. */
export function textFault(text: string): Fault | undefined {
  for (const [broken, rule] of textRules) {
    const offset = text.search(broken);
    if (offset >= 0) return { offset, rule };
  }
  return flowFault(text);
}

const VIRTUAL: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);
const STEP: Readonly<Record<string, number>> = { '[': 1, '{': 1, ']': -1, '}': -1 };

/** Counts the parser's own tokens: brackets in comments and texts are none. Few brackets of any kind need no count. */
function flowFault(text: string): Fault | undefined {
  if ((text.match(/[[{]/g)?.length ?? 0) <= DEEPEST_FLOW) return undefined;
  let depth = 0;
  let offset = 0;
  for (const token of new Lexer().lex(text)) {
    depth = Math.max(0, depth + (STEP[token] ?? 0));
    if (depth > DEEPEST_FLOW) return { offset, rule: `at most ${DEEPEST_FLOW} brackets in one another` };
    if (!VIRTUAL.has(token)) offset += token.length;
  }
  return undefined;
}

/** What a parsed text must not have before it becomes values: aliases, tags, a key twice, `__proto__`. */
export function structureFault(document: Document.Parsed): Fault | undefined {
  let found: Fault | undefined;
  visit(document, (_, node) => {
    found = isNode(node) ? nodeFault(node) : undefined;
    return found === undefined ? undefined : visit.BREAK;
  });
  return found;
}

function nodeFault(node: Node): Fault | undefined {
  const offset = startOf(node);
  if (isAlias(node)) return { offset, rule: 'aliases are not allowed' };
  if (node.tag !== undefined) return { offset, rule: 'tags are not allowed' };
  return isMap(node) ? keyFault(node.items.map(({ key }) => key)) : undefined;
}

/** The parser's own check compares every pair of keys: 30 s for 45,000 of them. */
function keyFault(keys: readonly unknown[]): Fault | undefined {
  const seen = new Set<unknown>();
  for (const key of keys.filter(isScalar)) {
    if (seen.has(key.value)) return { offset: startOf(key), rule: 'this key is there twice' };
    if (key.value === '__proto__') return { offset: startOf(key), rule: 'no field may have this name' };
    seen.add(key.value);
  }
  return undefined;
}

/** Where a node starts; 0 for none. */
export const startOf = (node: Node | null): number => node?.range?.[0] ?? 0;
