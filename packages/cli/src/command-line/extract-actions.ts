import type { Effects } from '../effects.js';
import type { ExtractActions } from './extracts.js';

/** The commands for a partner who brings an extract; what is heavy is imported when one runs. */
export const extractActions = (effects: () => Promise<Effects>): ExtractActions => ({
  profile: async (file, options) => {
    const { profile } = await import('../commands/profile.js');
    await profile(file, options, await effects());
  },
  presets: async () => {
    const { presets } = await import('../commands/presets.js');
    await presets(await effects());
  },
});
