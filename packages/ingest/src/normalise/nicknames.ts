import { NICKNAMES } from './nickname-table.js';

const roots: ReadonlyMap<string, string> = new Map(
  NICKNAMES.split(',').flatMap((names) => {
    const [root = '', ...nicknames] = names.trim().split(/\s+/);
    return nicknames.map((nickname): [string, string] => [nickname, root]);
  }),
);

/**
 * The given name for which a first name in normal form is a short form; itself where it is none, or where it
 * could be short for several. Never maps two names to one root that twins might have been given.
 */
export const rootOf = (first: string): string => roots.get(first) ?? first;
