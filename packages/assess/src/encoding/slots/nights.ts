import { type TakenValues, valuesTaken } from '@throughline/tokenize';
import { type Chance, drawWithout } from '../people/chance.js';
import type { Scene } from '../people/scene.js';
import { type Lists, listAt } from '../people/values.js';

/** One file through the nights of an epoch, with a fake registration of somebody in it every night. */
export type Nights = { readonly nights: number; readonly newcomers: number; readonly chance: Chance };

export type Flips = {
  readonly nights: number;
  /** Old rows whose slots changed although nothing about them did. */
  readonly changed: number;
  /** Fakes whose target's row gave itself away by changing, as the row that changed most. */
  readonly found: number;
};

type Night = { readonly real: readonly Uint8Array[]; readonly taken: readonly TakenValues[] };

/**
 * Runs an epoch: the file grows night by night, and every night somebody registers a child a second time, with the
 * same identifiers, to see whose slots change. With the ledger none may; without it the target's do.
 *
 * @param keep whether what was taken stays taken: the control does without.
 */
export function epochOf(
  scene: Scene,
  values: readonly Lists[],
  { nights, newcomers, chance, keep }: Nights & { keep: boolean },
): Flips {
  const rows = scene.files[0]?.rows.length ?? 0;
  const start = Math.max(1, rows - nights * newcomers);
  const delivered = Array.from({ length: start }, (_, row) => scene.roll + row);
  let last = decide(delivered, values, []);
  let [changed, found] = [0, 0];
  const targets = drawWithout(chance, start, Math.min(start, nights));
  for (const [night, target] of targets.entries()) {
    const old = delivered.length;
    for (let next = 0; next < newcomers; next += 1)
      delivered.push(scene.roll + start + night * newcomers + next);
    delivered.push(delivered[target] ?? 0);
    const now = decide(delivered, values, keep ? last.taken : []);
    const flips = flipsOf(last, now, old);
    changed += flips.filter((count) => count > 0).length;
    if (mostIn(flips) === target) found += 1;
    last = now;
  }
  return { nights, changed, found };
}

/** Which slots of which row are real, pass by pass, and what is taken after this. */
function decide(rows: readonly number[], values: readonly Lists[], before: readonly TakenValues[]): Night {
  const records = rows.map((_, at) => String(at).padStart(9, '0'));
  const persons = rows.map((_, at) => at);
  const held = values.map((lists) => rows.map((row) => textOf(listAt(lists, row)[0])));
  const taken = held.map((each, pass) =>
    valuesTaken({ values: each, records, persons }, before[pass] ?? new Map()),
  );
  const real = held.map((each, pass) =>
    Uint8Array.from(each, (value, at) => Number(value !== null && taken[pass]?.get(value) === records[at])),
  );
  return { real, taken };
}

const textOf = (value: number | undefined): string | null => (value === undefined ? null : String(value));

const flipsOf = (before: Night, after: Night, rows: number): number[] =>
  Array.from({ length: rows }, (_, row) =>
    before.real.reduce((sum, real, pass) => sum + Number(real[row] !== after.real[pass]?.[row]), 0),
  );

/** The row that changed most, or -1 if none did. */
const mostIn = (flips: readonly number[]): number =>
  flips.reduce((most, count, row) => (count > (flips[most] ?? 0) ? row : most), -1);

/** Fakes in the first file of children who are in the second: whether a slot of the fake meets the child's there. */
export type Planted = {
  readonly inBoth: { readonly fakes: number; readonly found: number };
  readonly inSecond: { readonly fakes: number; readonly found: number };
};

export function plantedFakes(scene: Scene, values: readonly Lists[], drawn: Int32Array): Planted {
  const [one, other] = scene.files;
  const first = new Set(one?.child ?? []);
  const second = scene.roll + (one?.rows.length ?? 0);
  const taken = values.map((lists) => countedValues(lists, scene.roll, second));
  const there = values.map((lists) => countedValues(lists, second, second + (other?.rows.length ?? 0)));
  const outcome = { inBoth: { fakes: 0, found: 0 }, inSecond: { fakes: 0, found: 0 } };
  for (const row of drawn) {
    const child = other?.child[row] ?? 0;
    const kind = first.has(child) ? outcome.inBoth : outcome.inSecond;
    kind.fakes += 1;
    const meets = values.some((lists, pass) => {
      const value = listAt(lists, child)[0] ?? -1;
      const real = value >= 0 && taken[pass]?.get(value) === undefined;
      return real && there[pass]?.get(value) === 1 && listAt(lists, second + row)[0] === value;
    });
    if (meets) kind.found += 1;
  }
  return outcome;
}

function countedValues(lists: Lists, from: number, until: number): Map<number, number> {
  const counted = new Map<number, number>();
  for (let row = from; row < until; row += 1) {
    const value = listAt(lists, row)[0];
    if (value !== undefined) counted.set(value, (counted.get(value) ?? 0) + 1);
  }
  return counted;
}
