import type { ScratchFile } from '@throughline/engine';
import { type CanonicalBytes, canonicalBytes, canonicalCell, putText, takeOut } from './canonical.js';
import type { Pick, Picked } from './layout.js';

/** A value of a row; null where the source writes that there is none. */
export type Cell = string | null;

/** Why a row never became one. */
export type RejectedLine = { readonly line: number; readonly reason: string };

/** What came of reading an extract. `rows`: all of them, also the rejected. */
export type ReadTally = {
  readonly rows: number;
  readonly rejected: readonly RejectedLine[];
  /** Control characters that were stripped. */
  readonly stripped: number;
  /** The encoding that was used; null for containers that have one of their own. */
  readonly encoding: string | null;
};

/**
 * Takes an extract's rows one by one and writes them, as canonical CSV, to scratch: UTF-8, comma, RFC 4180 quotes,
 * no header, first the line number, then the columns; no line breaks within, and the empty text where there is no
 * value. DuckDB then reads one dialect only.
 */
export type RowSink = {
  readonly row: (line: number, cells: readonly Cell[]) => void;
  /** A row whose values are still to be picked from the cells of the source. */
  readonly picked: (line: number, cells: readonly Cell[], picks: readonly Pick[]) => void;
  readonly reject: (line: number, reason: string) => void;
  /** For a reader that writes rows as bytes itself, and then says how many they are. */
  readonly canonical: CanonicalBytes;
  readonly wrote: (rows: number) => void;
  readonly stripped: (characters: number) => void;
  readonly readAs: (encoding: string) => void;
  /** To be awaited now and then: waits for the disk, if there is something to wait for. */
  readonly flush: () => Promise<void> | undefined;
  readonly close: () => Promise<ReadTally>;
};

type SourceRow = { readonly line: number; readonly cells: readonly Cell[] };

/** Writes the rows that a row of the source is. */
export function takeRows({ line, cells }: SourceRow, { picks, unfold }: Picked, sink: RowSink): void {
  if (unfold === undefined) sink.picked(line, cells, picks);
  else for (const row of unfold(cells)) sink.picked(line, row, picks);
}

const ENOUGH = 1 << 18;

export function rowSink(file: ScratchFile): RowSink {
  const rejected: RejectedLine[] = [];
  let rows = 0;
  let stripped = 0;
  let encoding: string | null = null;
  const canonical = canonicalBytes();
  const write = (): Promise<void> => file.write(takeOut(canonical));
  return {
    row: (line, cells) => {
      rows += 1;
      let text = String(line);
      for (const cell of cells) text += canonicalColumn(cell);
      putText(canonical, `${text}\n`);
    },
    picked: (line, cells, picks) => {
      rows += 1;
      let text = String(line);
      for (const pick of picks) text += canonicalColumn(pick(cells));
      putText(canonical, `${text}\n`);
    },
    canonical,
    wrote: (written) => {
      rows += written;
    },
    reject: (line, reason) => {
      rows += 1;
      rejected.push({ line, reason });
    },
    stripped: (characters) => {
      stripped += characters;
    },
    readAs: (used) => {
      encoding = used;
    },
    flush: () => (canonical.size > ENOUGH ? write() : undefined),
    close: async () => {
      if (canonical.size > 0) await write();
      await file.close();
      return { rows, rejected, stripped, encoding };
    },
  };
}

const canonicalColumn = (cell: Cell): string => (cell === null ? ',' : `,${canonicalCell(cell)}`);
