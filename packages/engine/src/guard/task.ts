/** The file that a guarded task reads: an ordinary file, opened by the parent. */
export type GuardedSource = {
  readonly bytes: number;
  /** Up to `length` bytes from an offset; fewer at the end of the file only. */
  readonly read: (offset: number, length: number) => Uint8Array;
  /** All bytes in pieces, from the start. */
  readonly pieces: () => Generator<Uint8Array>;
  /** The descriptor, for libraries that read files themselves. */
  readonly descriptor: number;
};

/**
 * Work on a hostile file in a process of its own. It sees the file's bytes and its job, no path, no environment, no
 * key, and gives bytes back.
 */
export type GuardedTask = (
  job: unknown,
  around: { readonly source: GuardedSource; readonly write: (bytes: Uint8Array | string) => void },
) => Promise<void>;

/** What the child tells at its end. */
export type Ending =
  | { readonly ending: 'done' }
  | { readonly ending: 'refused'; readonly code: string; readonly details: Readonly<Record<string, unknown>> }
  | { readonly ending: 'failed'; readonly memory: boolean };

/** What the parent sends at the start. */
export type Start = { readonly module: string; readonly job: unknown; readonly bytes: number };
