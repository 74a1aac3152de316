import type { Effects } from '../effects.js';
import type { Project } from '../project/project.js';
import type { ReviewActions } from './review.js';

type InProject = (
  pipeline: string,
  work: (project: Project, effects: Effects) => Promise<void>,
) => Promise<void>;

/** The commands of `throughline review`; what is heavy is imported when one runs. */
export const reviewActions = (inProject: InProject): ReviewActions => {
  const review = () => import('../commands/review.js');
  return {
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
