import type { SlotPart } from '@throughline/agreement';
import { type Identifiers, partOf } from '../tok1/parts.js';
import { sequence } from './error-model.js';

/** One file: its rows, and the local person of each. */
export type PassFile = { readonly rows: readonly Identifiers[]; readonly persons: readonly number[] };

/** What a file says of a pass: the same two figures that its owner tells of it in its plan. */
export type PassShare = {
  /** The share of its values that belong to one person alone; 0 where it has none. */
  readonly uniqueShare: number;
  /** Half-split estimate of how many persons of another file a person meets, for each person that the other has. */
  readonly meetingRate: number;
};

/** The values of parts as whole numbers, so that passes without number can be tried on a file. */
export type CodedFile = {
  readonly persons: number;
  /** How often a part is there, and how often two persons who have it agree on it. */
  readonly profileOf: (part: SlotPart) => PartProfile;
  readonly shareOf: (parts: readonly SlotPart[]) => PassShare;
  /** How often two persons agree on all parts, from a sample; cheap, and blind to what is rare. */
  readonly agreementOf: (parts: readonly SlotPart[]) => number;
};
export type PartProfile = { readonly present: number; readonly collide: number };

const MISSING = -1;
/** Rows, all of whose pairs are looked at. */
const SAMPLE = 3000;

export function codedFile({ rows, persons }: PassFile, parts: readonly SlotPart[]): CodedFile {
  const order = [...rows.keys()].sort((one, other) => (persons[one] ?? 0) - (persons[other] ?? 0));
  const ofPerson = Int32Array.from(order, (row) => persons[row] ?? row);
  const ordered = order.flatMap((row) => rows.slice(row, row + 1));
  const firsts = Int32Array.from(ofPerson.keys()).filter(
    (row) => row === 0 || ofPerson[row] !== ofPerson[row - 1],
  );
  const columns = new Map(parts.map((part, place) => [part, columnOf(part, ordered, { place, firsts })]));
  const halves = coins(ofPerson);
  const everybody = valueTable({ ofPerson, inFirst: halves.first });
  const some = sampled(firsts);
  const sample = valueTable({
    ofPerson: Int32Array.from(some.keys()),
    inFirst: new Uint8Array(some.length).fill(1),
  });
  const columnsOf = (of: readonly SlotPart[]) => of.flatMap((part) => columns.get(part) ?? []);
  return {
    persons: firsts.length,
    profileOf: (part) => columns.get(part)?.profile ?? { present: 0, collide: 1 },
    agreementOf: (of) => {
      sample.fill(columnsOf(of).map(({ codes }) => some.map((row) => codes[row] ?? MISSING)));
      return sample.agreeing() / Math.max(1, (some.length * (some.length - 1)) / 2);
    },
    shareOf: (of) => {
      everybody.fill(columnsOf(of).map(({ codes }) => codes));
      return everybody.share(halves.others);
    },
  };
}

/** Rows of different persons, spread over a file. */
const sampled = (firsts: Int32Array): Int32Array =>
  firsts.filter(
    (_, index) =>
      Math.floor((index * SAMPLE) / firsts.length) !== Math.floor(((index - 1) * SAMPLE) / firsts.length),
  );

type Column = { readonly codes: Int32Array; readonly profile: PartProfile };

/** Of different persons the first rows count: an owner's duplicates agree with themselves. */
type Counted = { readonly place: number; readonly firsts: Int32Array };

function columnOf(part: SlotPart, rows: readonly Identifiers[], { place, firsts }: Counted): Column {
  const known = new Map<string, number>();
  const numbers = Int32Array.from(rows, (row) => {
    const values = partOf(part, row)[0];
    if (values === undefined) return MISSING;
    const text = values.length === 1 ? `=${values[0]}` : JSON.stringify(values);
    const code = known.get(text) ?? known.size;
    if (code === known.size) known.set(text, code);
    return code;
  });
  const counts = new Int32Array(known.size);
  for (const row of firsts) {
    const code = numbers[row] ?? MISSING;
    if (code !== MISSING) counts[code] = (counts[code] ?? 0) + 1;
  }
  const present = counts.reduce((sum, count) => sum + count, 0);
  const agreeing = counts.reduce((sum, count) => sum + count * (count - 1), 0);
  return {
    codes: numbers.map((code) => (code === MISSING ? MISSING : mixed(code, place))),
    profile: {
      present: present / Math.max(1, firsts.length),
      collide: present < 2 ? 1 : agreeing / (present * (present - 1)),
    },
  };
}

/** Every person in one of two halves, as by a coin. */
function coins(ofPerson: Int32Array): { readonly first: Uint8Array; readonly others: number } {
  const next = sequence(11);
  const first = new Uint8Array(ofPerson.length);
  let others = 0;
  for (let row = 0; row < ofPerson.length; row += 1) {
    const again = row > 0 && ofPerson[row] === ofPerson[row - 1];
    first[row] = again ? (first[row - 1] ?? 0) : Number(next() < 0.5);
    if (!again && first[row] === 0) others += 1;
  }
  return { first, others };
}

type Filed = { readonly ofPerson: Int32Array; readonly inFirst: Uint8Array };

/** Of a place in the table: two halves of a value, who had it last, how many of the first half and of the second. */
const [HIGH, LOW, LAST, FIRST, SECOND, WORDS] = [0, 1, 2, 3, 4, 5] as const;

/** Counts of the persons who have a value, in each half; values by 64 bits of a mix. Rows of a person are neighbours. */
function valueTable({ ofPerson, inFirst }: Filed) {
  const rows = ofPerson.length;
  const size = 2 ** Math.ceil(Math.log2(Math.max(8, rows * 1.5)));
  const table = new Int32Array(size * WORDS);
  const places = new Int32Array(rows);
  let taken = 0;
  const placeOf = (high: number, low: number): number => {
    for (let place = (high ^ low) & (size - 1); ; place = (place + 1) & (size - 1)) {
      const at = place * WORDS;
      if ((table[at + FIRST] ?? 0) + (table[at + SECOND] ?? 0) === 0) return at;
      if (table[at + HIGH] === high && table[at + LOW] === low) return at;
    }
  };
  const add = (at: number, row: number): void => {
    const half = inFirst[row] === 1 ? FIRST : SECOND;
    table[at + LAST] = ofPerson[row] ?? 0;
    table[at + half] = (table[at + half] ?? 0) + 1;
  };
  return {
    fill: (columns: readonly Int32Array[]): void => {
      for (let place = 0; place < taken; place += 1)
        table.fill(0, places[place], (places[place] ?? 0) + WORDS);
      taken = 0;
      for (let row = 0; row < rows; row += 1) {
        let [high, low, missing] = [0x9e3779b9 | 0, 0x7f4a7c15 | 0, false];
        for (const column of columns) {
          const code = column[row] ?? MISSING;
          missing ||= code === MISSING;
          high = Math.imul(high ^ code, 0x85ebca6b);
          high ^= high >>> 15;
          low = (low + code) | 0;
        }
        if (missing) continue;
        const at = placeOf(high, low);
        if ((table[at + FIRST] ?? 0) + (table[at + SECOND] ?? 0) === 0) {
          table[at + HIGH] = high;
          table[at + LOW] = low;
          places[taken] = at;
          taken += 1;
          add(at, row);
        } else if (table[at + LAST] !== ofPerson[row]) add(at, row);
      }
    },
    /** Pairs of the first half that have a value in common. */
    agreeing: (): number => {
      let pairs = 0;
      for (let place = 0; place < taken; place += 1) {
        const held = table[(places[place] ?? 0) + FIRST] ?? 0;
        pairs += (held * (held - 1)) / 2;
      }
      return pairs;
    },
    share: (others: number): PassShare => {
      let [unique, met, inFirstHalf] = [0, 0, 0];
      for (let place = 0; place < taken; place += 1) {
        const at = places[place] ?? 0;
        const [one, other] = [table[at + FIRST] ?? 0, table[at + SECOND] ?? 0];
        if (one + other === 1) unique += 1;
        if (one === 1 && other === 1) met += 1;
        inFirstHalf += one;
      }
      return {
        uniqueShare: taken === 0 ? 0 : unique / taken,
        meetingRate: inFirstHalf === 0 || others === 0 ? 0 : met / inFirstHalf / others,
      };
    },
  };
}

/** The finaliser of MurmurHash3, by Austin Appleby, over a number and a place; never MISSING. */
function mixed(value: number, place: number): number {
  const once = Math.imul(value ^ (place << 24) ^ (value >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) & ~1;
}
