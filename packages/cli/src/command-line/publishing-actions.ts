import { resolve } from 'node:path';
import type { InProject } from './manifest-actions.js';
import type { PublishingActions } from './publishing.js';

/** What is heavy is imported when a command runs. */
export const publishingActions = (inProject: InProject): PublishingActions => ({
  releaseCandidate: (pipeline, options) =>
    inProject(pipeline, async (project, around) => {
      const { submit } = await import('../publishing/review.js');
      await submit(project, options, around);
    }),
  releaseReview: (pipeline, { key, ...options }) =>
    inProject(pipeline, async (project, around) => {
      const { review } = await import('../publishing/review.js');
      const signing = key === undefined ? {} : { key: resolve(around.workingFolder, key) };
      await review(project, { ...options, ...signing }, around);
    }),
  releasePublish: (pipeline) =>
    inProject(pipeline, async (project, around) => {
      const { publish } = await import('../publishing/publish.js');
      await publish(project, around);
    }),
  releaseWithdraw: (pipeline) =>
    inProject(pipeline, async (project, around) => {
      const { takeBack } = await import('../publishing/review.js');
      await takeBack(project, around);
    }),
  releaseMicrodata: (pipeline, { licence }) =>
    inProject(pipeline, async (project, around) => {
      const { releaseMicrodata } = await import('../publishing/microdata.js');
      await releaseMicrodata(project, licence, around);
    }),
  releaseRecall: (pipeline, options) =>
    inProject(pipeline, async (project, around) => {
      const { recall } = await import('../publishing/recall.js');
      await recall(project, options, around);
    }),
});
