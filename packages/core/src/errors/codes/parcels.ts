import type { ErrorEntry } from './entry.js';

/** Parcels between hosts. Exit status 11. */
export const parcelsErrors = {
  PARCEL_UNREADABLE: {
    exit: 11,
    meaning:
      'A file in the inbox is no parcel that this host can open: it is encrypted to another host, cut off, or was changed on the way.',
    remedy:
      'Look at how it travels. The sender is told, and its next parcel takes the same number. Nothing of it was used; the last good state stays.',
  },
  PARCEL_MALFORMED: {
    exit: 11,
    meaning: 'A parcel breaks the form of parcels: the rule is told.',
    remedy: 'Our software does not write such parcels: ask the sender what wrote it. Nothing of it was used.',
  },
  PARCEL_OVER_LIMIT: {
    exit: 11,
    meaning: 'A parcel, or what it says that it holds, is larger than this host takes.',
    remedy:
      'If the sender is right, raise `host.largest_parcel` in the pipeline. Otherwise ask it. Nothing of it was used.',
  },
  PARCEL_UNSIGNED: {
    exit: 11,
    meaning: 'The signature of a parcel is by no key that the memorandum names for its sender on this day.',
    remedy:
      'Ask the sender which key it signs with, and compare with the memorandum. If it did not send the parcel, somebody else did.',
  },
  PARCEL_MISDIRECTED: {
    exit: 11,
    meaning:
      'A parcel is for another host, or holds what its sender may not send to this host under the roles of the memorandum.',
    remedy: 'Ask the sender; give it to the host that it names. Nothing of it was used.',
  },
  PARCEL_OTHER_AGREEMENT: {
    exit: 11,
    meaning:
      'A parcel rests on another memorandum, or on other bytes or another version of a document, than are in force here.',
    remedy:
      'Give both hosts the same signed documents. The parcel stays in the inbox and is looked at again at the next run.',
  },
  PARCEL_OTHER_EPOCH: {
    exit: 11,
    meaning: 'A parcel is of another epoch than the memorandum names here.',
    remedy:
      'Let sender and recipient begin the new epoch on the same night. The parcel stays in the inbox and is looked at again.',
  },
  PARCEL_REPLAYED: {
    exit: 11,
    meaning: 'A parcel has been taken in before.',
    remedy:
      'Nothing to do if the transfer copies old files again. If a recipient is shown old parcels on purpose, find out by whom.',
  },
  PARCEL_ROLLED_BACK: {
    exit: 11,
    meaning:
      'A parcel bears a number that another parcel of the sender had, or does not follow the one that was taken in last.',
    remedy:
      'The sender was restored from a backup, or two hosts send under one name. Let it receive the next parcel from here: its own next one then goes on from the count of this host.',
  },
  PARCEL_GAP: {
    exit: 11,
    meaning: 'Before this parcel come others of the same sender that have not arrived.',
    remedy:
      'Bring the missing ones. If they are lost for good, run `throughline receive --after-gap HOST`, which the log keeps.',
  },
  PARCEL_ALTERED: {
    exit: 11,
    meaning:
      'What a parcel holds is not what its signed header says, or is no whole artifact with exactly the declared tables.',
    remedy:
      'Have it sent again. If it is the same then, the sender runs another version of the software. Nothing of it was used.',
  },
} as const satisfies Record<string, ErrorEntry>;
