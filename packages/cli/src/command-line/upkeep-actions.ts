import type { Effects } from '../effects.js';
import type { InProject } from './manifest-actions.js';
import type { UpkeepActions } from './upkeep.js';

/** What is heavy is imported when a command runs. */
export const upkeepActions = (inProject: InProject, effects: () => Promise<Effects>): UpkeepActions => ({
  doctor: async (pipeline, { json }) => {
    const { doctor } = await import('../commands/doctor.js');
    await doctor(pipeline, json === true, await effects());
  },
  housekeeping: (pipeline, { plan }) =>
    inProject(pipeline, async (project, around) => {
      const { housekeeping } = await import('../housekeeping/keep-house.js');
      await housekeeping(project, plan === true, around);
    }),
  backup: (pipeline, { out }) =>
    inProject(pipeline, async (project, around) => {
      const { backup } = await import('../backup/backup.js');
      await backup(project, out, around);
    }),
  restore: (pipeline, options) =>
    inProject(pipeline, async (project, around) => {
      const { restore } = await import('../backup/restore.js');
      await restore(project, options, around);
    }),
});
