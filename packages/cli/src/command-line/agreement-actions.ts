import type { Effects } from '../effects.js';
import type { AgreementActions } from './agreements.js';
import type { InProject } from './manifest-actions.js';

/** The commands on documents; what is heavy is imported when one runs. */
export const agreementActions = (
  inProject: InProject,
  effects: () => Promise<Effects>,
): AgreementActions => ({
  approve: async (documents, options) => {
    const { approve } = await import('../commands/approve.js');
    await approve(documents, options, await effects());
  },
  revoke: async (document, options) => {
    const { revoke } = await import('../commands/revoke.js');
    await revoke(document, options, await effects());
  },
  attest: async (document, options) => {
    const { attest } = await import('../commands/attest.js');
    await attest(document, options, await effects());
  },
  approvers: (pipeline) =>
    inProject(pipeline, async (project, around) => {
      const { approvers } = await import('../commands/approvers.js');
      approvers(project, around);
    }),
  explainPolicy: (pipeline, asked) =>
    inProject(pipeline, async (project, around) => {
      const { explainPolicy } = await import('../policy/explain.js');
      explainPolicy(project, asked, around);
    }),
  explainPair: (pipeline, ids) =>
    inProject(pipeline, async (project, around) => {
      const { explainPair } = await import('../commands/explain-pair.js');
      await explainPair(project, ids, around);
    }),
});
