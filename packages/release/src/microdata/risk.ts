import { ANY } from './hierarchies.js';

type Keys = readonly (string | null)[];

const isMissing = (value: string | null | undefined): boolean =>
  value === null || value === undefined || value === ANY;

/** Rows counted by what they look like. */
const looksOf = (
  rows: readonly Keys[],
): ReadonlyMap<string, { readonly keys: Keys; readonly at: number[] }> => {
  const looks = new Map<string, { keys: Keys; at: number[] }>();
  for (const [at, keys] of rows.entries()) {
    const key = JSON.stringify(keys);
    const look = looks.get(key);
    if (look === undefined) looks.set(key, { keys, at: [at] });
    else look.at.push(at);
  }
  return looks;
};

type Look = { readonly keys: Keys; readonly at: readonly number[] };

/** Looks of one pattern of missing keys, found by the keys that another pattern has as well. */
function matcher(looks: readonly Look[]): (keys: Keys) => readonly Look[] {
  const presentIn = (keys: Keys): readonly number[] =>
    keys.flatMap((value, at) => (isMissing(value) ? [] : [at]));
  const patterns = new Map<string, { present: readonly number[]; looks: Look[] }>();
  for (const look of looks) {
    const present = presentIn(look.keys);
    const pattern = patterns.get(present.join());
    if (pattern === undefined) patterns.set(present.join(), { present, looks: [look] });
    else pattern.looks.push(look);
  }
  const indexes = new Map<string, ReadonlyMap<string, readonly Look[]>>();
  const indexOf = (
    pattern: { present: readonly number[]; looks: readonly Look[] },
    shared: readonly number[],
  ) => {
    const name = `${pattern.present.join()} ${shared.join()}`;
    const known = indexes.get(name);
    if (known !== undefined) return known;
    const index = new Map<string, Look[]>();
    for (const look of pattern.looks) {
      const key = JSON.stringify(shared.map((at) => look.keys[at]));
      const members = index.get(key);
      if (members === undefined) index.set(key, [look]);
      else members.push(look);
    }
    indexes.set(name, index);
    return index;
  };
  return (keys) =>
    [...patterns.values()].flatMap((pattern) => {
      const shared = pattern.present.filter((at) => !isMissing(keys[at]));
      return indexOf(pattern, shared).get(JSON.stringify(shared.map((at) => keys[at]))) ?? [];
    });
}

/** For each row, something of all looks that it could be of, where a missing key matches anything. */
function overMatches(
  rows: readonly Keys[],
  among: readonly Keys[],
  of: (matches: readonly Look[]) => number,
): readonly number[] {
  const matches = matcher([...looksOf(among).values()]);
  const found = new Array<number>(rows.length).fill(0);
  for (const { keys, at } of looksOf(rows).values()) {
    const number = of(matches(keys));
    for (const place of at) found[place] = number;
  }
  return found;
}

const people = (looks: readonly Look[]): number => looks.reduce((sum, { at }) => sum + at.length, 0);

/** Of each row, how many rows it could be of, where a missing key matches anything (sdcMicro's freqCalc). */
export const frequencies = (rows: readonly Keys[]): readonly number[] => overMatches(rows, rows, people);

/** Of each row, how many different sensitive values are among the rows that it could be of (distinct l-diversity). */
export const diversities = (rows: readonly Keys[], sensitive: readonly string[]): readonly number[] =>
  overMatches(
    rows,
    rows,
    (looks) => new Set(looks.flatMap(({ at }) => at.map((place) => sensitive[place]))).size,
  );

/** Of each row, how many people of a population it could be of (k-map). */
export const populationFrequencies = (
  rows: readonly Keys[],
  population: readonly Keys[],
): readonly number[] => overMatches(rows, population, people);

/** The mean over all rows of one over its class: what a prosecutor's guess would be worth. */
export const averageRisk = (found: readonly number[]): number =>
  found.length === 0 ? 0 : found.reduce((sum, frequency) => sum + 1 / frequency, 0) / found.length;
