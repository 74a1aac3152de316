import { Command, InvalidArgumentError } from 'commander';

export type WithdrawOptions = {
  readonly partner: string;
  readonly from: string;
  readonly space?: string;
  readonly effective?: string;
  readonly back?: true;
};

export type RightsActions = {
  readonly withdraw: (pipeline: string, options: WithdrawOptions) => Promise<void>;
  readonly freeze: (pipeline: string) => Promise<void>;
};

const PIPELINE = 'the pipeline file, such as pipeline.yaml';

const isoDay = (text: string): string => {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError('A date, YYYY-MM-DD, is expected.');
};

/** What families, partners and parents may ask for. */
export function addRights(root: Command, actions: RightsActions): void {
  root.addCommand(withdrawCommand(actions)).addCommand(freezeCommand(actions));
}

const withdrawCommand = (actions: RightsActions) =>
  new Command('withdraw')
    .description('partner: register that families withdraw records, with a receipt for each')
    .argument('<pipeline>', PIPELINE)
    .requiredOption('--partner <name>', 'whose records they are')
    .requiredOption('--from <file>', 'a file with the number of a record on each line; it is not kept')
    .option('--space <name>', 'which kind of record, where the partner has several')
    .option('--effective <date>', 'the first day that counts, instead of today', isoDay)
    .option('--back', 'the families have come back')
    .action((pipeline: string, options: WithdrawOptions) => actions.withdraw(pipeline, options));

const freezeCommand = (actions: RightsActions) =>
  new Command('freeze')
    .description('analyst desk: keep the release candidate as the next numbered release, and whom it counted')
    .argument('<pipeline>', PIPELINE)
    .action((pipeline: string) => actions.freeze(pipeline));
