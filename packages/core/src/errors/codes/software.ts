import type { ErrorEntry } from './entry.js';

/** What only a mistake in the software, or in what it stands on, can cause. Exit status 1. */
export const softwareErrors = {
  BUG: {
    exit: 1,
    meaning: 'Something happened that the software does not expect.',
    remedy:
      'Report the code, the step and the version. Nothing was published; the last good state is untouched.',
  },
  DATABASE_FAILED: {
    exit: 1,
    meaning: 'The database refused a statement. Its words are withheld, since they may hold values.',
    remedy: 'Report the code, the step and the version. Nothing was written.',
  },
} as const satisfies Record<string, ErrorEntry>;
