/** A tree of JSON, or of XML made alike: attributes are members `@name`, text beside them is the member `#`. */
export type Tree = string | number | boolean | null | readonly Tree[] | { readonly [member: string]: Tree };

type Selector = 'all' | { readonly at: number } | { readonly member: Path; readonly is: string };
type Step = { readonly name: string; readonly selectors: readonly Selector[] };

/** Where a value is in a tree. */
export type Path = readonly Step[];

const STEP = /(?<name>[^.[\]]+)(?<selectors>(?:\[[^\]]*\])*)(?:\.|$)/gy;

/**
 * `name[use=official].given`, `entry[*].resource`, `id[0]`: members, and of a list all (`[*]`, or nothing), one by its
 * place from 0, or those of which a member is as written. The empty path is the tree itself.
 */
export function parsePath(text: string): Path {
  return [...text.matchAll(STEP)].map(({ groups }) => ({
    name: groups?.['name'] ?? '',
    selectors: [...(groups?.['selectors'] ?? '').matchAll(/\[([^\]]*)\]/g)].map(([, inside = '']) =>
      selectorOf(inside),
    ),
  }));
}

function selectorOf(inside: string): Selector {
  if (inside === '*') return 'all';
  if (/^\d+$/.test(inside)) return { at: Number(inside) };
  const equals = inside.indexOf('=');
  return { member: parsePath(inside.slice(0, equals)), is: inside.slice(equals + 1) };
}

/** The path without its selectors: `name.given`. */
export const plainPath = (text: string): string =>
  parsePath(text)
    .map(({ name }) => name)
    .join('.');

/** The trees at a path; a list is each of its members. */
export function treesAt(tree: Tree | undefined, path: Path): Tree[] {
  if (tree === undefined || tree === null) return [];
  if (isList(tree)) return tree.flatMap((each) => treesAt(each, path));
  const [step, ...rest] = path;
  if (step === undefined) return [tree];
  const member = memberOf(tree, step.name);
  if (member === undefined) return [];
  const chosen = step.selectors.reduce<readonly Tree[]>(select, isList(member) ? member : [member]);
  return chosen.flatMap((each) => treesAt(each, rest));
}

function select(among: readonly Tree[], selector: Selector): readonly Tree[] {
  if (selector === 'all') return among;
  if ('at' in selector) return among.slice(selector.at, selector.at + 1);
  return among.filter((each) =>
    treesAt(each, selector.member).some((value) => scalarText(value) === selector.is),
  );
}

export const isList = (tree: Tree): tree is readonly Tree[] => Array.isArray(tree);

const isBranch = (tree: Tree): tree is { readonly [member: string]: Tree } =>
  typeof tree === 'object' && tree !== null && !isList(tree);

const memberOf = (tree: Tree, name: string): Tree | undefined =>
  isBranch(tree) && Object.hasOwn(tree, name) ? tree[name] : undefined;

/** The text of a value; undefined for a branch, or a number that JavaScript has rounded. */
function scalarText(tree: Tree): string | undefined {
  if (typeof tree === 'number') {
    return Number.isInteger(tree) && !Number.isSafeInteger(tree) ? undefined : String(tree);
  }
  if (isBranch(tree)) {
    const text = memberOf(tree, '#');
    return text === undefined ? undefined : scalarText(text);
  }
  return String(tree);
}

/** What stands at a path: several values are joined by a space. `undefined`: something that is no text. */
export function textAt(tree: Tree, path: Path): string | null | undefined {
  const texts = treesAt(tree, path).map(scalarText);
  if (texts.length === 0) return null;
  return texts.includes(undefined) ? undefined : texts.join(' ');
}

/** Watches which members trees have: those that are listed, and others. */
export type Coverage = {
  readonly see: (tree: Tree) => void;
  readonly listed: () => readonly string[];
  readonly others: (most: number) => { readonly names: readonly string[]; readonly count: number };
};

const NAMES_KEPT = 10_000;

/** @param columns paths; each covers everything below it. */
export function coverageOf(columns: readonly string[]): Coverage {
  const byPlain = new Map<string, string[]>();
  for (const column of columns)
    byPlain.set(plainPath(column), [...(byPlain.get(plainPath(column)) ?? []), column]);
  const seen = new Set<string>();
  const others = new Set<string>();
  const walk = (tree: Tree, path: string, covered: boolean): void => {
    if (isList(tree)) {
      for (const each of tree) walk(each, path, covered);
      return;
    }
    const isListed = path !== '' && byPlain.has(path);
    if (isListed) seen.add(path);
    if (isBranch(tree)) {
      for (const [name, member] of Object.entries(tree))
        walk(member, path === '' ? name : `${path}.${name}`, covered || isListed);
    } else if (!covered && !isListed && others.size < NAMES_KEPT) others.add(path);
  };
  return {
    see: (tree) => walk(tree, '', false),
    listed: () => [...seen].flatMap((path) => byPlain.get(path) ?? []),
    others: (most) => ({ names: [...others].sort().slice(0, most), count: others.size }),
  };
}

/** Whether a tree has more levels than that. */
export function isDeeper(tree: Tree, levels: number): boolean {
  if (typeof tree !== 'object' || tree === null) return false;
  if (levels === 0) return true;
  return (isList(tree) ? tree : Object.values(tree)).some((each) => isDeeper(each, levels - 1));
}
