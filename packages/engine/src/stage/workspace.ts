import { join } from 'node:path';
import { openSession, type Session } from '../database/session.js';
import { makeFreshFolder, removeFolder } from '../files/durable.js';
import { type Scratch, scratchIn } from '../files/scratch.js';

/** A database and a folder of its own for work that leaves nothing behind. */
export type Workspace = { readonly session: Session; readonly scratch: Scratch };

export type WorkspaceRequest = {
  /** The folder is made anew and removed at the end. */
  readonly folder: string;
  readonly limits: { readonly memory: string; readonly threads: number };
};

/**
 * Works in a locked-down database and a private folder, and removes both. What is to last is made by a stage.
 *
 * @throws ThroughlineError OUTPUT_UNWRITABLE, DATABASE_FAILED.
 */
export async function withWorkspace<T>(
  { folder, limits }: WorkspaceRequest,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  await makeFreshFolder(folder);
  let session: Session | undefined;
  try {
    session = await openSession({ folders: [folder], spill: join(folder, 'spill'), ...limits });
    return await work({ session, scratch: scratchIn(folder) });
  } finally {
    session?.close();
    await removeFolder(folder);
  }
}
