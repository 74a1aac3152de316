/**
 * How many records a person has that belonged to an earlier person. Earlier persons are named by the number under
 * which they were issued: 1, 2, 3 …
 */
export type Claims = {
  readonly person: Int32Array;
  readonly earlier: Int32Array;
  readonly records: Int32Array;
};

export type Heritage = {
  /** Every person of tonight, in the order of its first record. */
  readonly persons: Int32Array;
  readonly claims: Claims;
  /** Who was a person last night. */
  readonly living: Int32Array;
  /** Who was a person last night, and a record of theirs is withdrawn tonight. */
  readonly withdrawn: Int32Array;
  /** How many persons were ever issued. */
  readonly issued: number;
};

/**
 * An event of the index. `new`: a person issued; `split`: a person that lives on has lost records to another;
 * `merged`: a person ends, its records are another's; `retired`: a person ends, no record of it is left, be it that
 * its family has withdrawn one.
 */
export type Change = {
  readonly change: 'new' | 'split' | 'merged' | 'retired';
  readonly reason: 'first-seen' | 'parted' | 'records-parted' | 'records-joined' | 'no-records' | 'withdrawn';
  readonly number: number;
  readonly other: number | undefined;
};

export type Succession = {
  /** The number of each of `persons`. */
  readonly numbers: Int32Array;
  readonly issued: number;
  readonly changes: readonly Change[];
};

/**
 * Gives every person of tonight a number. It keeps that of the earlier person from whom it has most records; where
 * several ask for one, the one with the most records has it; ties go to the person issued earliest, then to the
 * one whose first record comes first. Nobody else's number is ever given again: the others get the next ones.
 *
 * Every record whose person's number changes is covered by a change that names both numbers.
 */
export function succeed({ persons, claims, living, withdrawn, issued }: Heritage): Succession {
  const { numberOf, heirs } = granted(claims);
  const unnumbered = persons.filter((person) => !numberOf.has(person));
  for (const [index, person] of unnumbered.entries()) numberOf.set(person, issued + index + 1);
  return {
    numbers: persons.map((person) => numberOf.get(person) ?? 0),
    issued: issued + unnumbered.length,
    changes: [
      ...newcomers(unnumbered, claims, issued),
      ...departures({ claims, living, withdrawn, numberOf, heirs }),
    ],
  };
}

type Claim = { readonly person: number; readonly earlier: number; readonly records: number };

const claimsOf = ({ person, earlier, records }: Claims): Claim[] =>
  [...person].map((each, index) => ({
    person: each,
    earlier: earlier[index] ?? 0,
    records: records[index] ?? 0,
  }));

const strongestFirst = (one: Claim, other: Claim): number =>
  other.records - one.records || one.earlier - other.earlier || one.person - other.person;

function granted(claims: Claims) {
  const numberOf = new Map<number, number>();
  const heirs = new Set<number>();
  for (const { person, earlier } of claimsOf(claims).sort(strongestFirst)) {
    if (numberOf.has(person) || heirs.has(earlier)) continue;
    numberOf.set(person, earlier);
    heirs.add(earlier);
  }
  return { numberOf, heirs };
}

/** One change for each number issued tonight, in their order, with the earlier person it has most records from. */
function newcomers(unnumbered: Int32Array, claims: Claims, issued: number): Change[] {
  const partedFrom = new Map<number, number>();
  for (const { person, earlier } of claimsOf(claims).sort(strongestFirst)) {
    if (!partedFrom.has(person)) partedFrom.set(person, earlier);
  }
  return [...unnumbered].map((person, index): Change => {
    const other = partedFrom.get(person);
    const reason = other === undefined ? 'first-seen' : 'parted';
    return { change: 'new', reason, number: issued + index + 1, other };
  });
}

type Departing = {
  readonly claims: Claims;
  readonly living: Int32Array;
  readonly withdrawn: Int32Array;
  readonly numberOf: ReadonlyMap<number, number>;
  readonly heirs: ReadonlySet<number>;
};

function departures({ claims, living, withdrawn, numberOf, heirs }: Departing): Change[] {
  const moved = claimsOf(claims).flatMap(({ person, earlier }): Change[] => {
    const other = numberOf.get(person);
    if (other === earlier) return [];
    return heirs.has(earlier)
      ? [{ change: 'split', reason: 'records-parted', number: earlier, other }]
      : [{ change: 'merged', reason: 'records-joined', number: earlier, other }];
  });
  const [claimed, wished] = [new Set(claims.earlier), new Set(withdrawn)];
  const retired = [...living]
    .filter((number) => !claimed.has(number))
    .map((number): Change => {
      const reason = wished.has(number) ? 'withdrawn' : 'no-records';
      return { change: 'retired', reason, number, other: undefined };
    });
  return [...moved, ...retired].sort(
    (one, other) => one.number - other.number || (one.other ?? 0) - (other.other ?? 0),
  );
}
