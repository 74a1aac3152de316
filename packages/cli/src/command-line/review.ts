import { Command } from 'commander';

export type ReviewOptions = { readonly partner: string };
export type ReviewActions = {
  readonly reviewExport: (pipeline: string, options: { readonly out: string }) => Promise<void>;
  readonly reviewShow: (pipeline: string, file: string, options: ReviewOptions) => Promise<void>;
  readonly reviewAnswer: (pipeline: string, file: string, options: ReviewOptions) => Promise<void>;
};

const PIPELINE = 'the pipeline file, such as pipeline.yaml';
const SHEET = 'the sheet of this partner';
const PARTNER = 'whose sheet it is';

/** `throughline review`: possible pairs to their owners and back. */
export function addReview(root: Command, actions: ReviewActions): void {
  const sheets = new Command('export')
    .description('linkage unit: write a sheet for each owner with the pairs that may be one person')
    .argument('<pipeline>', PIPELINE)
    .requiredOption('--out <folder>', 'where to write the sheets')
    .action((pipeline: string, options: { out: string }) => actions.reviewExport(pipeline, options));
  const show = new Command('show')
    .description('partner: print in which line of its own extracts each record of its sheet is')
    .argument('<pipeline>', PIPELINE)
    .argument('<sheet>', SHEET)
    .requiredOption('--partner <name>', PARTNER)
    .action((pipeline: string, file: string, options: ReviewOptions) =>
      actions.reviewShow(pipeline, file, options),
    );
  const answer = new Command('answer')
    .description(
      'linkage unit: take the answers of an owner in, yes or no for each pair; the next night uses them',
    )
    .argument('<pipeline>', PIPELINE)
    .argument('<sheet>', SHEET)
    .requiredOption('--partner <name>', PARTNER)
    .action((pipeline: string, file: string, options: ReviewOptions) =>
      actions.reviewAnswer(pipeline, file, options),
    );
  root
    .command('review')
    .description('ask the two owners of a possible pair whether it is one person')
    .addCommand(sheets)
    .addCommand(show)
    .addCommand(answer);
}
