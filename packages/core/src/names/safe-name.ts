/**
 * A name that comes from a configuration, a schema or the software itself: a column, extract, partner, rule,
 * stage. Never a value of a row. Errors, events and manifests accept no other strings.
 */
export type SafeName = string & { readonly __safeName: true };

const LONGEST_NAME = 80;

/** What is not a letter, a digit or harmless punctuation; and letters that show nothing, such as U+3164. */
const UNSAFE = /[^\p{L}\p{N} _.,:;/\\#@()[\]{}|=+*?!%&$…-]|\p{Default_Ignorable_Code_Point}/gu;

/**
 * Declares a string to be a name. Control characters, quotes of markup and bidirectional marks become `?` and
 * the name is cut to 80 characters, so that a hostile header cannot write into a terminal or a page.
 */
export function safeName(name: string): SafeName {
  const visible = [...name.replace(UNSAFE, '?')];
  const short = visible.length > LONGEST_NAME ? [...visible.slice(0, LONGEST_NAME - 1), '…'] : visible;
  return short.join('') as SafeName;
}
