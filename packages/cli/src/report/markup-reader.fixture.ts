/** An element of a page, as a strict reader sees it. Text has its entities resolved. */
export type Element = {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (Element | string)[];
};

type Open = { tag: string; attributes: Map<string, string>; children: (Element | string)[] };

const OPENING = /<([a-z][a-z0-9]*)((?: [a-zA-Z][a-zA-Z0-9:-]*="[^"<]*")*)( \/)?>/iy;
const CLOSING = /<\/([a-z][a-z0-9]*)>/iy;
const TEXT = /[^<]+/y;
const ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['#39', "'"],
]);

const resolved = (text: string): string =>
  text.replace(/&([^;]*;?)/g, (_, name: string) => {
    const mark = name.endsWith(';') ? ENTITIES.get(name.slice(0, -1)) : undefined;
    if (mark === undefined) throw new Error('bare ampersand');
    return mark;
  });

const attributesOf = (text: string): Map<string, string> => {
  const attributes = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/ ([a-zA-Z][a-zA-Z0-9:-]*)="([^"<]*)"/g)) {
    if (attributes.has(name)) throw new Error(`attribute ${name} twice`);
    attributes.set(name, resolved(value));
  }
  return attributes;
};

const takenAt = (pattern: RegExp, page: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(page);
};

const withText = (element: Open, text: string): void => {
  if (element.tag === 'style') element.children.push(text);
  else if (text.includes('>')) throw new Error(`bare > in ${element.tag}`);
  else element.children.push(resolved(text));
};

/** Reads one text, opening or closing at `at`, changes the stack, and gives where the next begins. */
const step = (page: string, at: number, stack: Open[]): number => {
  const top = stack.at(-1);
  if (top === undefined) throw new Error('closed once too often');
  const text = takenAt(TEXT, page, at);
  if (text !== null) {
    withText(top, text[0]);
    return at + text[0].length;
  }
  const closing = takenAt(CLOSING, page, at);
  if (closing !== null) {
    if (closing[1] !== top.tag) throw new Error(`${closing[1]} closes ${top.tag}`);
    stack.pop();
    return at + closing[0].length;
  }
  const opening = takenAt(OPENING, page, at);
  if (opening === null) throw new Error(`malformed markup in ${top.tag}`);
  const element = { tag: opening[1] ?? '', attributes: attributesOf(opening[2] ?? ''), children: [] };
  top.children.push(element);
  if (opening[3] === undefined) stack.push(element);
  return at + opening[0].length;
};

/**
 * Reads markup as XML would be read: every element closed, in order; every attribute quoted, once; no bare `<`,
 * `>` or `&` in text. Stricter than HTML, so what passes is read alike by every browser.
 *
 * @throws Error naming what is wrong and what element it is in.
 */
export function readFragment(markup: string): Element {
  const root: Open = { tag: 'fragment', attributes: new Map(), children: [] };
  const stack = [root];
  for (let at = 0; at < markup.length; ) at = step(markup, at, stack);
  if (stack.length !== 1) throw new Error(`${stack.at(-1)?.tag} is never closed`);
  return root;
}

/** A whole page, from its doctype on. @throws Error as `readFragment` does. */
export function readPage(page: string): Element {
  const doctype = '<!DOCTYPE html>\n';
  if (!page.startsWith(doctype)) throw new Error('no doctype');
  return readFragment(page.slice(doctype.length));
}

const elementsOf = ({ children }: Element): readonly Element[] =>
  children.filter((child) => typeof child !== 'string');

/** The element and all below it, in the order of the page. */
export const allOf = (element: Element): readonly Element[] => [
  element,
  ...elementsOf(element).flatMap(allOf),
];

export const textIn = (element: Element): string =>
  element.children.map((child) => (typeof child === 'string' ? child : textIn(child))).join('');

export const withTag = (element: Element, tag: string): readonly Element[] =>
  allOf(element).filter((each) => each.tag === tag);

export const withClass = (element: Element, name: string): readonly Element[] =>
  allOf(element).filter((each) => (each.attributes.get('class') ?? '').split(' ').includes(name));

export const withId = (element: Element, id: string): Element => {
  const found = allOf(element).find((each) => each.attributes.get('id') === id);
  if (found === undefined) throw new Error(`no element ${id}`);
  return found;
};

/** Rows of a table's body as texts, found by the beginning of its caption. */
export const tableRows = (page: Element, caption: string): readonly (readonly string[])[] => {
  const table = withTag(page, 'table').find((each) =>
    withTag(each, 'caption').some((element) => textIn(element).startsWith(caption)),
  );
  if (table === undefined) throw new Error(`no table ${caption}`);
  return withTag(table, 'tbody')
    .flatMap((body) => withTag(body, 'tr'))
    .map((row) => elementsOf(row).map(textIn));
};
