import type { Scene } from '../people/scene.js';
import { type Lists, listAt } from '../people/values.js';
import { eachMeeting } from './observed.js';
import type { Attacker } from './propagate.js';

/** Rows that share fewer tokens than this are not taken for one child. */
const FEWEST_MEETINGS = 3;
/** The chance that an error keeps two rows of a child from sharing a token that they should. */
const SHARES = 0.8;
const NEVER = 0.003;

/**
 * An attack that knows nobody. Which passes a linked pair of rows shares depends on which of the child's values are
 * unique, and the attacker can work out from the roll how likely that is for every child: a rare pattern may point to
 * one of them.
 *
 * @returns so many rows guessed, so many of them rightly; and the same of the guesses that look sure.
 */
export function namedByPattern(attacker: Attacker, rows: Int32Array): PatternNames {
  const expected = meetingOdds(attacker);
  const names = { guessed: 0, right: 0, sure: 0, surelyRight: 0 };
  for (const row of rows) {
    const { other, columns } = closest(attacker, row);
    if (columns.size < FEWEST_MEETINGS || attacker.scene.file[other] !== 1) continue;
    const { child, posterior } = mostLikely(attacker, columns, expected);
    const right = Number(child === attacker.scene.truth[row]);
    names.guessed += 1;
    names.right += right;
    if (posterior < SURE) continue;
    names.sure += 1;
    names.surelyRight += right;
  }
  return names;
}

export type PatternNames = {
  readonly guessed: number;
  readonly right: number;
  readonly sure: number;
  readonly surelyRight: number;
};
const SURE = 0.5;

function closest({ seen }: Attacker, row: number): { other: number; columns: ReadonlySet<number> } {
  const met = new Map<number, Set<number>>();
  eachMeeting(seen, row, (other, column) => {
    met.set(other, (met.get(other) ?? new Set()).add(column));
  });
  const found = [...met].sort(([, one], [, other]) => other.size - one.size)[0];
  return { other: found?.[0] ?? -1, columns: found?.[1] ?? new Set() };
}

/** ln of the odds of sharing each column, and the sum of ln of the chances not to, child by child. */
type Odds = { readonly shared: readonly Float32Array[]; readonly nothing: Float32Array };

function meetingOdds({ scene, values, children }: Attacker): Odds {
  const nothing = new Float32Array(scene.roll);
  const elsewhere = absence(scene);
  const shared = values.of.map((lists, column) =>
    Float32Array.from({ length: scene.roll }, (_, child) => {
      const chance = Math.max(NEVER, chanceOf({ lists, children: children[column], child, elsewhere }));
      nothing[child] = (nothing[child] ?? 0) + Math.log(1 - chance);
      return Math.log(chance / (1 - chance));
    }),
  );
  return { shared, nothing };
}

/** The chance that a child of the roll is in neither of the first two files. */
const absence = ({ roll, files: [one, other] }: Scene): number =>
  (1 - (one?.child.length ?? 0) / roll) * (1 - (other?.child.length ?? 0) / roll);

type Value = {
  readonly lists: Lists;
  readonly children: Lists | undefined;
  readonly child: number;
  readonly elsewhere: number;
};

/** Both slots are real if nobody else of the two files has the value. */
function chanceOf({ lists, children, child, elsewhere }: Value): number {
  const value = listAt(lists, child)[0];
  if (value === undefined) return NEVER;
  return SHARES * elsewhere ** (listAt(children, value).length - 1);
}

function mostLikely({ scene }: Attacker, columns: ReadonlySet<number>, { shared, nothing }: Odds) {
  const [weights, most] = [new Float64Array(scene.roll), { child: -1, weight: Number.NEGATIVE_INFINITY }];
  for (let child = 0; child < scene.roll; child += 1) {
    let weight = nothing[child] ?? 0;
    for (const column of columns) weight += shared[column]?.[child] ?? 0;
    weights[child] = weight;
    if (weight > most.weight) Object.assign(most, { child, weight });
  }
  const total = weights.reduce((sum, weight) => sum + Math.exp(weight - most.weight), 0);
  return { child: most.child, posterior: 1 / total };
}
