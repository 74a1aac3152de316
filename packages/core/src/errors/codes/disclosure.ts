import type { ErrorEntry } from './entry.js';

/** What would give a child away. Exit status 14. */
export const disclosureErrors = {
  RELEASE_FROZEN: {
    exit: 14,
    meaning: 'The release candidate is frozen already, under the number named.',
    remedy: 'Nothing is to be done; run a night to make another candidate.',
  },
  RELEASE_NOT_SUBMITTED: {
    exit: 14,
    meaning: 'There is no request to publish this candidate, or it is about other files than lie there.',
    remedy:
      'Run `throughline release candidate`, which asks anew. A changed file takes every approval with it.',
  },
  RELEASE_NOT_APPROVED: {
    exit: 14,
    meaning:
      'The release has a table of a new shape, or is under new rules, and not enough people approved it.',
    remedy:
      'Have two people sign the request: `throughline release review` shows it and how. Who asked for the release does not count.',
  },
  RELEASE_REFUSED_BY_REVIEW: {
    exit: 14,
    meaning: 'Somebody who may approve the release has returned or rejected it.',
    remedy: 'Read the reason with `throughline release review`, change what is asked for and ask anew.',
  },
  RELEASE_TOO_SOON: {
    exit: 14,
    meaning: 'A release of this day was published already; numbers of one day must be of one night.',
    remedy: 'Publish the candidate of another day.',
  },
  RELEASE_NOT_SETTLED: {
    exit: 14,
    meaning: 'The days that are counted ended too lately: late records of them may still come in.',
    remedy:
      'Publish after the day that is named, or count a period that ended earlier: `settling_days` of the agreements says how long.',
  },
  RELEASE_NOT_COSIGNED: {
    exit: 14,
    meaning:
      'The log has the release, but too few witnesses have cosigned it, so that it has not appeared yet.',
    remedy:
      'Have the witnesses run `throughline log witness` and put what it writes where `log.witnesses.notes` says; then run `throughline release publish` again.',
  },
  RELEASE_LEDGER_BROKEN: {
    exit: 14,
    meaning:
      'The ledger of published releases is not what the log says: an entry is missing, altered, or one too many.',
    remedy:
      '`throughline restore` from the latest backup puts `desk/ledger` and `published` back; then run again. What was linked and counted is kept, the candidate is that of the night before, and what is out stays as it was. Until the ledger is whole nothing is made or published beside it.',
  },
  RELEASE_UNSAFE: {
    exit: 14,
    meaning: 'The attacker can still work out a count that must not be known.',
    remedy: 'Drop the table or the margin that is named, or coarsen it. Nothing was written.',
  },
  RELEASE_IDENTIFIER: {
    exit: 14,
    meaning: 'A released file holds something that is not a released cell.',
    remedy: 'Report this: it should not be possible. Nothing was written.',
  },
  ENCODING_TOO_WEAK: {
    exit: 14,
    meaning: 'An attack on the encodings got further than the memorandum allows.',
    remedy:
      'Read encoding.html. Agree on fewer passes, a larger unique share or exact tokens only; begin no epoch until it passes.',
  },
  ASSESSMENT_VOID: {
    exit: 14,
    meaning: 'An attack did not break what it must break, so that nothing is known of what it did not break.',
    remedy: 'Assess more children. If that changes nothing, report it: the attack is broken.',
  },
} as const satisfies Record<string, ErrorEntry>;
