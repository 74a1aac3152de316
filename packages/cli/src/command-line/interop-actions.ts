import type { InteropActions } from './interop.js';
import type { InProject } from './manifest-actions.js';

/** What is heavy is imported when a command runs. */
export const interopActions = (inProject: InProject): InteropActions => ({
  interopWrite: (pipeline, options) =>
    inProject(pipeline, async (project, effects) => {
      const { writeInterop } = await import('../interop/write-interop.js');
      await writeInterop(project, options, effects);
    }),
  interopCompare: (pipeline) =>
    inProject(pipeline, async (project, effects) => {
      const { compareFilters } = await import('../interop/compare-filters.js');
      await compareFilters(project, effects);
    }),
});
