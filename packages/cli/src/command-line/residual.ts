import { Command } from 'commander';
import type { InProject } from './manifest-actions.js';

export type ResidualActions = {
  readonly residualAsk: (pipeline: string, options: { readonly out: string }) => Promise<void>;
  readonly residualOpen: (
    pipeline: string,
    options: { readonly ask: string; readonly out: string },
  ) => Promise<void>;
  readonly residualCompare: (
    pipeline: string,
    options: { readonly keys: string; readonly identity?: string },
  ) => Promise<void>;
};

const PIPELINE = 'the pipeline file, such as pipeline.yaml';

/** `throughline residual`: records that nothing has linked, under the profile `sealed+clkd`. */
export function addResidual(root: Command, actions: ResidualActions): void {
  const ask = new Command('ask')
    .description('linkage unit: write for the keyholder which rows of unlinked records it is to open')
    .argument('<pipeline>', PIPELINE)
    .requiredOption('--out <file>', 'where to write it; no record id is in it')
    .action((pipeline: string, options: { out: string }) => actions.residualAsk(pipeline, options));
  const open = new Command('open')
    .description('keyholder: give out the keys of those rows, within the share that the memorandum allows')
    .argument('<pipeline>', PIPELINE)
    .requiredOption('--ask <file>', 'what the linkage unit wrote')
    .requiredOption('--out <file>', 'where to write the keys, encrypted if the pipeline names its recipient')
    .action((pipeline: string, options: { ask: string; out: string }) =>
      actions.residualOpen(pipeline, options),
    );
  const compare = new Command('compare')
    .description('linkage unit: compare the opened rows, and have `review` ask the owners of alike pairs')
    .argument('<pipeline>', PIPELINE)
    .requiredOption('--keys <file>', 'what the keyholder wrote; erased once all are compared')
    .option('--identity <file>', 'the age identity of the linkage unit, where the keys are encrypted to it')
    .action((pipeline: string, options: { keys: string; identity?: string }) =>
      actions.residualCompare(pipeline, options),
    );
  root
    .command('residual')
    .description('look for children among records that nothing has linked, when people decide to')
    .addCommand(ask)
    .addCommand(open)
    .addCommand(compare);
}

/** What is heavy is imported when a command runs. */
export const residualActions = (inProject: InProject): ResidualActions => ({
  residualAsk: (pipeline, { out }) =>
    inProject(pipeline, async (project, effects) =>
      (await import('../residual/ask.js')).residualAsk(project, out, effects),
    ),
  residualOpen: (pipeline, options) =>
    inProject(pipeline, async (project, effects) =>
      (await import('../residual/open.js')).residualOpen(project, options, effects),
    ),
  residualCompare: (pipeline, options) =>
    inProject(pipeline, async (project, effects) =>
      (await import('../residual/compare.js')).residualCompare(project, options, effects),
    ),
});
