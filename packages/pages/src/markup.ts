import { visible } from './words.js';

const CONTENT: unique symbol = Symbol('markup');

/** HTML that only `html` can make: whatever else reaches a page is text and is escaped. */
export type Markup = { readonly [CONTENT]: string };

type Part = string | number | Markup | readonly Markup[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const withEntities = (text: string): string => text.replace(/[&<>"']/g, (mark) => ENTITIES[mark] ?? '');

const escaped = (text: string): string => withEntities(visible(text));

const rendered = (part: Part): string => {
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  if (CONTENT in part) return part[CONTENT];
  return part.map((each) => each[CONTENT]).join('\n');
};

/**
 * Markup of a template: strings are escaped, markup nests, lists are joined. There is no way to pass a string
 * through unescaped. Attribute values must stand in double quotes.
 */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const pieces = literals.map((literal, at) => {
    const part = parts[at];
    return part === undefined ? literal : literal + rendered(part);
  });
  return { [CONTENT]: pieces.join('') };
}

export const nothing: Markup = html``;

export const textOf = (markup: Markup): string => markup[CONTENT];

/** Text whose spaces and ends of lines are kept, for `pre` and `textarea`; what has no shape becomes U+FFFD all the same. */
export const preformatted = (text: string): Markup => ({
  [CONTENT]: withEntities(text.replace(/\r\n?/g, '\n').replace(/[^\P{C}\n\t]|[\p{Zl}\p{Zp}]/gu, '\uFFFD')),
});

/** Words in which backticks stand around what is typed: `throughline run`. One alone is a character like others. */
export const withCode = (words: string): Markup =>
  words
    .split(/`([^`]+)`/)
    .reduce(
      (before, piece, at) => html`${before}${at % 2 === 1 ? html`<code>${piece}</code>` : piece}`,
      nothing,
    );
