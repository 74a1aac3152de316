import { type Command, InvalidArgumentError } from 'commander';

export type ExploreOptions = {
  readonly earlier?: readonly string[];
  readonly port: number;
  readonly timeLimit: number;
  readonly rows: number;
  readonly static?: string;
};

export type ExploreActions = {
  readonly explore: (folder: string, options: ExploreOptions) => Promise<void>;
};

/** A whole number of a range, as an option takes it. */
export const between = (least: number, most: number) => (text: string) => {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least && number <= most) return number;
  throw new InvalidArgumentError(`A whole number from ${least} to ${most} is expected.`);
};

/** `throughline explore`: a release as pages. */
export function addExplore(root: Command, actions: ExploreActions): void {
  root
    .command('explore')
    .description(
      'read, filter and query a release folder in the browser of this machine, or write it as a site',
    )
    .argument('<folder>', 'the release folder')
    .option('--earlier <folder...>', 'releases that were published before it, the oldest first')
    .option('--port <n>', 'the port on 127.0.0.1; 0 takes one that is free', between(0, 65_535), 0)
    .option('--time-limit <seconds>', 'how long a query may take', between(1, 600), 1)
    .option('--rows <n>', 'how many rows of an answer are shown', between(1, 10_000), 1_000)
    .option('--static <folder>', 'instead write pages for a folder or any web server, without queries')
    .action((folder: string, options: ExploreOptions) => actions.explore(folder, options));
}
