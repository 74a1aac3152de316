import { listAt } from '../people/values.js';
import { eachMeeting } from './observed.js';
import type { Attacker } from './propagate.js';

/** What the slots of known children tell of others: who is not in the file, and who is in one of the two. */
export type Presence = {
  readonly absent: { readonly told: number; readonly right: number };
  readonly present: { readonly told: number; readonly right: number };
};

/** A value that more children share tells nothing of any of them. */
const MOST_SHARING = 3;
const SAME_CHILD = 3;

/**
 * A slot that meets another is real, so nobody else of its file has the value. A slot that does not meet its own
 * child's in another file, although the others do, was suppressed in one of the two: somebody else there has the value.
 */
export function presenceTold(attacker: Attacker, known: Int32Array): Presence {
  const { scene, values, children } = attacker;
  const inFiles = scene.files.map(({ child }) => new Set(child));
  const [absent, present] = [new Set<number>(), new Set<number>()];
  for (const row of known) {
    const child = scene.truth[row] ?? -1;
    const { met, own } = meetingsOf(attacker, row);
    for (const [column, lists] of values.of.entries()) {
      const value = listAt(lists, scene.roll + row)[0];
      const sharing =
        value === undefined ? [] : [...listAt(children[column], value)].filter((each) => each !== child);
      if (sharing.length === 0 || sharing.length > MOST_SHARING) continue;
      if (met.has(column)) for (const each of sharing) absent.add(each);
      else if (own.size >= SAME_CHILD && sharing.length === 1) for (const each of sharing) present.add(each);
    }
  }
  const rightly = (told: ReadonlySet<number>, is: (child: number) => boolean) => ({
    told: told.size,
    right: [...told].filter(is).length,
  });
  return {
    absent: rightly(absent, (child) => inFiles[0]?.has(child) === false),
    present: rightly(present, (child) => inFiles.some((file) => file.has(child))),
  };
}

/** Columns in which a row meets any other, and those in which it meets the one it meets most. */
function meetingsOf({ seen }: Attacker, row: number) {
  const met = new Map<number, Set<number>>();
  eachMeeting(
    seen,
    row,
    (other, column) => void met.set(other, (met.get(other) ?? new Set<number>()).add(column)),
  );
  const own = [...met.values()].reduce(
    (most, each) => (each.size > most.size ? each : most),
    new Set<number>(),
  );
  return { met: new Set([...met.values()].flatMap((each) => [...each])), own };
}
