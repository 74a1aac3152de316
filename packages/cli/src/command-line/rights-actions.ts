import { resolve } from 'node:path';
import type { Effects } from '../effects.js';
import type { InProject } from './manifest-actions.js';
import type { RightsActions } from './rights.js';
import { verifyActions } from './verify-actions.js';

/** What is heavy is imported when a command runs. */
export const rightsActions = (inProject: InProject, effects: () => Promise<Effects>): RightsActions => ({
  ...verifyActions(inProject, effects),
  withdraw: (pipeline, options) =>
    inProject(pipeline, async (project, around) => {
      const { withdraw } = await import('../rights/withdraw.js');
      await withdraw(project, options, around);
    }),
  destructionList: (pipeline) =>
    inProject(pipeline, async (project, around) => {
      const { listDuties } = await import('../rights/destroy.js');
      await listDuties(project, around);
    }),
  destructionDo: (pipeline, { partner }) =>
    inProject(pipeline, async (project, around) => {
      const { destroy } = await import('../rights/destroy.js');
      await destroy(project, partner, around);
    }),
  destructionCertificate: (pipeline, { partner, out }) =>
    inProject(pipeline, async (project, around) => {
      const { certify } = await import('../rights/destroy.js');
      await certify(project, { partner, out: resolve(around.workingFolder, out) }, around);
    }),
  disclosures: (pipeline, options) =>
    inProject(pipeline, async (project, around) => {
      const { disclosures } = await import('../disclosures/command.js');
      await disclosures(project, options, around);
    }),
  account: (pipeline, options) =>
    inProject(pipeline, async (project, around) => {
      const { account } = await import('../rights/account.js');
      await account(project, options.out, around);
    }),
  freeze: (pipeline) =>
    inProject(pipeline, async (project, around) => {
      const { freeze } = await import('../rights/frozen.js');
      await freeze(project, around);
    }),
});
