import { bitsSet } from '@throughline/core';
import type { Identifiers } from '@throughline/tokenize';
import { atMost, control, type Gate, type Outcome } from './findings.js';
import { drawWithout } from './people/chance.js';
import type { Assessed, Effort, Ground } from './setup.js';
import { type BitRows, rowsFrom } from './similar/bits.js';
import { diffusedClk, plainClk, type SimilarityEncoding, sealedRecords } from './similar/encodings.js';
import { graphMatch } from './similar/graph.js';
import { knownPlaintext } from './similar/known-plaintext.js';

type Asked = {
  readonly assessed: Assessed;
  readonly ground: Ground;
  readonly effort: Effort;
  readonly seed: number;
};

const SEEDS_GIVEN = 100;

/** The attacks that compare whole encodings with each other, on each of them, and on a plain CLK that must fall. */
export function attackSimilarity(asked: Asked): { outcomes: Outcome[]; statistics: BitStatistics[] } {
  const { assessed, ground, effort, seed } = asked;
  const most = Math.max(...effort.known);
  const people = ground.rollOf(seed, most + effort.candidates + 2 * effort.graphRows).rows;
  const order = drawWithout(ground.chanceOf(seed, 'similarity'), people.length, people.length);
  const rows = Array.from(order, (child) => people[child]).filter((row) => row !== undefined);
  const outcomes: Outcome[] = [];
  const statistics: BitStatistics[] = [];
  for (const encoding of encodingsOf(assessed)) {
    const gate = encoding === plainClk ? control(assessed.limits.control) : atMost(assessed.limits.graph);
    const of = { ...asked, encoding, rows, gate };
    outcomes.push(...fromList(of), unsupervised(of), seeded(of));
    statistics.push(bitStatistics(encoding.name, encoding.encode(rows.slice(0, effort.graphRows), keyOf(1))));
    ground.tell(`seed ${seed}: similarity of ${encoding.name}`);
  }
  return { outcomes, statistics };
}

const encodingsOf = ({ sealing, terms }: Assessed): readonly SimilarityEncoding[] => [
  plainClk,
  sealedRecords(sealing),
  diffusedClk(terms.clkd_diffusion),
];

const keyOf = (number: number): Uint8Array =>
  new Uint8Array(32).map((_, at) => (at * 37 + number * 101) & 255);
const [VICTIM, ATTACKER] = [keyOf(1), keyOf(2)];

type Of = Asked & {
  readonly encoding: SimilarityEncoding;
  readonly rows: readonly Identifiers[];
  readonly gate: Gate;
};

/** Known plaintext: rows to be named stand on a list of candidates that the attacker has. */
function fromList({ encoding, rows, effort, gate }: Of): Outcome[] {
  const most = Math.max(...effort.known);
  const candidates = rows.slice(most, most + effort.candidates);
  const codes = encoding.encode(rows.slice(0, most + effort.targets), VICTIM);
  const targets = rowsFrom(codes, most, most + effort.targets);
  return effort.known.map((count): Outcome => {
    const known = { codes: rowsFrom(codes, 0, count), rows: rows.slice(0, count) };
    const best = knownPlaintext({ known, targets, candidates });
    return {
      attack: 'known plaintext, from a list',
      encoding: encoding.name,
      setting: `${count.toLocaleString('en')} known, ${effort.candidates.toLocaleString('en')} candidates`,
      count: best.filter((candidate, target) => candidate === target).length,
      of: effort.targets,
      gate: count === effort.judgedKnown ? gate : null,
    };
  });
}

/** The attacker has the very same children, and knows none of the rows. */
function unsupervised(of: Of): Outcome {
  const { right, of: all } = matchedRight(of, { overlap: 1, seeds: 0 });
  const setting = `${of.effort.graphRows.toLocaleString('en')} rows, overlap 1`;
  return {
    attack: 'unsupervised graph',
    encoding: of.encoding.name,
    setting,
    count: right,
    of: all,
    gate: of.gate,
  };
}

function seeded(of: Of): Outcome {
  const seeds = Math.min(SEEDS_GIVEN, of.effort.judgedKnown);
  const { right, of: all } = matchedRight(of, { overlap: 0.5, seeds });
  const setting = `${of.effort.graphRows.toLocaleString('en')} rows, overlap .5, ${seeds} known`;
  return {
    attack: 'seeded graph',
    encoding: of.encoding.name,
    setting,
    count: right,
    of: all,
    gate: of.gate,
  };
}

/** Counts rows right beyond those known. The attacker's list begins so late that as many are in both as asked. */
function matchedRight(of: Of, { overlap, seeds }: { overlap: number; seeds: number }) {
  const { rows, encoding, effort, ground, seed } = of;
  const size = effort.graphRows;
  const late = Math.round(size * (1 - overlap));
  const order = drawWithout(ground.chanceOf(seed, `graph ${overlap}`), size, size);
  const attacker = Array.from(order, (at) => at + late);
  const place = new Map(attacker.map((person, row) => [person, row]));
  const shared = Array.from({ length: size - late }, (_, at) => late + at);
  const matched = graphMatch({
    victim: encoding.encode(rows.slice(0, size), VICTIM),
    attacker: encoding.encode(
      attacker.flatMap((person) => rows[person] ?? []),
      ATTACKER,
    ),
    seeds: shared.slice(0, seeds).map((person) => [person, place.get(person) ?? 0] as const),
  });
  const wanted = shared.slice(seeds);
  return {
    right: wanted.filter((person) => matched[person] === place.get(person)).length,
    of: wanted.length,
  };
}

export type BitStatistics = {
  readonly encoding: string;
  /** Share of bits set, and the bit that is farthest from a half. */
  readonly fill: number;
  readonly farthestBit: number;
  /** Standard deviation of a row's share of bits set. */
  readonly weightDeviation: number;
};

function bitStatistics(encoding: string, { rows, bits, words }: BitRows): BitStatistics {
  const width = words.length / rows;
  const weights = Array.from({ length: rows }, (_, row) =>
    words.subarray(row * width, (row + 1) * width).reduce((sum, word) => sum + bitsSet(word), 0),
  );
  const fill = weights.reduce((sum, weight) => sum + weight, 0) / rows / bits;
  const spread = weights.reduce((sum, weight) => sum + (weight / bits - fill) ** 2, 0) / rows;
  let farthestBit = 0;
  for (let bit = 0; bit < bits; bit += 1) {
    let set = 0;
    for (let row = 0; row < rows; row += 1)
      set += ((words[row * width + (bit >>> 5)] ?? 0) >>> (bit & 31)) & 1;
    farthestBit = Math.max(farthestBit, Math.abs(set / rows - 0.5));
  }
  return { encoding, fill, farthestBit, weightDeviation: Math.sqrt(spread) };
}
