/** A cell of a frozen release, as far as a comparison needs it. */
export type FrozenCell = {
  readonly measure: string;
  readonly table: string;
  readonly level1: string | null;
  readonly level2: string | null;
  readonly published: boolean;
  readonly yes: number | null;
  readonly ratePercent: string | null;
};

/** What a release says of a measure: its name, and what must be equal for two numbers to be about one thing. */
export type FrozenDefinition = {
  readonly name: string;
  readonly version: number;
  readonly population: string;
  /** What is read, as `<partner> <payload table>`. */
  readonly sources?: readonly string[] | undefined;
};

export type FrozenRelease = {
  readonly cells: readonly FrozenCell[];
  readonly definitions: readonly FrozenDefinition[];
};

/** Why there is no number. */
export const reasons = [
  'new in the later release',
  'source missing',
  'definition changed',
  'source changed',
  'suppressed',
  'rounded',
] as const;
export type Reason = (typeof reasons)[number];

export type Change = {
  readonly table: string;
  readonly level1: string | null;
  readonly level2: string | null;
  readonly earlier: string | null;
  readonly later: string | null;
  /** Percentage points. */
  readonly points: number | null;
  /** More children, or fewer. */
  readonly children: number | null;
  readonly reason: Reason | null;
};

/**
 * The change of every cell of two frozen releases: a number where both mean the same and were published, else the
 * reason why there is none. Never worked out from anything but what both releases printed.
 */
export function compareReleases(later: FrozenRelease, earlier: FrozenRelease): Change[] {
  const before = new Map(earlier.cells.map((cell) => [keyOf(cell), cell]));
  const after = new Map(later.cells.map((cell) => [keyOf(cell), cell]));
  return [...new Set([...after.keys(), ...before.keys()])].sort().flatMap((key) => {
    const pair = { earlier: before.get(key), later: after.get(key) };
    const place = pair.later ?? pair.earlier;
    return place === undefined ? [] : [changeOf(place, pair, { later, earlier })];
  });
}

const keyOf = ({ table, level1, level2 }: FrozenCell): string => JSON.stringify([table, level1, level2]);

type Pair = { readonly earlier: FrozenCell | undefined; readonly later: FrozenCell | undefined };
type Releases = { readonly earlier: FrozenRelease; readonly later: FrozenRelease };

function changeOf(place: FrozenCell, pair: Pair, releases: Releases): Change {
  const reason = reasonOf(place, pair, releases);
  const { earlier, later } = pair;
  return {
    table: place.table,
    level1: place.level1,
    level2: place.level2,
    earlier: earlier?.ratePercent ?? null,
    later: later?.ratePercent ?? null,
    points: reason === null ? difference(later?.ratePercent, earlier?.ratePercent) : null,
    children: reason === null ? (later?.yes ?? 0) - (earlier?.yes ?? 0) : null,
    reason,
  };
}

function reasonOf({ measure }: FrozenCell, { earlier, later }: Pair, releases: Releases): Reason | null {
  if (later === undefined) return 'source missing';
  if (earlier === undefined) return 'new in the later release';
  if (meaningOf(releases.later, measure) !== meaningOf(releases.earlier, measure))
    return 'definition changed';
  if (sourcesOf(releases.later, measure) !== sourcesOf(releases.earlier, measure)) return 'source changed';
  if (!later.published || !earlier.published) return 'suppressed';
  return difference(later.ratePercent, earlier.ratePercent) === null ? 'rounded' : null;
}

const meaningOf = ({ definitions }: FrozenRelease, measure: string): string => {
  const found = definitions.find(({ name }) => name === measure);
  return JSON.stringify(found === undefined ? null : [found.version, found.population]);
};

const sourcesOf = ({ definitions }: FrozenRelease, measure: string): string =>
  JSON.stringify(definitions.find(({ name }) => name === measure)?.sources ?? []);

/** Null where either is no number, such as `<1`. */
function difference(later: string | null | undefined, earlier: string | null | undefined): number | null {
  const [to, from] = [Number(later ?? Number.NaN), Number(earlier ?? Number.NaN)];
  return Number.isNaN(to) || Number.isNaN(from) ? null : Math.round(10 * (to - from)) / 10;
}
