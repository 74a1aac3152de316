import type { Scratch, ScratchFile, Session } from '@throughline/engine';
import type { PlannedExtract } from '../plan/plan.js';
import { addValues, canonicalRows, makeValues } from './values.js';

/** So many bytes of canonical CSV are loaded at a time: large enough to be quick, small enough that the last is soon done. */
const PART = 8 * 1024 ** 2;

type Place = {
  readonly session: Session;
  readonly scratch: Scratch;
  /** Bytes of a part. */
  readonly part?: number;
};

/**
 * A canonical file that the database loads in parts while the next one is written, so that reading and loading share
 * the processor's cores. What is written at a time are whole rows.
 *
 * @returns the file; once it is closed, all rows are in the table of the extract's values.
 */
export function loadingFile({ session, scratch, part = PART }: Place, extract: PlannedExtract): ScratchFile {
  let parts = 0;
  let bytes = 0;
  let writing: ScratchFile | undefined;
  let loading: Promise<Loaded> = Promise.resolve({});
  const open = (): ScratchFile => {
    writing ??= scratch.create(`${extract.tables.values}.${parts}.csv`);
    return writing;
  };
  /** The part before has to be loaded: there are never more than two. */
  const load = async (): Promise<void> => {
    const file = open();
    await file.close();
    await loaded(loading);
    const rows = canonicalRows(extract, file.path);
    loading = settled((parts === 0 ? makeValues : addValues)(session, extract, rows));
    writing = undefined;
    parts += 1;
    bytes = 0;
  };
  return {
    path: '',
    write: async (piece) => {
      await open().write(piece);
      bytes += piece.length;
      if (bytes >= part) await load();
    },
    close: async () => {
      if (parts === 0 || bytes > 0) await load();
      await loaded(loading);
    },
  };
}

/** A failure is kept for whoever waits next: nobody may be waiting when it happens. */
type Loaded = { readonly failure?: unknown };

const settled = (loading: Promise<unknown>): Promise<Loaded> =>
  loading.then(
    () => ({}),
    (failure: unknown) => ({ failure }),
  );

async function loaded(loading: Promise<Loaded>): Promise<void> {
  const { failure } = await loading;
  if (failure !== undefined) throw failure;
}
