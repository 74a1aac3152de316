import type { Sealing, SealingPass } from '@throughline/agreement';
import type { Session } from '@throughline/engine';
import type { Parameters } from '@throughline/link';
import { type Draw, drawing, shuffled } from '@throughline/model';
import { deriveKeys, type LinkageTerms } from '@throughline/tokenize';
import type { Encoding, EvaluationConfig } from './config.js';
import { linkExact } from './exact.js';
import { type Keys, linkByModel, type Outcome, ownersOf } from './model.js';
import { type Pairwise, pairwiseOf } from './pairwise.js';
import { fieldsOf, type GateReport, gatedPasses, ungatedPasses } from './plan.js';
import { pairsWithin } from './record-pairs.js';
import { type Judgement, judge } from './score.js';
import type { Source } from './sources.js';
import { type Stopwatch, stopwatch } from './stopwatch.js';

export type EvaluationEffects = {
  /** Milliseconds since some moment. */
  readonly elapsed: () => number;
  /** 32 fresh random bytes each time. */
  readonly randomKey: () => Uint8Array;
  readonly seed: string;
};

export type Evaluation = Judgement & {
  readonly encoding: Encoding;
  readonly seed: string;
  readonly seconds: Readonly<Record<string, number>>;
  /** Deciding each two sources by themselves; null where there are two, or exact tokens decide. */
  readonly pairwise: Pairwise | null;
  readonly passes: Outcome['passes'];
  /** What is doubtful about the model. */
  readonly health: Outcome['health'];
  /** By source: groups of its own records that were too many for one person, and were not joined. */
  readonly crowded_duplicates: readonly number[];
  /**
   * By source: rows that have every mapped field in common with an earlier one. Where `one_to_one` is declared they are taken
   * for different persons whom nothing tells apart, and none of them has a slot.
   */
  readonly repeated_rows: readonly number[];
  /** What the gate let through; null where nothing is sealed under it. */
  readonly gate: GateReport | null;
  /** The same as far as it differs where passes are chosen without the gate: what the gate costs. */
  readonly ungated: Ungated | null;
};

export type Ungated = Pick<Judgement, 'own' | 'best' | 'pair_completeness' | 'calibration_error'> & {
  readonly passes: number;
};

export type Evaluating = {
  readonly encoding: Encoding;
  readonly effects: EvaluationEffects;
  /** Where exact tokens are joined. */
  readonly session: Session;
  /** A model learned elsewhere; without it, one is learned. */
  readonly parameters?: Parameters;
};

/** An evaluation, and the model that has decided; null where exact tokens have. */
export type Evaluated = { readonly evaluation: Evaluation; readonly parameters: Parameters | null };

/** More rows are not sealed a second time to tell what the gate costs. */
const MOST_SEALED_TWICE = 50_000;

/**
 * Encodes sources with a fresh key, links them, and only then compares with the truth. The linker is given rows in
 * random order and nothing that only the judge may know.
 */
export async function evaluateLinkage(
  config: EvaluationConfig,
  sources: readonly Source[],
  { encoding, effects, session, parameters }: Evaluating,
): Promise<Evaluated> {
  const clock = stopwatch(effects.elapsed);
  const draw = drawing(effects.seed);
  const shuffledSources = sources.map((source) => inRandomOrder(source, draw));
  const work = {
    config,
    sources: shuffledSources,
    draw,
    clock,
    keys: freshKeys(effects, sources.length),
    parameters,
  };
  const { outcome, gate, ungated, crowded } =
    encoding === 'exact'
      ? { outcome: await byTokens(work, session), gate: null, ungated: null, crowded: [] }
      : await byModel(work, encoding, session);
  const { judged, passes, health } = outcome;
  const { eachTwo } = outcome;
  const pairwise =
    eachTwo === undefined ? null : clock('pairwise', () => pairwiseOf(shuffledSources, eachTwo()));
  const seconds = clock.seconds();
  const told = {
    encoding,
    seed: effects.seed,
    seconds,
    pairwise,
    passes,
    gate,
    ungated,
    health,
    crowded_duplicates: crowded,
    repeated_rows: sources.map(repeatedRows),
  };
  return { evaluation: { ...told, ...judge(judged) }, parameters: outcome.parameters };
}

const repeatedRows = ({ rows }: Source): number =>
  rows.length - new Set(rows.map((row) => JSON.stringify(row))).size;

type Work = {
  readonly config: EvaluationConfig;
  readonly sources: readonly Source[];
  readonly draw: Draw;
  readonly clock: Stopwatch;
  readonly keys: Keys;
  readonly parameters: Parameters | undefined;
};

async function byTokens({ config, sources, clock, keys }: Work, session: Session): Promise<Outcome> {
  const linking = { sources, oneToOne: config.one_to_one, keys: keys.keys };
  const { persons, candidates } = await clock.later('link', () => linkExact(session, linking));
  const own = pairsWithin(persons);
  const judged = {
    sources,
    chosen: own,
    own,
    unseen: own,
    threshold: 1,
    expected: null,
    ties: 0,
    candidates,
  };
  return { judged, passes: [], health: [], parameters: null, eachTwo: undefined };
}

type Modelled = {
  readonly outcome: Outcome;
  readonly gate: GateReport | null;
  readonly ungated: Ungated | null;
  readonly crowded: readonly number[];
};

/** Where the gate lets no pass through, exact tokens are all there is, as in the pipeline. */
async function byModel(work: Work, encoding: Encoding, session: Session): Promise<Modelled> {
  const { config, clock } = work;
  const fields = clock('plan', () => fieldsOf(work.sources));
  const clear = encoding === 'clear';
  const owners = clock('owners', () => ownersOf({ ...work, fields }));
  const crowded = owners.map((owner) => owner.crowded);
  const linkBy = (passes: readonly SealingPass[], its: Stopwatch): Outcome => {
    const sealing: Sealing = { ...fields, passes };
    return linkByModel({ ...work, owners, sealing, clock: its, clear });
  };
  if (encoding !== 'default') {
    const passes = clock('plan', () => ungatedPasses(owners, config));
    return { outcome: linkBy(passes, clock), gate: null, ungated: null, crowded };
  }
  const { passes, report } = clock('plan', () => gatedPasses(owners, config));
  const outcome = passes.length === 0 ? await byTokens(work, session) : linkBy(passes, clock);
  const rows = owners.reduce((sum, owner) => sum + owner.rows.length, 0);
  if (rows > MOST_SEALED_TWICE) return { outcome, gate: report, ungated: null, crowded };
  const silent = stopwatch(() => 0);
  const ungated = clock('ungated', () =>
    judgedUngated(ungatedPasses(owners, config), (all) => linkBy(all, silent)),
  );
  return { outcome, gate: report, ungated, crowded };
}

function judgedUngated(
  passes: readonly SealingPass[],
  linkBy: (passes: readonly SealingPass[]) => Outcome,
): Ungated {
  const { own, best, pair_completeness, calibration_error } = judge(linkBy(passes).judged);
  return { own, best, pair_completeness, calibration_error, passes: passes.length };
}

function inRandomOrder(source: Source, draw: Draw): Source {
  const order = [...shuffled(source.rows.length, draw)];
  const pick = <Value>(values: readonly Value[]): Value[] =>
    order.flatMap((place) => values.slice(place, place + 1));
  const { group } = source;
  return {
    name: source.name,
    rows: pick(source.rows),
    truth: pick(source.truth),
    group: group === undefined ? undefined : pick(group),
  };
}

const TERMS: LinkageTerms = { id: 'evaluation', linkage: { epoch: 'evaluation', rules: [] } };

function freshKeys({ randomKey }: EvaluationEffects, owners: number): Keys {
  const own = Array.from({ length: owners }, () => deriveKeys(randomKey(), TERMS));
  return { keys: deriveKeys(randomKey(), TERMS), own };
}
