import { createHash } from 'node:crypto';
import { fstatSync, lstatSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { type SafeName, type Sha256, safeName, ThroughlineError } from '@throughline/core';
import { namesIn } from './durable.js';
import { openOrdinary, orNone, piecesOf } from './ordinary.js';

/** A delivered file that stands still. */
export type Landed = {
  readonly sha256: Sha256;
  readonly bytes: number;
  /** When it was written last, in milliseconds since 1970. */
  readonly modifiedAt: number;
  /** Whether its last byte ends a line. */
  readonly endsWithBreak: boolean;
};

/** What a transfer calls a file until it is whole: beside it with an ending, or hidden as rsync does. */
const PARTIAL_ENDINGS = [
  '.partial',
  '.part',
  '.tmp',
  '.temp',
  '.filepart',
  '.crdownload',
  '.download',
  '.swp',
];

const refused = (name: SafeName, rule: string) =>
  new ThroughlineError('EXTRACT_REFUSED', { name, rule: safeName(rule) });

/** A second name of a file is a way for somebody else to change it. @throws ThroughlineError EXTRACT_REFUSED */
export function requireOneName({ nlink }: Stats, name: SafeName): void {
  if (nlink > 1) throw refused(name, 'a file of one name: no hard link');
}

/**
 * Looks at a delivered file: an ordinary one in an inbox that is a folder, of one name, with no partial file beside
 * it, and the same after it was read as before.
 *
 * @param extract how to call it; the name of the file may tell something of somebody.
 * @throws ThroughlineError EXTRACT_MISSING, EXTRACT_REFUSED, EXTRACT_LANDING.
 */
export async function landedFile(inbox: string, file: string, extract: SafeName): Promise<Landed> {
  await requireFolder(inbox, extract);
  if (await isBeingDelivered(inbox, file)) throw new ThroughlineError('EXTRACT_LANDING', { name: extract });
  const refusal = { missing: 'EXTRACT_MISSING', refused: 'EXTRACT_REFUSED', name: extract } as const;
  const opened = await openOrdinary(join(inbox, file), refusal);
  const { fd, bytes, stats } = opened;
  try {
    requireOneName(stats, extract);
    if (bytes === 0) throw new ThroughlineError('EXTRACT_REFUSED', { name: extract, bytes });
    const read = createHash('sha256');
    let last = 0;
    for await (const piece of piecesOf(opened)) {
      read.update(piece);
      last = piece.at(-1) ?? last;
    }
    if (!isSame(stats, fstatSync(fd))) throw new ThroughlineError('EXTRACT_LANDING', { name: extract });
    const sha256 = read.digest('hex') as Sha256;
    return { sha256, bytes, modifiedAt: stats.mtimeMs, endsWithBreak: last === 0x0a || last === 0x0d };
  } finally {
    opened.close();
  }
}

async function requireFolder(inbox: string, extract: SafeName): Promise<void> {
  const found = orNone(() => lstatSync(inbox));
  if (found === undefined) throw new ThroughlineError('EXTRACT_MISSING', { name: extract });
  if (!found.isDirectory()) throw refused(extract, 'an inbox that is a folder: no link');
}

const isBeingDelivered = async (inbox: string, file: string): Promise<boolean> =>
  isPartial(await namesIn(inbox), file);

/** Whether a file is still being copied, by what lies beside it. */
export function isPartial(names: readonly string[], file: string): boolean {
  const hidden = new RegExp(`^\\.${escaped(file)}\\.[A-Za-z0-9]{4,12}$`);
  return names.some((name) => PARTIAL_ENDINGS.some((end) => name === `${file}${end}`) || hidden.test(name));
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

const isSame = (one: Stats, other: Stats): boolean =>
  one.size === other.size && one.mtimeMs === other.mtimeMs && one.ino === other.ino;
