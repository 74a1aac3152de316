import type { SealingPass, SlotPart } from '@throughline/agreement';
import { type Identifiers, partOf } from '../tok1/parts.js';
import { type Composition, compositions } from './compositions.js';
import { bitSet, DRAWS, type Survivors, sequence, setBit, survivors } from './error-model.js';

export type PassLimits = {
  /** The share of a pass's values that must belong to one person alone, in every file; 0..1. */
  readonly unique: number;
  readonly most: number;
};

/** One file: its rows, and the local person of each. */
export type PassFile = { readonly rows: readonly Identifiers[]; readonly persons: readonly number[] };

/** What a pass that is chosen again for a draw is still worth there: it may fail for reasons that nobody drew. */
const AGAIN = 0.25;
/** A pass that finds fewer of the draws than this adds nothing. */
const LEAST_GAIN = 1e-4;
/** A pass is looked at closely if independence of its parts makes it nearly unique enough. */
const DOUBT = 0.25;
/** A pass so unique makes every longer one useless that contains it. */
const ALL_BUT_UNIQUE = 0.98;
const RARE = 0.1;

/**
 * Chooses passes for the fields that files have: greedily, each next one the pass that finds most of the draws of
 * the error model that those before it do not find. Only passes whose values are near-unique in every file are
 * taken, so that what is chosen can be sealed. Equal files give equal passes.
 *
 * The coverage is submodular, so the greedy choice is within 1 - 1/e of the best (Nemhauser, Wolsey and Fisher 1978).
 */
export function choosePasses(files: readonly PassFile[], { unique, most }: PassLimits): SealingPass[] {
  const profiles = files.map(({ rows }) => profileOf(rows));
  const worth = new Float64Array(DRAWS).fill(1);
  const queue = weighed(shortest(judged(profiles, files, unique)), profiles).map((each) => ({
    ...each,
    gain: gainOf(each.bits, worth),
  }));
  queue.sort(byGain);
  const chosen: SealingPass[] = [];
  while (chosen.length < most) {
    const best = nextBest(queue, worth);
    if (best === undefined || best.gain < LEAST_GAIN * DRAWS) break;
    if (uniqueShare(best.parts, files) < unique) continue;
    for (const draw of drawsOf(best.bits)) worth[draw] = (worth[draw] ?? 0) * AGAIN;
    chosen.push({ name: nameOf(best.parts), parts: [...best.parts] });
  }
  return chosen;
}

/** `first.3` + `birth_date` -> `first3_birth_date`; a name of its own, of letters that a pass name may have. */
const nameOf = (parts: readonly SlotPart[]): string =>
  parts.map((part) => part.replaceAll('.', '').replaceAll('birth_date', 'dob')).join('_');

type Profile = ReadonlyMap<SlotPart, { readonly present: number; readonly collide: number }>;

/** How often a part is there, and how often two rows agree on it. */
function profileOf(rows: readonly Identifiers[]): Profile {
  const profile = new Map<SlotPart, { present: number; collide: number }>();
  for (const part of compositions.parts) {
    const counts = new Map<string, number>();
    let present = 0;
    for (const row of rows) {
      const value = textOf([part], row);
      if (value === undefined) continue;
      present += 1;
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const collide = [...counts.values()].reduce((sum, count) => sum + (count / present) ** 2, 0);
    profile.set(part, { present: present / Math.max(1, rows.length), collide: present === 0 ? 1 : collide });
  }
  return profile;
}

function textOf(parts: readonly SlotPart[], row: Identifiers): string | undefined {
  const values: string[] = [];
  for (const part of parts) {
    const value = partOf(part, row)[0];
    if (value === undefined) return undefined;
    values.push(...value);
  }
  return JSON.stringify(values);
}

type Judged = Composition & { readonly uniqueShare: number };

/** Compositions of parts that all files have, with the unique share that independent parts would give. */
function judged(profiles: readonly Profile[], files: readonly PassFile[], unique: number): Judged[] {
  const usable = (part: SlotPart) =>
    profiles.every((profile) => (profile.get(part)?.present ?? 0) >= RARE * 2);
  return compositions.all(usable).flatMap((composition): Judged[] => {
    let share = 1;
    for (const [file, profile] of profiles.entries()) {
      let rivals = files[file]?.rows.length ?? 0;
      for (const part of composition.parts) {
        const { present = 0, collide = 1 } = profile.get(part) ?? {};
        rivals *= present * collide;
      }
      share = Math.min(share, Math.exp(-rivals));
    }
    return share < unique - DOUBT ? [] : [{ ...composition, uniqueShare: share }];
  });
}

/** Leaves out what a shorter, all but unique composition finds too. */
function shortest(all: readonly Judged[]): Judged[] {
  const sufficient: Judged[] = [];
  const kept: Judged[] = [];
  for (const each of all.toSorted((one, other) => one.parts.length - other.parts.length)) {
    if (sufficient.some((shorter) => compositions.implies(each, shorter))) continue;
    kept.push(each);
    if (each.uniqueShare >= ALL_BUT_UNIQUE) sufficient.push(each);
  }
  return kept;
}

type Weighed = Judged & { readonly bits: Survivors };

/** In which draws a composition finds the pair: its parts have survived, are there, and single it out. */
function weighed(all: readonly Judged[], profiles: readonly Profile[]): Weighed[] {
  const whole = survivors();
  const next = sequence(7);
  const there = new Map<SlotPart, Uint32Array>();
  for (const part of compositions.parts) {
    const present = Math.min(...profiles.map((profile) => profile.get(part)?.present ?? 0));
    const bits = bitSet();
    for (let draw = 0; draw < DRAWS; draw += 1) if (next() < present) setBit(bits, draw);
    there.set(part, bits);
  }
  return all.map((each) => {
    const bits = bitSet().fill(0xffffffff);
    for (const part of each.parts) {
      const [survived, present] = [whole.get(part), there.get(part)];
      for (let word = 0; word < bits.length; word += 1) {
        bits[word] = (bits[word] ?? 0) & (survived?.[word] ?? 0) & (present?.[word] ?? 0);
      }
    }
    return { ...each, bits };
  });
}

type Queued = Weighed & { gain: number };

const byGain = (one: Queued, other: Queued): number =>
  other.gain - one.gain ||
  other.uniqueShare - one.uniqueShare ||
  (nameOf(one.parts) < nameOf(other.parts) ? -1 : 1);

/** Takes the best from a queue ordered by gains that may have shrunk since (Minoux 1978). */
function nextBest(queue: Queued[], worth: Float64Array): Queued | undefined {
  for (;;) {
    const best = queue.shift();
    if (best === undefined) return undefined;
    best.gain = gainOf(best.bits, worth);
    const place = queue.findIndex((other) => byGain(best, other) <= 0);
    if (place === 0 || queue.length === 0) return best;
    queue.splice(place < 0 ? queue.length : place, 0, best);
  }
}

function gainOf(bits: Survivors, worth: Float64Array): number {
  let gain = 0;
  for (const draw of drawsOf(bits)) gain += worth[draw] ?? 0;
  return gain;
}

function drawsOf(bits: Survivors): number[] {
  const draws: number[] = [];
  for (const [word, of] of bits.entries()) {
    for (let rest = of; rest !== 0; rest &= rest - 1) draws.push(word * 32 + 31 - Math.clz32(rest & -rest));
  }
  return draws;
}

/** The lowest share, over the files, of a pass's values that one person alone has. */
function uniqueShare(parts: readonly SlotPart[], files: readonly PassFile[]): number {
  return Math.min(
    ...files.map(({ rows, persons }) => {
      const holders = new Map<string, number | null>();
      for (const [index, row] of rows.entries()) {
        const value = textOf(parts, row);
        const person = persons[index] ?? index;
        if (value === undefined) continue;
        holders.set(value, !holders.has(value) || holders.get(value) === person ? person : null);
      }
      const unique = [...holders.values()].filter((person) => person !== null).length;
      return holders.size === 0 ? 0 : unique / holders.size;
    }),
  );
}
