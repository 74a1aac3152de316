import type { ErrorEntry } from './entry.js';

/** What would give a child away. Exit status 14. */
export const disclosureErrors = {
  RELEASE_FROZEN: {
    exit: 14,
    meaning: 'The release candidate is frozen already, under the number named.',
    remedy: 'Nothing is to be done; run a night to make another candidate.',
  },
  RELEASE_UNSAFE: {
    exit: 14,
    meaning: 'The attacker can still work out a count that must not be known.',
    remedy: 'Drop a table or a dimension from the release. Nothing was written.',
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
