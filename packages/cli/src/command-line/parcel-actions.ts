import type { InProject } from './manifest-actions.js';
import type { ParcelActions } from './parcels.js';

/** `throughline send` and `receive`; what is heavy is imported when one runs. */
export const parcelActions = (inProject: InProject): ParcelActions => ({
  send: (pipeline, options) =>
    inProject(pipeline, async (project, effects) => {
      const { send } = await import('../commands/parcels.js');
      await send(project, options, effects);
    }),
  receive: (pipeline, options) =>
    inProject(pipeline, async (project, effects) => {
      const { receive } = await import('../commands/parcels.js');
      await receive(project, options, effects);
    }),
});
