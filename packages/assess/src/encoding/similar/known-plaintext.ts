import type { Identifiers } from '@throughline/tokenize';
import { type BitRows, rowsFrom, setBits } from './bits.js';
import { featuresOf } from './features.js';

/** Pairs of encoding and identifiers that an attacker has, and encodings that it wants to name from a list. */
export type KnownPlaintext = {
  readonly known: { readonly codes: BitRows; readonly rows: readonly Identifiers[] };
  readonly targets: BitRows;
  readonly candidates: readonly Identifiers[];
};

/** Features are not independent: how much of their joint effect counts is tried out on pairs kept aside. */
const DAMPINGS = [1, 0.7, 0.45, 0.3];
const KEPT_ASIDE = 0.2;
const MOST_KEPT_ASIDE = 150;
/** Pseudo-counts that draw a feature seen seldom towards the encoding's average. */
const SHRINKAGE = 4;

/**
 * Learns from known pairs what each feature does to each bit (log-odds against the average, naive Bayes) and gives
 * every target the candidate that explains it best. Needs no knowledge of the encoding or its key.
 *
 * @returns the candidate of each target.
 */
export function knownPlaintext({ known, targets, candidates }: KnownPlaintext): Int32Array {
  return bestCandidates(featureModel(known, bestDamping(known)), { targets, candidates });
}

function bestDamping({ codes, rows }: KnownPlaintext['known']): number {
  const aside = Math.min(MOST_KEPT_ASIDE, Math.floor(rows.length * KEPT_ASIDE));
  const candidates = rows.slice(0, aside);
  const targets = rowsFrom(codes, 0, aside);
  const learnt = { codes: rowsFrom(codes, aside, rows.length), rows: rows.slice(aside) };
  const right = (damping: number): number =>
    bestCandidates(featureModel(learnt, damping), { targets, candidates }).filter((best, at) => best === at)
      .length;
  const tried = DAMPINGS.map((damping) => ({ damping, right: right(damping) }));
  return tried.reduce((one, other) => (other.right > one.right ? other : one)).damping;
}

type Model = (row: Identifiers) => { readonly logits: Float32Array; readonly constant: number };

function bestCandidates(
  model: Model,
  { targets, candidates }: Pick<KnownPlaintext, 'targets' | 'candidates'>,
): Int32Array {
  const wanted = Array.from({ length: targets.rows }, (_, row) => setBits(targets, row));
  const best = new Int32Array(targets.rows).fill(-1);
  const highest = new Float64Array(targets.rows).fill(Number.NEGATIVE_INFINITY);
  for (const [candidate, row] of candidates.entries()) {
    const { logits, constant } = model(row);
    for (const [target, bits] of wanted.entries()) {
      let score = constant;
      for (let at = 0; at < bits.length; at += 1) score += logits[bits[at] ?? 0] ?? 0;
      if (score > (highest[target] ?? 0)) {
        highest[target] = score;
        best[target] = candidate;
      }
    }
  }
  return best;
}

/** Identifiers -> log-odds of each bit, and what is added whichever bits are set. Valid until the next call. */
function featureModel({ codes, rows }: KnownPlaintext['known'], damping: number): Model {
  const { bits } = codes;
  const { counts, ones, all } = countsOf({ codes, rows });
  const base = Float32Array.from(all, (set) => logit((set + 0.5) / (rows.length + 1)));
  const effects = new Map<string, Float32Array>();
  for (const [feature, count] of counts) {
    const set = ones.get(feature);
    if (set !== undefined) effects.set(feature, effectOf({ set, count, base, damping }));
  }
  const logits = new Float32Array(bits);
  return (row) => {
    logits.set(base);
    for (const feature of featuresOf(row)) {
      const effect = effects.get(feature);
      if (effect !== undefined)
        for (let bit = 0; bit < bits; bit += 1) logits[bit] = (logits[bit] ?? 0) + (effect[bit] ?? 0);
    }
    let constant = 0;
    for (let bit = 0; bit < bits; bit += 1) constant -= softplus(logits[bit] ?? 0);
    return { logits, constant };
  };
}

const logit = (share: number): number => Math.log(share / (1 - share));
const softplus = (x: number): number => (x > 20 ? x : Math.log1p(Math.exp(x)));

type Effect = {
  readonly set: Uint16Array;
  readonly count: number;
  readonly base: Float32Array;
  readonly damping: number;
};

function effectOf({ set, count, base, damping }: Effect): Float32Array {
  return base.map((average, bit) => {
    const share = 1 / (1 + Math.exp(-average));
    const expected = ((set[bit] ?? 0) + SHRINKAGE * share) / (count + SHRINKAGE);
    return damping * (logit(Math.min(0.999, Math.max(0.001, expected))) - average);
  });
}

function countsOf({ codes, rows }: KnownPlaintext['known']) {
  const counts = new Map<string, number>();
  const ones = new Map<string, Uint16Array>();
  const all = new Float32Array(codes.bits);
  for (const [at, row] of rows.entries()) {
    const bits = setBits(codes, at);
    for (const bit of bits) all[bit] = (all[bit] ?? 0) + 1;
    for (const feature of featuresOf(row)) {
      counts.set(feature, (counts.get(feature) ?? 0) + 1);
      const set = ones.get(feature) ?? new Uint16Array(codes.bits);
      for (const bit of bits) set[bit] = (set[bit] ?? 0) + 1;
      ones.set(feature, set);
    }
  }
  return { counts, ones, all };
}
