import { basename, join } from 'node:path';
import { copyFolder, exists, makePrivateFolder, removeFolder } from '@throughline/engine';
import { documentFolders, type Project } from '../project/project.js';
import { templates } from '../project/templates.js';

/**
 * Writes what it takes to verify anything of a project without the project: the log, and every document with its
 * signatures. None of it holds a value of a row, so it can go wherever a release goes. The keys are not in it:
 * whoever verifies has them by another way.
 */
export async function writeEvidence(project: Project, folder: string): Promise<void> {
  await removeFolder(folder);
  await makePrivateFolder(folder);
  await copyFolder(project.folders.log, join(folder, 'log'));
  const documents = join(folder, 'documents');
  await makePrivateFolder(documents);
  const folders = [...documentFolders(project.pipeline), { name: 'presets', path: templates.presets }];
  // A host of one partner has not the field manifests of the others.
  const there = await Promise.all(folders.map(({ path }) => exists(path)));
  for (const [index, { path }] of folders.filter((_, at) => there[at]).entries())
    await copyFolder(path, join(documents, `${String(index + 1).padStart(2, '0')}-${basename(path)}`));
}
