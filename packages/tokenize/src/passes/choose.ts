import type { SealingPass, SlotPart } from '@throughline/agreement';
import { type CodedFile, codedFile, type PassFile } from './coded.js';
import { type Bits, type Composition, compositions, within } from './compositions.js';
import { bitSet, DRAWS, type Survivors, survivors } from './error-model.js';
import { presence } from './presence.js';

export type PassLimits = {
  /** The share of a pass's values that must belong to one person alone, in every file; 0..1. */
  readonly unique: number;
  readonly most: number;
  /** How often a record may meet other persons in all passes together; without it, as often as passes make it. */
  readonly meetings?: number;
};

export type ChosenPass = SealingPass & {
  /** The lowest of all files. */
  readonly uniqueShare: number;
  /** How many persons of other files a record is expected to meet by this pass, who are somebody else. */
  readonly meetings: number;
};

/** What a pass that is chosen again for a draw is still worth there: it may fail for reasons that nobody drew. */
const AGAIN = 0.1;
/** A pass that finds fewer of the draws than this adds nothing. */
const LEAST_GAIN = 1e-4;
/** A pass is looked at closely if independence of its parts makes it nearly unique enough. */
const DOUBT = 0.25;
const RARE = 0.1;
/** A pass so unique, and of so small a part of the meetings that one pass may take, needs no further part. */
const ALL_BUT_UNIQUE = 0.98;
const NEXT_TO_FREE = 1;
/** How dearly meetings are paid for against the number of passes; all are tried, since neither limit is known to bind. */
const FRUGALITIES = [0.1, 1, 10];

/**
 * Chooses passes for the fields that files have: greedily, each next one the pass that finds most of the draws of
 * the error model that those before it do not find, for its share of the meetings and of the number of passes that
 * are allowed. Only passes whose values are near-unique in every file are taken, so that what is chosen can be
 * sealed. Equal files give equal passes.
 *
 * Coverage is submodular, and gain for cost is the usual greedy rule under a budget (Khuller, Moss and Naor 1999).
 */
export function choosePasses(files: readonly PassFile[], limits: PassLimits): ChosenPass[] {
  const coded = files.map((file) => codedFile(file, compositions.parts));
  const all = weighed(judged(coded, limits), coded);
  const measure = remembered(coded);
  const frugalities = limits.meetings === undefined ? [0] : FRUGALITIES;
  const choices = frugalities.map((frugality) => chosenBy(all, { ...limits, frugality, measure }));
  const best = choices.reduce((one, other) => (other.missed < one.missed ? other : one));
  return best.chosen.map(({ parts, uniqueShare, meetings }) => ({
    name: nameOf(parts),
    parts: [...parts],
    uniqueShare,
    meetings,
  }));
}

type Choosing = PassLimits & { readonly frugality: number; readonly measure: (of: Composition) => Measured };

function chosenBy(all: readonly Weighed[], choosing: Choosing) {
  const worth = new Float64Array(DRAWS).fill(1);
  const queue = queued(all, worth, choosing);
  const chosen: Queued[] = [];
  let left = choosing.meetings ?? Number.POSITIVE_INFINITY;
  while (chosen.length < choosing.most) {
    const best = nextBest(queue, worth, { ...choosing, left });
    if (best === undefined) break;
    left -= best.meetings;
    forEachDraw(best.bits, (draw) => {
      worth[draw] = (worth[draw] ?? 0) * AGAIN;
    });
    chosen.push(best);
  }
  return { chosen, missed: worth.reduce((sum, each) => sum + each, 0) };
}

/** `first.3` + `birth_date` -> `first3_birth_date`; a name of its own, of letters that a pass name may have. */
const nameOf = (parts: readonly SlotPart[]): string =>
  parts.map((part) => part.replaceAll('.', '').replaceAll('birth_date', 'dob')).join('_');

type Judged = Composition & { readonly uniqueShare: number; readonly meetings: number };

/**
 * Compositions of parts that all files have, with what a sample and independence of the parts let expect of them, the
 * shortest first. A longer one is left out where a shorter one that it tells is unique already and next to free.
 */
function judged(files: readonly CodedFile[], { unique, most, meetings: allowed }: PassLimits): Judged[] {
  const usable = (part: SlotPart) => files.every((file) => file.profileOf(part).present >= RARE * 2);
  const free = allowed === undefined ? Number.POSITIVE_INFINITY : (NEXT_TO_FREE * allowed) / most;
  const kept: Judged[] = [];
  const sufficient: Bits[] = [];
  for (const composition of compositions
    .all(usable)
    .sort((one, other) => one.parts.length - other.parts.length)) {
    const { told, own } = compositions.bitsOf(composition);
    if (sufficient.some((shorter) => within(shorter, told))) continue;
    const each = { ...composition, ...expected(composition, files) };
    if (each.uniqueShare < unique - DOUBT) continue;
    kept.push(each);
    if (each.uniqueShare >= ALL_BUT_UNIQUE && each.meetings <= free) sufficient.push(own);
  }
  return kept;
}

function expected({ parts }: Composition, files: readonly CodedFile[]): Measured {
  let [uniqueShare, rate] = [1, 0];
  for (const file of files) {
    const ofParts = parts.map((part) => file.profileOf(part));
    const independent = ofParts.reduce((agree, { present, collide }) => agree * present ** 2 * collide, 1);
    const agree = Math.max(independent, file.agreementOf(parts));
    const present = ofParts.reduce((share, part) => share * part.present, 1);
    uniqueShare = Math.min(uniqueShare, Math.exp((-agree * file.persons) / present));
    rate = Math.max(rate, agree);
  }
  return { uniqueShare, meetings: meetingsOf(rate, files) };
}

/** Of a record with persons of the other files, if all were as large as the largest. */
const meetingsOf = (rate: number, files: readonly CodedFile[]): number =>
  (files.length - 1) * rate * Math.max(...files.map(({ persons }) => persons));

type Weighed = Judged & { readonly bits: Survivors };

/** In which draws a composition finds the pair: its parts have survived, are there, and single it out. */
function weighed(all: readonly Judged[], files: readonly CodedFile[]): Weighed[] {
  const whole = survivors();
  const there = presence((part) => files.map((file) => file.profileOf(part).present));
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

type Queued = Weighed & { readonly value: number };

const byValue = (one: Queued, other: Queued): number =>
  other.value - one.value ||
  other.uniqueShare - one.uniqueShare ||
  (nameOf(one.parts) < nameOf(other.parts) ? -1 : 1);

/** What a pass finds, for what it takes of the number of passes and of the meetings. */
const worthOf = (gain: number, meetings: number, { most, meetings: allowed, frugality }: Choosing): number =>
  gain / (1 / most + (frugality * meetings) / (allowed ?? Number.POSITIVE_INFINITY));

function queued(all: readonly Weighed[], worth: Float64Array, choosing: Choosing): Queued[] {
  return all
    .map((each) => ({
      ...each,
      value: worthOf(gainOf(each.bits, worth), each.meetings, choosing),
    }))
    .sort(byValue);
}

/** Takes the best from a queue ordered by values that may have shrunk since (Minoux 1978); its shares are measured. */
function nextBest(
  queue: Queued[],
  worth: Float64Array,
  choosing: Choosing & { readonly left: number },
): Queued | undefined {
  for (;;) {
    const best = queue.shift();
    if (best === undefined) return undefined;
    const known = { ...best, ...choosing.measure(best) };
    if (known.uniqueShare < choosing.unique || known.meetings > choosing.left) continue;
    const gain = gainOf(best.bits, worth);
    if (gain < LEAST_GAIN * DRAWS) continue;
    const now = { ...known, value: worthOf(gain, known.meetings, choosing) };
    const [rival] = queue;
    if (rival === undefined || byValue(now, rival) <= 0) return now;
    queue.splice(placeOf(queue, now), 0, now);
  }
}

type Measured = { readonly uniqueShare: number; readonly meetings: number };

/** Measures each composition once. */
function remembered(coded: readonly CodedFile[]): (of: Composition) => Measured {
  const known = new Map<readonly SlotPart[], Measured>();
  return ({ parts }) => {
    const before = known.get(parts);
    if (before !== undefined) return before;
    const shares = coded.map((file) => file.shareOf(parts));
    const measured = {
      uniqueShare: Math.min(...shares.map(({ uniqueShare }) => uniqueShare)),
      meetings: meetingsOf(Math.max(...shares.map(({ meetingRate }) => meetingRate)), coded),
    };
    known.set(parts, measured);
    return measured;
  };
}

/** Where something belongs in an ordered queue. */
function placeOf(queue: readonly Queued[], of: Queued): number {
  let [low, high] = [0, queue.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const there = queue[middle];
    if (there !== undefined && byValue(there, of) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function gainOf(bits: Survivors, worth: Float64Array): number {
  let gain = 0;
  forEachDraw(bits, (draw) => {
    gain += worth[draw] ?? 0;
  });
  return gain;
}

function forEachDraw(bits: Survivors, see: (draw: number) => void): void {
  for (let word = 0; word < bits.length; word += 1) {
    for (let rest = bits[word] ?? 0; rest !== 0; rest &= rest - 1)
      see(word * 32 + 31 - Math.clz32(rest & -rest));
  }
}
