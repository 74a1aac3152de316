import {
  bigramTable,
  type decideGate as DecideGate,
  decideGate,
  deriveKeys,
  LARGE_FILE,
  LARGEST_GROUP,
  LEAST_PERSONS,
} from '@throughline/tokenize';
import { atMost, control, type Gate, type Outcome } from './findings.js';
import { likelihood } from './known/likelihood.js';
import { clearComparison, observeClear } from './known/observe-clear.js';
import { namedByPattern } from './known/pattern.js';
import { presenceTold } from './known/presence.js';
import { type Attacker, childrenByValue, propagate } from './known/propagate.js';
import { drawWithout } from './people/chance.js';
import { drawFiles, rollSize } from './people/files.js';
import { plansOf } from './people/plan.js';
import { type Scene, sceneOf } from './people/scene.js';
import { type NumberedValues, numberParts, numberValues } from './people/values.js';
import type { Assessed, Effort, Ground } from './setup.js';
import { alignedRows } from './tokens/frequency.js';
import { observeTokens } from './tokens/observe-tokens.js';

export type GateTold = ReturnType<typeof DecideGate> & { readonly setting: string };

/** What is drawn once for a seed and an overlap, and used for every number of partners. */
export type Drawn = {
  readonly overlap: number;
  readonly scene: Scene;
  readonly passes: NumberedValues;
  readonly rules: NumberedValues;
  readonly parts: ReturnType<typeof numberParts>;
};

export function draw(
  { rules, sealing }: Assessed,
  ground: Ground,
  asked: { seed: number; overlap: number; effort: Effort },
): Drawn {
  const { seed, overlap, effort } = asked;
  const chance = ground.chanceOf(seed, `files ${overlap}`);
  const roll = ground.rollOf(seed, rollSize(effort.children, overlap));
  const size = Math.round(roll.rows.length * overlap);
  const files = drawFiles(roll, { files: Math.max(...effort.partners), size, chance });
  const scene = sceneOf(roll, files);
  return {
    overlap,
    scene,
    passes: numberValues(
      sealing.passes.map(({ parts }) => parts),
      scene.all,
    ),
    rules: numberValues(
      rules.map(({ parts }) => parts),
      scene.all,
    ),
    parts: numberParts([...new Set(sealing.exact)], scene.all),
  };
}

type Asked = {
  readonly assessed: Assessed;
  readonly ground: Ground;
  readonly effort: Effort;
  readonly seed: number;
};

/** The attacks on the files of two and more partners. */
export function attackFiles(drawn: Drawn, asked: Asked): { outcomes: Outcome[]; gates: GateTold[] } {
  const { assessed, effort, seed, ground } = asked;
  const outcomes: Outcome[] = [];
  const gates: GateTold[] = [];
  for (const partners of effort.partners) {
    const scene = firstFiles(drawn.scene, partners);
    const setting = `${partners} files, overlap ${drawn.overlap}`;
    const rows = scene.files[0]?.rows.length ?? 0;
    const most = Math.min(rows, Math.max(...effort.known));
    const known = drawWithout(ground.chanceOf(seed, `known ${setting}`), rows, most);
    const gate = { ...gateOf(drawn, scene, asked), setting };
    gates.push(gate);
    const tokens = tokenAttacker(drawn, scene);
    outcomes.push(
      ...namedByKnown(tokens, known, {
        ...asked,
        setting,
        encoding: 'tok1',
        gate: atMost(assessed.limits.tokens),
      }),
    );
    if (gate.profile === 'tokens') continue;
    if (partners === Math.min(...effort.partners)) {
      const wide = wideAttacker(drawn, scene, assessed);
      const [judged] = namedByKnown(wide, known, {
        ...asked,
        effort: { ...effort, known: [effort.judgedKnown] },
        setting,
        encoding: 'seal1 without unique values',
        gate: control(WIDE_NAMED),
      });
      if (judged !== undefined) outcomes.push(judged);
    }
    const sealed = slotAttacker(drawn, scene, { assessed, gate });
    outcomes.push(
      ...namedByKnown(sealed, known, {
        ...asked,
        setting,
        encoding: 'seal1',
        gate: atMost(assessed.limits.sealed),
      }),
    );
    outcomes.push(...readFromMeetings(sealed, known, { ...asked, setting }));
  }
  return { outcomes: [...outcomes, ...aligned(drawn, assessed)], gates };
}

const firstFiles = (scene: Scene, partners: number): Scene => {
  const files = scene.files.slice(0, partners);
  const rows = files.reduce((sum, { child }) => sum + child.length, 0);
  return { ...scene, files, file: scene.file.subarray(0, rows), truth: scene.truth.subarray(0, rows) };
};

function gateOf(drawn: Drawn, scene: Scene, { assessed: { sealing, terms }, effort }: Asked) {
  const names = sealing.passes.map(({ name }) => name);
  return decideGate({
    plans: plansOf(scene, names, drawn.passes.of),
    passes: names,
    terms: {
      ...terms,
      profile: terms.profile === 'tokens' ? 'sealed' : terms.profile,
      expected_overlap: drawn.overlap,
    },
    leastPersons: effort.leastPersons,
    largeFile: LARGE_FILE,
  });
}

const shown = (holders: number): boolean => holders <= LARGEST_GROUP;

function tokenAttacker({ rules }: Drawn, scene: Scene): Attacker {
  const seen = observeTokens(scene, rules.of, shown);
  return { scene, seen, values: rules, children: childrenByValue(rules, scene.roll), likelihood: null };
}

function slotAttacker(
  drawn: Drawn,
  scene: Scene,
  { assessed, gate }: { assessed: Assessed; gate: GateTold },
): Attacker {
  const { passes } = drawn;
  const used = gate.passes.flatMap(({ used }, pass) => (used ? [pass] : []));
  const values = {
    of: used.flatMap((pass) => passes.of[pass] ?? []),
    sizes: used.flatMap((pass) => passes.sizes[pass] ?? []),
  };
  const decoys = assessed.terms.profile === 'sealed-high-risk' ? DECOYS : 0;
  const seen = observeClear(scene, values.of, { compare: comparisonOf(drawn, scene, assessed), decoys });
  const children = childrenByValue(values, scene.roll);
  return { scene, seen, values, children, likelihood: likelihood(assessed.sealing) };
}

/** Sealed fields without the rule of unique values, in every pass of the memorandum: what the rule is for. */
function wideAttacker(drawn: Drawn, scene: Scene, assessed: Assessed): Attacker {
  const { passes } = drawn;
  const compare = comparisonOf(drawn, scene, assessed);
  const seen = { ...observeTokens(scene, passes.of, (holders) => holders <= WIDEST), compare };
  const children = childrenByValue(passes, scene.roll);
  return { scene, seen, values: passes, children, likelihood: likelihood(assessed.sealing) };
}
const WIDEST = 20;
/** Of other rows, that must be named there. */
const WIDE_NAMED = 0.05;

function comparisonOf({ parts }: Drawn, scene: Scene, { sealing }: Assessed) {
  const terms = { id: 'assessment', linkage: { epoch: '2026-1', rules: [] } };
  const key = deriveKeys(new Uint8Array(32).fill(7), terms).key('seal1-vector', '');
  return clearComparison(scene, { sealing, parts, bigrams: bigramTable(key) });
}

/** The share of pass values that no partner seals in the profile for high risk. */
const DECOYS = 0.2;

type Judging = Asked & { readonly setting: string; readonly encoding: string; readonly gate: Gate };

/** Rows of other children that are named rightly, of all rows of other children. */
function namedByKnown(attacker: Attacker, known: Int32Array, judging: Judging): Outcome[] {
  const { effort, setting, encoding } = judging;
  const { truth } = attacker.scene;
  const counts = effort.known.filter((count) => count <= known.length);
  return counts.map((count): Outcome => {
    const rows = known.subarray(0, count);
    const guess = propagate(attacker, rows);
    const children = new Set(Array.from(rows, (row) => truth[row]));
    let [named, others] = [0, 0];
    for (const [row, child] of truth.entries()) {
      if (children.has(child)) continue;
      others += 1;
      if (guess[row] === child) named += 1;
    }
    const gate = count === effort.judgedKnown ? judging.gate : null;
    const counted = count.toLocaleString('en');
    return {
      attack: 'known children, propagated',
      encoding,
      setting: `${setting}, ${counted} known`,
      count: named,
      of: others,
      gate,
    };
  });
}

/** What the pattern of meetings tells without knowing anybody, and of the presence of others. */
function readFromMeetings(
  attacker: Attacker,
  known: Int32Array,
  { effort, setting, assessed }: Asked & { setting: string },
): Outcome[] {
  const rows = known.subarray(0, effort.judgedKnown);
  const pattern = namedByPattern(attacker, rows);
  const { absent, present } = presenceTold(attacker, rows);
  const about = { encoding: 'seal1', gate: null };
  const gate = effort.leastPersons < LEAST_PERSONS ? null : atMost(assessed.limits.graph);
  return [
    { ...about, attack: 'patterns of meetings', setting, count: pattern.right, of: rows.length, gate },
    {
      ...about,
      attack: 'patterns of meetings',
      setting: `${setting}, right of those that look sure`,
      count: pattern.surelyRight,
      of: pattern.sure,
    },
    {
      ...about,
      attack: 'presence told',
      setting: `${setting}, right of those told`,
      count: present.right,
      of: present.told,
    },
    {
      ...about,
      attack: 'absence told',
      setting: `${setting}, right of those told`,
      count: absent.right,
      of: absent.told,
    },
  ];
}

function aligned({ scene, rules, overlap }: Drawn, { rules: names, limits }: Assessed): Outcome[] {
  return names.map(
    ({ name }, rule): Outcome => ({
      attack: 'frequency alignment',
      encoding: 'tok1',
      setting: `${name}, overlap ${overlap}`,
      count: alignedRows(
        scene,
        rules.of[rule] ?? { starts: new Int32Array(), items: new Int32Array() },
        shown,
      ),
      of: scene.files[0]?.rows.length ?? 0,
      gate: atMost(limits.frequency),
    }),
  );
}
