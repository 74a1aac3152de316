import type { Scene } from '../people/scene.js';
import { inverted, type Lists, listAt, type NumberedValues } from '../people/values.js';
import type { Likelihood } from './likelihood.js';
import { eachMeeting, type Observed } from './observed.js';

/** An attacker without a key: every file, the public rules, a roll of everybody, and some rows that it knows. */
export type Attacker = {
  readonly scene: Scene;
  readonly seen: Observed;
  /** Of each column, by row of the scene. */
  readonly values: NumberedValues;
  /** Column -> value -> children of the roll who have it. */
  readonly children: readonly Lists[];
  /** null where rows cannot be compared. */
  readonly likelihood: Likelihood | null;
};

export const childrenByValue = ({ of, sizes }: NumberedValues, roll: number): Lists[] =>
  of.map((lists, column) => inverted(lists, sizes[column] ?? 0, roll));

export const UNNAMED = -1;
/** A name this likely is taken for true and used to find others. */
const BELIEVED = 0.5;
/** ln of: a value of the row is not the child's own, by an error; two rows that should share a token do not. */
const VALUE_BY_ERROR = Math.log(0.03);
const MEETING_MISSED = Math.log(0.3);
/** Of a value that more children have than this nothing is learned in time. */
const MOST_CANDIDATES = 2_000;

/**
 * Names rows, starting from known ones. A row that shares a token with a named row has that row's value: its child is
 * among those who have it, and the comparison inside the block tells which of them. What is found so is used to find
 * more, until nothing changes. Of a known row the identifiers are known as delivered, of others as the roll has them.
 *
 * @returns the child each row of the files is taken for, or `UNNAMED`.
 */
export function propagate(attacker: Attacker, known: Int32Array): Int32Array {
  const { seen, scene } = attacker;
  const guess = new Int32Array(seen.rows).fill(UNNAMED);
  const state = { as: new Int32Array(seen.rows).fill(UNNAMED), taken: new Set<number>() };
  const queue: number[] = [];
  const name = (row: number, child: number, as: number) => {
    guess[row] = child;
    state.as[row] = as;
    state.taken.add(placeOf(seen, row, child));
    eachMeeting(seen, row, (other) => {
      if (state.as[other] === UNNAMED) queue.push(other);
    });
  };
  for (const row of known) name(row, scene.truth[row] ?? UNNAMED, scene.roll + row);
  for (let row = queue.pop(); row !== undefined; row = queue.pop()) {
    if (state.as[row] !== UNNAMED) continue;
    const best = bestCandidate(attacker, row, state);
    if (best === undefined) continue;
    guess[row] = best.child;
    if (best.posterior >= BELIEVED) name(row, best.child, best.child);
  }
  return guess;
}

/** `as`: the row of the scene whose identifiers a named row is taken to have. */
type State = { readonly as: Int32Array; readonly taken: ReadonlySet<number> };

/** A child has one row in a file. */
const placeOf = ({ file }: Observed, row: number, child: number): number => child * 256 + (file[row] ?? 0);

function bestCandidate(attacker: Attacker, row: number, { as, taken }: State) {
  const meetings = namedMeetings(attacker, row, as);
  let [best, total] = [{ child: UNNAMED, weight: Number.NEGATIVE_INFINITY }, 0];
  for (const child of candidatesOf(attacker, meetings)) {
    if (taken.has(placeOf(attacker.seen, row, child))) continue;
    const weight = weightOf(attacker, row, { child, meetings });
    if (weight > best.weight) {
      total = total * Math.exp(best.weight - weight) + 1;
      best = { child, weight };
    } else total += Math.exp(weight - best.weight);
  }
  return best.child === UNNAMED ? undefined : { child: best.child, posterior: 1 / total };
}

/** A named row that shares tokens with the row in question, and in which columns. */
type NamedMeeting = { readonly other: number; readonly as: number; readonly columns: number[] };

function namedMeetings({ seen }: Attacker, row: number, as: Int32Array): NamedMeeting[] {
  const found = new Map<number, NamedMeeting>();
  eachMeeting(seen, row, (other, column) => {
    const named = as[other] ?? UNNAMED;
    if (named === UNNAMED) return;
    const meeting = found.get(other);
    if (meeting === undefined) found.set(other, { other, as: named, columns: [column] });
    else meeting.columns.push(column);
  });
  return [...found.values()];
}

/** Children who have a value that the row was seen to share. */
function candidatesOf({ values, children }: Attacker, meetings: readonly NamedMeeting[]): Set<number> {
  const found = new Set<number>();
  for (const { as, columns } of meetings) {
    for (const column of columns) {
      for (const value of listAt(values.of[column], as)) {
        const holders = listAt(children[column], value);
        if (holders.length <= MOST_CANDIDATES) for (const child of holders) found.add(child);
      }
    }
  }
  return found;
}

function weightOf(
  attacker: Attacker,
  row: number,
  supposed: { child: number; meetings: readonly NamedMeeting[] },
) {
  const { scene, seen, values, likelihood } = attacker;
  const { child } = supposed;
  let weight = 0;
  for (const { other, as, columns } of supposed.meetings) {
    for (const [column, lists] of values.of.entries()) {
      const shares = sharesItem(listAt(lists, child), listAt(lists, as));
      if (columns.includes(column)) weight += shares ? 0 : VALUE_BY_ERROR;
      else if (shares) weight += MEETING_MISSED;
    }
    const [one, two] = [scene.all[child], scene.all[as]];
    if (likelihood === null || seen.compare === null || one === undefined || two === undefined) continue;
    weight += likelihood(seen.compare(columns[0] ?? 0, row, other), one, two);
  }
  return weight;
}

const sharesItem = (one: Int32Array, other: Int32Array): boolean => {
  for (const item of one) if (other.includes(item)) return true;
  return false;
};
