import type { ErrorEntry } from './entry.js';

/** How a command was called. Exit status 2. */
export const usageErrors = {
  USAGE: {
    exit: 2,
    meaning: 'The command line does not fit the command.',
    remedy: 'Run the command with --help.',
  },
  HOLD_UNKNOWN: {
    exit: 2,
    meaning: 'There is no hold of this name, or it has been decided or overtaken already.',
    remedy: 'See `throughline hold list`.',
  },
  RELEASE_UNKNOWN: {
    exit: 2,
    meaning: 'No release of this number was published, or none that rests on this agreement.',
    remedy: 'See the folder `published`.',
  },
  SECRET_ON_COMMAND_LINE: {
    exit: 2,
    meaning: 'A key was given as an argument or in the environment, where other users can read it.',
    remedy:
      'Put the key in a file with mode 0600 and give its path. Treat the exposed key as lost: make a new epoch.',
  },
} as const satisfies Record<string, ErrorEntry>;
