import { SLOT_TOKEN_BYTES, SLOT_VECTOR_BYTES } from '@throughline/core';
import { bigramTable, deriveKeys, type Identifiers, type SealedFile, sealFile } from '@throughline/tokenize';
import type { Drawn } from './attack-files.js';
import { atMost, control, type Outcome } from './findings.js';
import { clearComparison, observeClear } from './known/observe-clear.js';
import { observeSlots } from './known/observe-slots.js';
import type { Observed } from './known/observed.js';
import { drawWithout } from './people/chance.js';
import { drawFiles } from './people/files.js';
import { type Scene, sceneOf } from './people/scene.js';
import { listAt, numberParts, numberValues } from './people/values.js';
import type { Assessed, Effort, Ground } from './setup.js';
import { tellingProperties } from './slots/filler.js';
import { epochOf, plantedFakes } from './slots/nights.js';

type Asked = {
  readonly assessed: Assessed;
  readonly ground: Ground;
  readonly effort: Effort;
  readonly seed: number;
};

const TERMS = { id: 'assessment', linkage: { epoch: '2026-1', rules: [] } };
const NEXT_EPOCH = { id: 'assessment', linkage: { epoch: '2026-2', rules: [] } };
const rootOf = (number: number): Uint8Array =>
  new Uint8Array(32).map((_, at) => (at * 53 + number * 29) & 255);

/** A property that tells real slots from filler lies this many standard errors off chance; one in 10^5 would. */
const TOLD_APART = 4.5;

/** The attacks on slots: on real sealed bytes, and on the decisions of an epoch. */
export function attackSlots(drawn: Drawn, asked: Asked): Outcome[] {
  const sealed = sealedScene(asked);
  return [...showsNothingElse(sealed, asked), ...toldFromFiller(sealed, asked), ...epoch(drawn, asked)];
}

type SealedScene = {
  readonly scene: Scene;
  readonly files: readonly SealedFile[];
  readonly later: SealedFile;
};

/** Two small files of one roll, sealed for real; and the first of them under the next epoch. */
function sealedScene({ assessed: { sealing }, ground, effort, seed }: Asked): SealedScene {
  const roll = ground.rollOf(seed, Math.round(effort.sealedRows / 0.7));
  const size = Math.round(roll.rows.length * 0.7);
  const drawn = drawFiles(roll, { files: 2, size, chance: ground.chanceOf(seed, 'sealed') });
  const seal = (terms: typeof TERMS, file: number): SealedFile => {
    const { records = [], rows = [] } = drawn[file] ?? {};
    const persons = rows.map((_, at) => at);
    const own = deriveKeys(rootOf(2 + file), terms);
    return sealFile(
      { sealing, keys: deriveKeys(rootOf(1), terms), own, decoys: 0 },
      { records, rows, persons },
    );
  };
  return { scene: sceneOf(roll, drawn), files: [seal(TERMS, 0), seal(TERMS, 1)], later: seal(NEXT_EPOCH, 0) };
}

/**
 * The larger attacks are run on what the identifiers say that sealed files show; here real bytes are held against
 * that, meeting by meeting and distance by distance.
 */
function showsNothingElse({ scene, files, later }: SealedScene, { assessed: { sealing } }: Asked): Outcome[] {
  const values = numberValues(
    sealing.passes.map(({ parts }) => parts),
    scene.all,
  );
  const parts = numberParts([...new Set(sealing.exact)], scene.all);
  const key = deriveKeys(rootOf(1), TERMS).key('seal1-vector', '');
  const compare = clearComparison(scene, { sealing, parts, bigrams: bigramTable(key) });
  const expected = meetingsTold(observeClear(scene, values.of, { compare }));
  const seen = meetingsTold(observeSlots(files, sealing.passes.length));
  const differing = [...seen].filter((meeting) => !expected.has(meeting)).length;
  const missing = [...expected].filter((meeting) => !seen.has(meeting)).length;
  const about = { encoding: 'seal1', gate: atMost(0) };
  const all = Math.max(1, expected.size);
  return [
    {
      ...about,
      gate: { ...atMost(0), control: true },
      attack: 'sealed bytes show more than they should',
      setting: `${scene.truth.length} rows sealed`,
      count: differing + missing,
      of: all,
    },
    {
      ...about,
      attack: 'equal under another key, agreement or epoch',
      setting: 'the same file in the next epoch',
      count: equalTokens(files[0], later),
      of: later.real.length,
    },
  ];
}

/** Each meeting of two rows with all that is seen there, as one text. */
function meetingsTold(seen: Observed): Set<string> {
  const told = new Set<string>();
  for (let group = 0; group < seen.column.length; group += 1) {
    const [row = 0, other = 0] = listAt(seen.groups, group);
    const pass = seen.column[group] ?? 0;
    told.add(JSON.stringify([pass, row, other, seen.compare?.(pass, row, other)]));
  }
  return told;
}

function equalTokens(one: SealedFile | undefined, other: SealedFile): number {
  const tokensOf = ({ slots, layout, real }: SealedFile) =>
    Array.from(real, (_, slot) => slots.subarray(slot * layout.width, slot * layout.width + 16).join());
  const known = new Set(one === undefined ? [] : tokensOf(one));
  return tokensOf(other).filter((token) => known.has(token)).length;
}

function toldFromFiller({ scene, files: [file] }: SealedScene, { assessed }: Asked): Outcome[] {
  if (file === undefined) return [];
  const tells = (slots: Pick<SealedFile, 'layout' | 'slots' | 'real'>) =>
    tellingProperties(slots).filter(({ deviations }) => Math.abs(deviations) > TOLD_APART).length;
  const about = { attack: 'real slots told from filler' as const };
  return [
    {
      ...about,
      encoding: 'seal1',
      setting: 'properties that tell, of ten',
      count: tells(file),
      of: 10,
      gate: atMost(0),
    },
    {
      ...about,
      encoding: 'one mask for both names',
      setting: 'told apart',
      count: Math.min(1, tells(withOneMask(file, scene.files[0]?.rows ?? []))),
      of: 1,
      gate: control(assessed.limits.control),
    },
  ];
}

/** A worse construction, which must be found out: both names of a real slot under one mask, so that they compare. */
function withOneMask({ layout, slots, real }: SealedFile, rows: readonly Identifiers[]) {
  const bigrams = bigramTable(rootOf(9));
  const worse = slots.slice();
  const passes = real.length / rows.length;
  for (const [slot, isReal] of real.entries()) {
    if (isReal === 0) continue;
    const { first, last } = rows[Math.floor(slot / passes)] ?? {};
    const [one, other] = [first, last].map((name) => new Set(bigrams.positions(name ?? '')));
    const at = slot * layout.width + SLOT_TOKEN_BYTES;
    worse.copyWithin(at + SLOT_VECTOR_BYTES, at, at + SLOT_VECTOR_BYTES);
    for (let bit = 0; bit < 8 * SLOT_VECTOR_BYTES; bit += 1) {
      const byte = at + SLOT_VECTOR_BYTES + (bit >>> 3);
      if (one?.has(bit) !== other?.has(bit)) worse[byte] = (worse[byte] ?? 0) ^ (1 << (bit & 7));
    }
  }
  return { layout, slots: worse, real };
}

function epoch({ scene, passes }: Drawn, { effort, seed, ground, assessed }: Asked): Outcome[] {
  const nights = { nights: effort.nights, newcomers: Math.round(effort.children / 1_500) + 1 };
  const small = { ...scene, files: [shortened(scene, effort)] };
  const run = (keep: boolean) =>
    epochOf(small, passes.of, { ...nights, keep, chance: ground.chanceOf(seed, `nights`) });
  const [kept, without] = [run(true), run(false)];
  const rows = small.files[0]?.rows.length ?? 0;
  const planted = plantedFakes(
    scene,
    passes.of,
    drawWithout(ground.chanceOf(seed, 'plants'), scene.files[1]?.rows.length ?? 0, effort.plants),
  );
  const told = { encoding: 'seal1', gate: null };
  const setting = `${effort.nights} nights`;
  return [
    {
      ...told,
      attack: 'old rows changed in thirty nights',
      setting,
      count: kept.changed,
      of: rows * effort.nights,
      gate: atMost(0),
    },
    {
      ...told,
      attack: 'fake registration, by changes',
      setting,
      count: kept.found,
      of: effort.nights,
      gate: atMost(0),
    },
    {
      ...told,
      encoding: 'seal1 without its ledger',
      attack: 'fake registration, by changes',
      setting,
      count: without.found,
      of: effort.nights,
      gate: control(Math.min(assessed.limits.control, 0.94)),
    },
    {
      ...told,
      attack: 'fake registration, by meetings',
      setting: 'of a child in that file and another',
      count: planted.inBoth.found,
      of: planted.inBoth.fakes,
    },
    {
      ...told,
      attack: 'fake registration, by meetings',
      setting: 'of a child in another file only',
      count: planted.inSecond.found,
      of: planted.inSecond.fakes,
    },
  ];
}

/** Every night decides every value again, so that a few thousand rows are enough. */
function shortened({ files: [file] }: Scene, { sealedRows }: Effort) {
  const rows = Math.min(file?.rows.length ?? 0, 2 * sealedRows);
  const { child = new Int32Array(), rows: all = [], records = [] } = file ?? {};
  return { child: child.subarray(0, rows), rows: all.slice(0, rows), records: records.slice(0, rows) };
}
