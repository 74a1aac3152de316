import type { ErrorEntry } from './entry.js';

/** Disk, memory, ports and limits. Exit status 15. */
export const resourcesErrors = {
  RUN_LOCKED: {
    exit: 15,
    meaning: 'Another run is at work in this folder.',
    remedy: 'Wait for it to end. A run that died leaves no lock that the next one would respect.',
  },
  OUTPUT_UNWRITABLE: {
    exit: 15,
    meaning: 'A file or folder cannot be written.',
    remedy: 'Check the space and the permissions. The last good state is untouched.',
  },
  OUTPUT_EXISTS: {
    exit: 15,
    meaning: 'What was to be written is there already.',
    remedy: 'Give another folder, or remove the old one yourself. Nothing was written.',
  },
  DISK_SHORT: {
    exit: 15,
    meaning: 'There may not be room on the disk for what the run would write, beside the last good state.',
    remedy: 'Free the space that is missing, or move the state folder. Nothing was begun.',
  },
  MEMORY_SHORT: {
    exit: 15,
    meaning:
      'The memory limit of the pipeline is more than the machine has, or than it lets this process have.',
    remedy: 'Set `limits.memory` in the pipeline below that, or give the machine more. Nothing was begun.',
  },
  PORT_TAKEN: {
    exit: 15,
    meaning: 'The port is used by another program, or may not be used.',
    remedy: 'Give another with --port, or leave it out: then a free one is taken.',
  },
  LOG_ENTRY_TOO_LONG: {
    exit: 15,
    meaning: 'What a stage has to log does not fit into an entry: it has hundreds of inputs and documents.',
    remedy: 'Divide the partners between several pipelines. Nothing was renamed into place.',
  },
  OUT_OF_MEMORY: {
    exit: 15,
    meaning: 'The database ran out of memory or of room for temporary files.',
    remedy: 'Raise the memory limit or free disk space. The last good state is untouched.',
  },
  TABLES_TOO_LARGE: {
    exit: 15,
    meaning: 'The tables have more cells or combinations than can be protected together.',
    remedy: 'Leave out a table or a margin, or use coarser columns. Nothing was written.',
  },
} as const satisfies Record<string, ErrorEntry>;
