import type { Effects } from '../effects.js';
import type { Project } from '../project/project.js';
import type { ManifestActions } from './manifest.js';

export type InProject = (
  pipeline: string,
  work: (project: Project, effects: Effects) => Promise<void>,
) => Promise<void>;

/** The commands of `throughline manifest`; what is heavy is imported when one runs. */
export const manifestActions = (inProject: InProject, effects: () => Promise<Effects>): ManifestActions => ({
  manifestExport: (pipeline, asked, options) =>
    inProject(pipeline, async (project, around) => {
      const { exportManifest } = await import('../manifest/export.js');
      await exportManifest(project, { asked, ...options }, around);
    }),
  manifestImport: (pipeline, sheet, { replace = false }) =>
    inProject(pipeline, async (project, around) => {
      const { importManifest } = await import('../manifest/import.js');
      await importManifest(project, { sheet, replace }, around);
    }),
  manifestDiff: async (older, newer) => {
    const { diffManifests } = await import('../manifest/diff.js');
    await diffManifests({ older, newer }, await effects());
  },
  manifestPreview: (pipeline, asked, options) =>
    inProject(pipeline, async (project, around) => {
      const { previewManifest } = await import('../manifest/preview.js');
      await previewManifest(project, { asked, ...options }, around);
    }),
});
