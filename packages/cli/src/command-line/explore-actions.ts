import type { Effects } from '../effects.js';
import type { ExploreActions } from './explore.js';

/** What `explore` does is imported when it runs. */
export const exploreActions = (effects: () => Promise<Effects>): ExploreActions => ({
  explore: async (folder, options) => {
    const { explore } = await import('../commands/explore.js');
    await explore(folder, options, await effects());
  },
});
