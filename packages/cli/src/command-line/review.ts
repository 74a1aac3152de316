import { Command } from 'commander';
import { between } from './explore.js';

export type ReviewOptions = { readonly partner: string };
export type ReviewActions = {
  readonly reviewExport: (pipeline: string, options: { readonly out: string }) => Promise<void>;
  readonly reviewShow: (pipeline: string, file: string, options: ReviewOptions) => Promise<void>;
  readonly reviewAnswer: (pipeline: string, file: string, options: ReviewOptions) => Promise<void>;
  readonly reviewServe: (pipeline: string, options: ServeOptions) => Promise<void>;
  readonly reviewPages: (pipeline: string, options: PagesOptions) => Promise<void>;
};

export type ServeOptions = { readonly partner?: string; readonly port: number };
export type PagesOptions = { readonly partner?: string; readonly out: string };

const PIPELINE = 'the pipeline file, such as pipeline.yaml';
const SHEET = 'the sheet of this partner';
const PARTNER = 'whose sheet it is';

/** `throughline review`: what waits for a person as pages, and possible pairs to their owners and back. */
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
    .description('what waits for a person, as pages; and possible pairs, to their two owners and back')
    .addCommand(serveCommand(actions))
    .addCommand(pagesCommand(actions))
    .addCommand(sheets)
    .addCommand(show)
    .addCommand(answer);
}

const ONLY = 'only manifests and holds of this partner, for its own people';

const serveCommand = (actions: ReviewActions) =>
  new Command('serve')
    .description(
      'show manifests, holds and the release candidate in the browser of this machine, and decide holds there',
    )
    .argument('<pipeline>', PIPELINE)
    .option('--partner <name>', ONLY)
    .option('--port <n>', 'the port on 127.0.0.1; 0 takes one that is free', between(0, 65_535), 0)
    .action((pipeline: string, options: ServeOptions) => actions.reviewServe(pipeline, options));

const pagesCommand = (actions: ReviewActions) =>
  new Command('pages')
    .description('write the same pages as files, on which nothing can be decided')
    .argument('<pipeline>', PIPELINE)
    .requiredOption('--out <folder>', 'a folder that does not exist yet')
    .option('--partner <name>', ONLY)
    .action((pipeline: string, options: PagesOptions) => actions.reviewPages(pipeline, options));
