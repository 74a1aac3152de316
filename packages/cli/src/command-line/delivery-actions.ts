import type { Decision } from '../commands/hold.js';
import type { DeliveryActions } from './deliveries.js';
import type { InProject } from './manifest-actions.js';

/** The commands of `throughline inbox` and `throughline hold`; what is heavy is imported when one runs. */
export function deliveryActions(inProject: InProject): DeliveryActions {
  const decide = (pipeline: string, decision: Decision) =>
    inProject(pipeline, async (project, around) => {
      const { holdDecide } = await import('../commands/hold.js');
      await holdDecide(project, decision, around);
    });
  return {
    inboxList: (pipeline) =>
      inProject(pipeline, async (project, around) => {
        const { inboxList } = await import('../commands/inbox.js');
        await inboxList(project, around);
      }),
    inboxWait: (pipeline, options) =>
      inProject(pipeline, async (project, around) => {
        const { inboxWait } = await import('../commands/inbox.js');
        await inboxWait(project, options, around);
      }),
    holdList: (pipeline, { all = false }) =>
      inProject(pipeline, async (project, around) => {
        const { holdList } = await import('../commands/hold.js');
        await holdList(project, all, around);
      }),
    holdShow: (pipeline, hold) =>
      inProject(pipeline, async (project, around) => {
        const { holdShow } = await import('../commands/hold.js');
        await holdShow(project, hold, around);
      }),
    holdAccept: (pipeline, id, { reason }) => decide(pipeline, { id, verdict: 'accepted', reason }),
    holdReject: (pipeline, id, { reason }) => decide(pipeline, { id, verdict: 'rejected', reason }),
  };
}
