import { pooled, type Share, shareOf } from './interval.js';

/** What one attack achieved in one setting with one seed. */
export type Outcome = {
  readonly attack: AttackName;
  /** Such as `3 files, overlap .3, 1,000 known`. */
  readonly setting: string;
  readonly encoding: string;
  readonly count: number;
  readonly of: number;
  readonly gate: Gate | null;
};

/** Which limit of the memorandum judges an outcome; without one it is told and not judged. */
export type Gate = { readonly limit: number; readonly at: 'most' | 'least'; readonly control: boolean };
export const atMost = (limit: number): Gate => ({ limit, at: 'most', control: false });
/** The attack must succeed here, or it proves nothing anywhere. */
export const control = (limit: number): Gate => ({ limit, at: 'least', control: true });

export const attackNames = [
  'known children, propagated',
  'dictionary without the key',
  'frequency alignment',
  'known plaintext, from a list',
  'unsupervised graph',
  'seeded graph',
  'patterns of meetings',
  'presence told',
  'absence told',
  'real slots told from filler',
  'sealed bytes show more than they should',
  'old rows changed in thirty nights',
  'fake registration, by changes',
  'fake registration, by meetings',
  'equal under another key, agreement or epoch',
  'with the key',
] as const;
export type AttackName = (typeof attackNames)[number];

export type Finding = {
  readonly attack: AttackName;
  readonly encoding: string;
  readonly setting: string;
  readonly share: Share;
  readonly bySeed: readonly number[];
  readonly gate: Gate | null;
  /** null where nothing is judged. */
  readonly passes: boolean | null;
};

/** Pools the seeds of each attack and setting, and judges them. */
export function findingsOf(outcomes: readonly Outcome[]): Finding[] {
  const settings = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    const key = JSON.stringify([attackNames.indexOf(outcome.attack), outcome.encoding, outcome.setting]);
    settings.set(key, [...(settings.get(key) ?? []), outcome]);
  }
  return [...settings.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const { attack, encoding, setting, gate } = first;
    const bySeed = same.map(({ count, of }) => shareOf(count, of));
    const share = pooled(bySeed);
    return {
      attack,
      encoding,
      setting,
      share,
      bySeed: bySeed.map((each) => each.share),
      gate,
      passes: judged(share, gate),
    };
  });
}

/** Of so few that a single one by chance would be too many, only what is surely too many fails. */
function judged({ share, low, of }: Share, gate: Gate | null): boolean | null {
  if (gate === null) return null;
  if (gate.at === 'least') return share >= gate.limit;
  return share <= gate.limit || (of * gate.limit < FEW && low <= gate.limit && gate.limit > 0);
}
const FEW = 5;

/** `void`: an attack did not break what it must break, so that nothing is known of the rest. */
export type Verdict = 'pass' | 'fail' | 'void';

export function verdictOf(findings: readonly Finding[]): Verdict {
  const failed = findings.filter(({ passes }) => passes === false);
  if (failed.some(({ gate }) => gate?.control === true)) return 'void';
  return failed.length > 0 ? 'fail' : 'pass';
}
