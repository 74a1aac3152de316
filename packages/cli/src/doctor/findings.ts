import { type ErrorCode, errorCodes, type SafeName, safeName, ThroughlineError } from '@throughline/core';

type Words = { readonly grave: boolean; readonly meaning: string; readonly remedy: string };

/** What the doctor finds of itself, beside what a command would refuse with its own code. `grave` is to be mended before the next night. */
export const findingWords = {
  NODE_TOO_OLD: {
    grave: true,
    meaning: 'This Node is older than the software was written for.',
    remedy: 'Install Node 20.19 or newer.',
  },
  NODE_LOADS_MORE: {
    grave: true,
    meaning:
      'Node was told to load other code first, or to let a debugger in: it could read every key and every row.',
    remedy:
      'Start it without --require, --import, --loader and --inspect, on the command line and in NODE_OPTIONS.',
  },
  PACKAGE_DENIED: {
    grave: true,
    meaning: 'A version of a package is installed that was published by a thief.',
    remedy: 'Disconnect the machine, treat its keys as lost, and install from the lockfile of this software.',
  },
  RUN_BY_ROOT: {
    grave: false,
    meaning: 'This user may do anything on the machine, so a fault may reach anything.',
    remedy: 'Give the night a user of its own that owns the state folder and nothing else.',
  },
  SWAP_UNENCRYPTED: {
    grave: false,
    meaning: 'Memory with keys and names in it may be written to a disk that anybody who takes it can read.',
    remedy: 'Encrypt the swap with a random key at every start, use zram, or turn it off: swapoff.',
  },
  CLOCK_NOT_SET: {
    grave: false,
    meaning:
      'The service that keeps the clock has not set it yet. Agreements hold by the day that the clock says.',
    remedy: 'See timedatectl status, and let the machine reach its time server.',
  },
  CLOCK_BEHIND: {
    grave: true,
    meaning: 'The clock is behind what has been logged already: it jumped back, or it was ahead then.',
    remedy: 'Set the clock. Nothing that was made is lost; what is dated in between keeps its date.',
  },
  DISK_LOW: {
    grave: false,
    meaning: 'There is room for the next run, but not for the double of it.',
    remedy: 'Free space before the deliveries grow.',
  },
  FOLDER_EXPOSED: {
    grave: true,
    meaning: 'Other users of the machine can enter a folder of the state, or read a file in it.',
    remedy: 'chmod -R go= on the state folder, and set UMask=0077 for the service.',
  },
  FOLDER_FOREIGN: {
    grave: true,
    meaning: 'Something in the state belongs to another user: a run cannot replace it, or somebody else can.',
    remedy: 'chown -R it to the user of the night.',
  },
  STATE_LINKED: {
    grave: true,
    meaning: 'A link lies in the state folder; what it points to could be another file tomorrow.',
    remedy: 'Put the file itself there, or take the link away.',
  },
  DOCUMENTS_WRITABLE: {
    grave: false,
    meaning:
      'Other users can change the pipeline or a document. A changed document is refused by its signatures; a pipeline has none.',
    remedy: 'chmod go-w.',
  },
  LOCK_LEFT: {
    grave: false,
    meaning: 'A run that died left its lock.',
    remedy: 'Nothing: the next run takes it over and completes what was begun.',
  },
  REMAINS_LEFT: {
    grave: false,
    meaning: 'A run that died left files of its work. They may hold rows.',
    remedy: 'Start a run, or throughline housekeeping: either takes them away.',
  },
  PROGRAM_MISSING: {
    grave: false,
    meaning: 'A program is not installed that people use beside this software.',
    remedy: 'Install it: ssh-keygen comes with OpenSSH, age with the package of that name.',
  },
} as const satisfies Record<string, Words>;

export type FindingCode = keyof typeof findingWords | ErrorCode;

/** Something that is not as it should be: what, where, and what to do. */
export type Finding = {
  readonly code: FindingCode;
  readonly grave: boolean;
  readonly place: SafeName;
  readonly meaning: string;
  readonly remedy: string;
};

export const finding = (code: keyof typeof findingWords, place: string): Finding => ({
  code,
  place: safeName(place),
  ...findingWords[code],
});

/** What a command would refuse, as a finding. */
export function refusal({ code, details }: ThroughlineError, place: string): Finding {
  const { meaning, remedy } = errorCodes[code];
  const where = Object.entries(details).map(([name, value]) => `${name} ${String(value)}`);
  return { code, grave: true, place: safeName([place, ...where].join(', ')), meaning, remedy };
}

/** The findings of some work, or what it was refused with. */
export async function orRefusal(
  place: string,
  work: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof ThroughlineError) return [refusal(thrown, place)];
    throw thrown;
  }
}
