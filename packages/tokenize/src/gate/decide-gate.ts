import type { EncodingTerms, Profile } from '@throughline/agreement';

/*
 * Who may seal what. The thresholds are those at which attacks with a thousand known children named at most one
 * other row in a hundred; docs/explanation/privacy.md has the figures.
 */
export const LEAST_PERSONS = 10_000;
const OVERLAP_OF_SMALL_FILES = 0.6;

/** Whether two partners of whom much is expected to overlap may seal files of any size. */
export const mayBeSmall = ({ expected_overlap = 0 }: Pick<EncodingTerms, 'expected_overlap'>): boolean =>
  expected_overlap >= OVERLAP_OF_SMALL_FILES;

export const LARGE_FILE = 30_000;
const UNIQUE_IN_LARGE_FILES = 0.9;
const UNIQUE = 0.95;
/**
 * Of a record with other persons, in all passes together: it is their sum, and what share of a file the known
 * children are, that decides how far an attacker gets. Less of a smaller file; one of 30,000 may have them all.
 */
const MOST_MEETINGS = 0.9;

export type PartnerPlan = {
  readonly partner: string;
  readonly persons: number;
  readonly passes: ReadonlyMap<string, { readonly uniqueShare: number; readonly meetingRate: number }>;
};

export type GateAsked = {
  readonly plans: readonly PartnerPlan[];
  readonly passes: readonly string[];
  readonly terms: Pick<EncodingTerms, 'profile' | 'expected_persons' | 'expected_overlap'>;
  /** LEAST_PERSONS but for synthetic people. */
  readonly leastPersons: number;
  /** LARGE_FILE but for synthetic people. */
  readonly largeFile: number;
};

export type GatePass = {
  readonly pass: string;
  readonly used: boolean;
  readonly reason: 'used' | 'not unique' | 'too many meetings';
  readonly uniqueShare: number;
  readonly meetings: number;
};
export type GatePartner = {
  readonly partner: string;
  readonly persons: number;
  readonly seals: boolean;
  readonly reason: 'seals' | 'too small' | 'agreed on tokens';
};
export type GateDecision = {
  readonly profile: Profile;
  readonly reason: 'agreed' | 'fewer than two files large enough' | 'no pass unique enough';
  readonly uniqueShare: number;
  /** Of a record with other persons, in all passes together. */
  readonly meetingsAllowed: number;
  readonly partners: readonly GatePartner[];
  readonly passes: readonly GatePass[];
};

/**
 * Decides for an epoch which partners seal and which passes all of them use. Where fewer than two may, or no pass is
 * left, the profile falls back to `tokens`.
 */
export function decideGate({ plans, passes, terms, leastPersons, largeFile }: GateAsked): GateDecision {
  const twoOverlap = plans.length === 2 && mayBeSmall(terms);
  const seals = ({ persons }: PartnerPlan) => twoOverlap || persons >= leastPersons;
  const sealing = terms.profile === 'tokens' ? [] : plans.filter(seals);
  const uniqueShare = requiredShare(sealing, terms.profile, largeFile);
  const meetingsAllowed = allowedMeetings(sealing, largeFile);
  const judged = judgedPasses(passes, {
    sealing,
    uniqueShare,
    meetingsAllowed,
    expected: terms.expected_persons,
  });
  const { profile, reason } = outcome(terms.profile, sealing, judged);
  const partners = plans.map((plan): GatePartner => {
    const { partner, persons } = plan;
    const small = terms.profile === 'tokens' ? 'agreed on tokens' : 'too small';
    const able = sealing.includes(plan);
    return { partner, persons, seals: able && profile !== 'tokens', reason: able ? 'seals' : small };
  });
  return { profile, reason, uniqueShare, meetingsAllowed, partners, passes: judged };
}

function requiredShare(sealing: readonly PartnerPlan[], profile: Profile, largeFile: number): number {
  const two = sealing.length === 2 && sealing.every(({ persons }) => persons >= largeFile);
  return two && profile !== 'sealed-high-risk' ? UNIQUE_IN_LARGE_FILES : UNIQUE;
}

const allowedMeetings = (sealing: readonly PartnerPlan[], largeFile: number): number =>
  sealing.length === 0
    ? 0
    : MOST_MEETINGS * Math.min(1, Math.min(...sealing.map(({ persons }) => persons)) / largeFile);

type Judging = {
  readonly sealing: readonly PartnerPlan[];
  readonly uniqueShare: number;
  readonly meetingsAllowed: number;
  readonly expected: number | undefined;
};

/** In the order of the memorandum, the best first: a pass is used as long as the meetings of all allow it. */
function judgedPasses(passes: readonly string[], judging: Judging): GatePass[] {
  let left = judging.meetingsAllowed;
  return passes.map((pass) => {
    const judged = judgedPass(pass, judging, left);
    if (judged.used) left -= judged.meetings;
    return judged;
  });
}

/** A pass that some file has no values of has no share there, and is not used. */
function judgedPass(pass: string, { sealing, uniqueShare, expected }: Judging, left: number): GatePass {
  const found = sealing.map(({ passes }) => passes.get(pass) ?? { uniqueShare: 0, meetingRate: 0 });
  const lowest = Math.min(1, ...found.map((each) => each.uniqueShare));
  const largest = Math.max(0, ...sealing.map(({ persons }) => persons));
  const rate = Math.max(0, ...found.map((each) => each.meetingRate));
  const meetings = Math.max(0, sealing.length - 1) * rate * Math.max(largest, expected ?? 0);
  const rare = found.length > 0 && lowest >= uniqueShare;
  const few = meetings <= left;
  const reason = rare ? (few ? 'used' : 'too many meetings') : 'not unique';
  return { pass, used: rare && few, reason, uniqueShare: found.length > 0 ? lowest : 0, meetings };
}

function outcome(
  profile: Profile,
  sealing: readonly PartnerPlan[],
  passes: readonly GatePass[],
): Pick<GateDecision, 'profile' | 'reason'> {
  if (profile === 'tokens') return { profile, reason: 'agreed' };
  if (sealing.length < 2) return { profile: 'tokens', reason: 'fewer than two files large enough' };
  if (!passes.some(({ used }) => used)) return { profile: 'tokens', reason: 'no pass unique enough' };
  return { profile, reason: 'agreed' };
}
