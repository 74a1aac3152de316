import type { Effects } from '../effects.js';
import type { AssessActions } from './assess.js';

/** The commands of `throughline assess`; what is heavy is imported when one runs. */
export const assessActions = (effects: () => Promise<Effects>): AssessActions => ({
  assessEncoding: async (pipeline, options) => {
    const { assess } = await import('../commands/assess.js');
    await assess(pipeline, options, await effects());
  },
});
