import { Command, InvalidArgumentError } from 'commander';

export type AssessOptions = {
  readonly partner?: string;
  readonly children: number;
  readonly seeds: readonly number[];
  readonly quick?: true;
  readonly out: string;
};

export type AssessActions = {
  readonly assessEncoding: (pipeline: string | undefined, options: AssessOptions) => Promise<void>;
};

const CHILDREN = 30_000;
const SEEDS = [1, 2, 3, 4, 5];

const children = (text: string): number => {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 1_000 && count <= 200_000) return count;
  throw new InvalidArgumentError('A whole number from 1,000 to 200,000 is expected.');
};

const seeds = (text: string): number[] => {
  const numbers = text.split(',').map(Number);
  const sound = numbers.every((seed) => Number.isSafeInteger(seed) && seed >= 0);
  if (sound && new Set(numbers).size === numbers.length) return numbers;
  throw new InvalidArgumentError('Different whole numbers with commas between are expected, such as 1,2,3.');
};

/** `throughline assess`: attacks on what the software makes. */
export function addAssess(root: Command, actions: AssessActions): void {
  root
    .command('assess')
    .description('attack what leaves a partner, as somebody without the key would')
    .addCommand(encodingCommand(actions));
}

const encodingCommand = (actions: AssessActions) =>
  new Command('encoding')
    .description(
      'attack exact tokens and similarity encodings, on made-up children or on your own identifiers, and judge them by the limits of the memorandum',
    )
    .argument('[pipeline]', 'whose memorandum is assessed; without one all encodings that there are')
    .option('--partner <name>', 'at the owner only: draw the children from the identifiers of this partner')
    .option('--children <n>', 'how many children each file has', children, CHILDREN)
    .option('--seeds <list>', 'a run for each of these seeds', seeds, SEEDS)
    .option(
      '--quick',
      'a few thousand children and the first seed: for tests of the software, not for a judgement',
    )
    .option('--out <folder>', 'where to write encoding.json and encoding.html', 'assessment')
    .action((pipeline: string | undefined, options: AssessOptions) =>
      actions.assessEncoding(pipeline, options),
    );
