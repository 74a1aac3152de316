import { resolve } from 'node:path';
import type { Effects } from '../effects.js';
import type { InProject } from './manifest-actions.js';
import type { VerifyActions } from './verify.js';

/** What is heavy is imported when a command runs. */
export const verifyActions = (inProject: InProject, effects: () => Promise<Effects>): VerifyActions => ({
  verify: async (artifact, options) => {
    const { verifyArtifact } = await import('../verify/verify.js');
    await verifyArtifact(artifact, options, await effects());
  },
  evidence: (pipeline, out) =>
    inProject(pipeline, async (project, around) => {
      const { writeEvidence } = await import('../verify/evidence.js');
      await writeEvidence(project, resolve(around.workingFolder, out));
    }),
});
