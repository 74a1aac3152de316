import { basename } from 'node:path';
import type { DocumentSet } from '@throughline/agreement';
import { readDocumentFolders } from '@throughline/engine';
import type { Effects } from '../effects.js';
import { type Pipeline, readPipeline } from '../pipeline/pipeline.js';
import { type Folders, foldersOf } from './folders.js';

/** A pipeline with its documents and folders, on one day. */
export type Project = {
  readonly pipeline: Pipeline;
  readonly documents: DocumentSet;
  readonly folders: Folders;
  readonly day: string;
};

/** Reads a pipeline and its documents. @throws ThroughlineError of exit status 10. */
export async function openProject(file: string, effects: Effects): Promise<Project> {
  const pipeline = await readPipeline(file);
  const folders = pipeline.documents.map((path) => ({ name: basename(path), path: pipeline.resolve(path) }));
  return {
    pipeline,
    documents: await readDocumentFolders(folders),
    folders: foldersOf(pipeline),
    day: pipeline.clock ?? effects.now().toISOString().slice(0, 10),
  };
}
