import { canonicalJson, type Json, type Sha256 } from '@throughline/core';
import { below, readText, type StageOutcome, sha256Of } from '@throughline/engine';
import { type Effects, SOFTWARE } from '../effects.js';
import type { Project } from '../project/project.js';

/** What every run writes anew, whatever it finds. */
const OF_EVERY_RUN = ['run.lock', 'runs.json', 'work'];

/**
 * One hash over everything that the pages of a night tell of, and over the pages as they lie there: the pipeline and its
 * documents, the day, the outcome of every stage, and each file of the state by name, size and time of its last change.
 * Artifacts are in it by their identity, which was checked by hash; size and time only tell whether a page must be
 * written again.
 */
export async function toldFrom(
  project: Project,
  outcomes: readonly StageOutcome[],
  { workingFolder }: Effects,
): Promise<Sha256> {
  const { emous, dsas, duls, policies, manifests } = project.documents;
  const documents = [...emous, ...dsas, ...duls, ...policies, ...manifests];
  const files = await below(project.folders.state, OF_EVERY_RUN);
  return sha256Of(
    canonicalJson({
      software: SOFTWARE,
      // Places are told as they are reached from here.
      from: workingFolder,
      day: project.day,
      pipeline: sha256Of(await readText(project.file)),
      documents: documents.map(({ sha256, standing }) => [sha256, standing as Json]),
      outcomes: outcomes.map(({ artifacts }) => artifacts),
      files: files
        .filter(({ kind }) => kind === 'file')
        .map(({ path, bytes, modified }) => [path, bytes, modified]),
    }),
  );
}
