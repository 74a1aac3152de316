/** Reads a sequence of bytes piece by piece, forward only. */
export type PieceReader = {
  /** A line without its end; undefined where there is none within so many bytes. */
  readonly line: (longest: number) => Promise<string | undefined>;
  /** So many bytes at once; undefined where it ends before. */
  readonly bytes: (count: number) => Promise<Uint8Array | undefined>;
  /** So many bytes in pieces; fewer where it ends before. */
  readonly pieces: (count: number) => AsyncGenerator<Uint8Array>;
  readonly ended: () => Promise<boolean>;
  readonly close: () => Promise<void>;
};

const NEW_LINE = 0x0a;

export function pieceReader(source: AsyncIterable<Uint8Array>): PieceReader {
  const iterator = source[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array(0);
  let isOver = false;

  /** Makes sure that something is held, unless all is read. */
  const fill = async (): Promise<boolean> => {
    while (held.length === 0 && !isOver) {
      const next = await iterator.next();
      if (next.done === true) isOver = true;
      else held = next.value;
    }
    return held.length > 0;
  };
  const take = (count: number): Uint8Array => {
    const taken = held.subarray(0, count);
    held = held.subarray(count);
    return taken;
  };
  async function* pieces(count: number): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0 && (await fill()); ) {
      const piece = take(left);
      left -= piece.length;
      yield piece;
    }
  }
  const bytes = async (count: number): Promise<Uint8Array | undefined> => {
    const found: Uint8Array[] = [];
    for await (const piece of pieces(count)) found.push(piece);
    const all = Buffer.concat(found);
    return all.length === count ? all : undefined;
  };
  const line = async (longest: number): Promise<string | undefined> => {
    const found: number[] = [];
    while (found.length <= longest && (await fill())) {
      const [byte = 0] = take(1);
      if (byte === NEW_LINE) return Buffer.from(found).toString('latin1');
      found.push(byte);
    }
    return undefined;
  };
  return {
    line,
    bytes,
    pieces,
    ended: async () => !(await fill()),
    close: async () => void (await iterator.return?.()),
  };
}
