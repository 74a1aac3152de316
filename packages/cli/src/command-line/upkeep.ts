import type { Command } from 'commander';

export type RestoreOptions = {
  readonly from: string;
  readonly rehearse?: string;
  readonly rollBack?: true;
};

export type UpkeepActions = {
  readonly doctor: (pipeline: string, options: { readonly json?: true }) => Promise<void>;
  readonly housekeeping: (pipeline: string, options: { readonly plan?: true }) => Promise<void>;
  readonly backup: (pipeline: string, options: { readonly out: string }) => Promise<void>;
  readonly restore: (pipeline: string, options: RestoreOptions) => Promise<void>;
};

const PIPELINE = 'the pipeline file, such as pipeline.yaml';

/** What keeps a project sound over the years. */
export function addUpkeep(root: Command, actions: UpkeepActions): void {
  root
    .command('doctor')
    .description(
      'examine the machine and the project: permissions, keys, clock, disk, swap, versions, what a dead run left; nothing is written',
    )
    .argument('<pipeline>', PIPELINE)
    .option('--json', 'as JSON, for other programs')
    .action((pipeline: string, options: { json?: true }) => actions.doctor(pipeline, options));
  root
    .command('backup')
    .description(
      'copy what no run can make again, once it has been checked: people index, ledger, log, decisions; no keys',
    )
    .argument('<pipeline>', PIPELINE)
    .requiredOption('--out <folder>', 'a folder that does not exist yet')
    .action((pipeline: string, options: { out: string }) => actions.backup(pipeline, options));
  root
    .command('restore')
    .description('put back what a backup holds, once every file of it and its log have been checked')
    .argument('<pipeline>', PIPELINE)
    .requiredOption('--from <folder>', 'the folder of the backup')
    .option('--rehearse <folder>', 'into this empty folder instead, and prove that it can be read')
    .option(
      '--roll-back',
      'although the log here has grown since, or is broken: what was done since is forgotten',
    )
    .action((pipeline: string, options: RestoreOptions) => actions.restore(pipeline, options));
  root
    .command('housekeeping')
    .description(
      'take away what dead runs left, and records that nothing reads any more; every run ends with it',
    )
    .argument('<pipeline>', PIPELINE)
    .option('--plan', 'instead say what would go')
    .action((pipeline: string, options: { plan?: true }) => actions.housekeeping(pipeline, options));
}
