import type { Clusters } from '../cluster/clusters.js';
import { agreedParts, type Pass } from '../passes/passes.js';

/** Pairs of persons that probable passes propose, the strongest first. */
export type Proposals = {
  readonly x: Int32Array;
  readonly y: Int32Array;
  /** Bits of all passes that agree. */
  readonly agreeing: Int32Array;
  /** 1 where they also agree on a token, whole first name included, that somebody else agrees on too. */
  readonly inDoubt: Int32Array;
};

/** What is known of persons beside the pairs. */
export type Surroundings = {
  /** By person: bits of the passes of the numbers that it holds. */
  readonly numbers: ReadonlyMap<number, number>;
  readonly lookalikes: ReadonlySet<number>;
};

/**
 * What became of a proposal.
 * - `linked`
 * - `refused`: something contradicts it. The persons would have two records of a duplicate-free source, or both
 *   hold a number and it is not the same.
 * - `ambiguous`: nothing contradicts it, but it might as well be somebody else.
 */
export type Verdict = 'linked' | 'refused' | 'ambiguous';

export type Question = {
  readonly proposals: Proposals;
  readonly passes: readonly Pass[];
  readonly surroundings: Surroundings;
  readonly clusters: Clusters;
};

/**
 * Decides proposals, and joins the persons of those that link: where nothing contradicts it, nobody else fits
 * as well, and it cannot well be the twin. All are judged before any is joined, so that joining some cannot make
 * others look clearer than they were.
 */
export function decideProbable(question: Question): readonly Verdict[] {
  const pairs = pairsOf(question.proposals);
  const possible = new Set(pairs.filter((pair) => !contradicted(pair, question)));
  const rivalled = rivalsAmong(possible, question);
  const clear = new Set(
    [...possible].filter((pair) => !pair.inDoubt && !rivalled(pair) && !mistakable(pair, question)),
  );
  return pairs.map((pair) => {
    if (!possible.has(pair)) return 'refused';
    if (!clear.has(pair)) return 'ambiguous';
    return joined(pair, question) ? 'linked' : 'refused';
  });
}

type Pair = {
  readonly x: number;
  readonly y: number;
  readonly agreeing: number;
  readonly inDoubt: boolean;
};

const pairsOf = ({ x, y, agreeing, inDoubt }: Proposals): Pair[] =>
  [...x].map((person, index) => ({
    x: person,
    y: y[index] ?? 0,
    agreeing: agreeing[index] ?? 0,
    inDoubt: inDoubt[index] === 1,
  }));

const contradicted = (pair: Pair, question: Question): boolean =>
  !question.clusters.fits(pair.x, pair.y) || differentNumber(pair, question);

/**
 * Whether both hold a number and it differs. Had its tokens agreed, the persons would be one already; that they do
 * not agree means another number only if everything else in the rule is known to agree.
 */
function differentNumber({ x, y, agreeing }: Pair, { passes, surroundings: { numbers } }: Question): boolean {
  const held = (numbers.get(x) ?? 0) & (numbers.get(y) ?? 0);
  if (held === 0) return false;
  const agreed = agreedParts(passes, agreeing);
  return passes.some(
    ({ bit, number, parts }) =>
      (held & bit) !== 0 && parts.every((part) => part === number || agreed.has(part)),
  );
}

const wholeFirstName = ({ agreeing }: Pair, { passes }: Question): boolean =>
  passes.some(({ bit, firstName }) => firstName === 'whole' && (agreeing & bit) !== 0);

/**
 * Might be the other twin: the whole first name does not agree, and either not both its beginning and its sound do
 * (Jayden and Jaylen, Emily and Emely), or a look-alike of one of the persons is known. Twins share all the rest, so
 * no phone, address or guardian could settle it.
 */
function mistakable(pair: Pair, question: Question): boolean {
  if (wholeFirstName(pair, question)) return false;
  const agreed = agreedParts(question.passes, pair.agreeing);
  if (!agreed.has('first.3') || !agreed.has('first.soundex')) return true;
  return [pair.x, pair.y].some((person) => question.surroundings.lookalikes.has(person));
}

/**
 * Whether one of a pair is proposed to two persons who have records in one source and so, unless the source may
 * have duplicates and the whole first name agrees, are two children.
 */
function rivalsAmong(pairs: Iterable<Pair>, question: Question): (pair: Pair) => boolean {
  const { membersOf, sourceOf, capacityOf } = question.clusters;
  const sourcesOf = (person: number) => [
    ...new Set(membersOf(person).map((record) => sourceOf[record] ?? 0)),
  ];
  const proposals = new Map<string, number>();
  const note = (person: number, other: number) => {
    for (const source of sourcesOf(other)) {
      const key = `${person} ${source}`;
      proposals.set(key, (proposals.get(key) ?? 0) + 1);
    }
  };
  for (const { x, y } of pairs) {
    note(x, y);
    note(y, x);
  }
  return (pair) => {
    const mayRepeat = wholeFirstName(pair, question);
    const rivalled = (person: number, other: number) =>
      sourcesOf(other).some(
        (source) =>
          (proposals.get(`${person} ${source}`) ?? 0) > 1 && !(mayRepeat && (capacityOf[source] ?? 1) > 1),
      );
    return rivalled(pair.x, pair.y) || rivalled(pair.y, pair.x);
  };
}

/** Joins, unless a person joined to one of them before holds a number where the other side holds one too. */
function joined({ x, y }: Pair, { clusters, surroundings: { numbers } }: Question): boolean {
  if (clusters.personOf(x) === clusters.personOf(y)) return true;
  const ofCluster = (person: number) =>
    clusters.membersOf(person).reduce((bits, member) => bits | (numbers.get(member) ?? 0), 0);
  const own = (numbers.get(x) ?? 0) & (numbers.get(y) ?? 0);
  const others = ofCluster(x) & ofCluster(y) & ~own;
  return others === 0 && clusters.join(x, y);
}
