import type { InProject } from './manifest-actions.js';
import type { ReviewActions } from './review.js';

/** The commands of `throughline review`; what is heavy is imported when one runs. */
export const reviewActions = (inProject: InProject): ReviewActions => {
  const review = () => import('../commands/review.js');
  const pages = () => import('../commands/review-pages.js');
  return {
    reviewServe: (pipeline, options) =>
      inProject(pipeline, async (project, effects) =>
        (await pages()).reviewServe(project, { pipeline, ...options }, effects),
      ),
    reviewPages: (pipeline, options) =>
      inProject(pipeline, async (project, effects) =>
        (await pages()).reviewPages(project, { pipeline, ...options }, effects),
      ),
    reviewExport: (pipeline, { out }) =>
      inProject(pipeline, async (project, effects) => (await review()).reviewExport(project, out, effects)),
    reviewShow: (pipeline, file, { partner }) =>
      inProject(pipeline, async (project, effects) =>
        (await review()).reviewShow(project, { partner, file }, effects),
      ),
    reviewAnswer: (pipeline, file, { partner }) =>
      inProject(pipeline, async (project, effects) =>
        (await review()).reviewAnswer(project, { partner, file }, effects),
      ),
  };
};
