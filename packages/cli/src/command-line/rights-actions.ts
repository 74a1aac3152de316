import type { InProject } from './manifest-actions.js';
import type { RightsActions } from './rights.js';

/** What is heavy is imported when a command runs. */
export const rightsActions = (inProject: InProject): RightsActions => ({
  withdraw: (pipeline, options) =>
    inProject(pipeline, async (project, around) => {
      const { withdraw } = await import('../rights/withdraw.js');
      await withdraw(project, options, around);
    }),
  freeze: (pipeline) =>
    inProject(pipeline, async (project, around) => {
      const { freeze } = await import('../rights/frozen.js');
      await freeze(project, around);
    }),
});
