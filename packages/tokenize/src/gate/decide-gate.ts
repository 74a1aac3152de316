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
 * Of a record with other persons, in all passes together, in a file of 30,000: it is their sum that decides how far
 * an attacker gets.
 */
const MOST_MEETINGS = 0.9;
/** The children of a file of 30,000 whom an attacker is taken to know. */
const KNOWN_OF_LARGE_FILE = 1_000;

/**
 * How many children of a file an attacker is taken to know where the memorandum does not say: 1,000 of 30,000, and
 * of a smaller file fewer of them but a larger share, as the square root of its size.
 */
export const childrenKnown = (persons: number, largeFile = LARGE_FILE): number =>
  Math.round(KNOWN_OF_LARGE_FILE * Math.min(1, Math.sqrt(persons / largeFile)));

export type PartnerPlan = {
  readonly partner: string;
  readonly persons: number;
  readonly passes: ReadonlyMap<string, { readonly uniqueShare: number; readonly meetingRate: number }>;
};

export type GateAsked = {
  readonly plans: readonly PartnerPlan[];
  readonly passes: readonly string[];
  readonly terms: Pick<EncodingTerms, 'profile' | 'expected_persons' | 'expected_overlap' | 'known_children'>;
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
  const meetingsAllowed = allowedMeetings(sealing, terms.known_children, largeFile);
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

/**
 * Rows that are named for each known child grow with the meetings of a record, so of a smaller file fewer are allowed.
 * With the square root of its size: what is read from the pattern of meetings by somebody who knows nobody grows with
 * their square, and stays the same share of the rows. Where the memorandum expects more children to be known, the
 * meetings fall in proportion, so that these name no larger share of the others than 1,000 of 30,000 do.
 */
function allowedMeetings(
  sealing: readonly PartnerPlan[],
  known: number | undefined,
  largeFile: number,
): number {
  if (sealing.length === 0) return 0;
  const size = Math.min(...sealing.map(({ persons }) => persons)) / largeFile;
  const ofKnown = known === undefined ? 1 : (size * KNOWN_OF_LARGE_FILE) / known;
  return MOST_MEETINGS * Math.min(1, Math.sqrt(size), ofKnown);
}

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
