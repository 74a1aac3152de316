import { Command } from 'commander';
import type { IssueOptions } from '../keys/issue.js';
import type { ReceiveOptions } from '../keys/receive.js';

export type KeysActions = {
  readonly keysCreate: (pipeline: string) => Promise<void>;
  readonly keysHost: (folder: string) => Promise<void>;
  readonly keysIssue: (pipeline: string, options: IssueOptions) => Promise<void>;
  readonly keysReceive: (pipeline: string, options: ReceiveOptions) => Promise<void>;
  readonly keysCheck: (pipeline: string, options: { readonly partner?: string }) => Promise<void>;
  readonly keysRotate: (pipeline: string) => Promise<void>;
  readonly keysRevoke: (pipeline: string, options: { readonly epoch: string }) => Promise<void>;
};

const PIPELINE = 'the pipeline file, such as pipeline.yaml';

export function addKeys(root: Command, actions: KeysActions): void {
  const create = new Command('create')
    .description('make the keys that a pipeline names and that are not there yet; existing keys stay')
    .argument('<pipeline>', PIPELINE)
    .action((pipeline: string) => actions.keysCreate(pipeline));
  const host = new Command('host')
    .description(
      'make the keys with which a host signs and opens parcels, and print what the memorandum says of them',
    )
    .argument('<folder>', 'where to keep them')
    .action((folder: string) => actions.keysHost(folder));
  const issue = new Command('issue')
    .description(
      'keyholder: encrypt the token key, and the wrap key if there is one, to the age recipient of every partner',
    )
    .argument('<pipeline>', PIPELINE)
    .requiredOption('--out <folder>', 'where the files for the partners and the card are written')
    .option('--partner <name>', 'only this partner')
    .option(
      '--root <key>',
      'where the token key is, if not where the first partner has it: a file, fd:3 or -',
    )
    .action((pipeline: string, options: IssueOptions) => actions.keysIssue(pipeline, options));
  const receive = new Command('receive')
    .description(
      'partner: open the token key that the keyholder issued, compare it with the card and keep it',
    )
    .argument('<pipeline>', PIPELINE)
    .requiredOption('--partner <name>', 'which partner you are')
    .requiredOption('--identity <file>', 'your age identity, a file with mode 0600')
    .requiredOption('--file <file>', 'the file that the keyholder issued to you')
    .option('--wrap', 'it is the wrap key, of the profile sealed+clkd')
    .action((pipeline: string, options: ReceiveOptions) => actions.keysReceive(pipeline, options));
  const check = new Command('check')
    .description('compare every key within reach with the card, and see that no key serves two roles')
    .argument('<pipeline>', PIPELINE)
    .option('--partner <name>', 'only this partner')
    .action((pipeline: string, options: { partner?: string }) => actions.keysCheck(pipeline, options));
  const rotate = new Command('rotate')
    .description('keyholder: make the key of the new epoch that the memorandum names, and erase the old one')
    .argument('<pipeline>', PIPELINE)
    .action((pipeline: string) => actions.keysRotate(pipeline));
  const revoke = new Command('revoke')
    .description('keyholder: end an epoch at once, after a key was lost')
    .argument('<pipeline>', PIPELINE)
    .requiredOption('--epoch <name>', 'the epoch that ends, as a confirmation')
    .action((pipeline: string, options: { epoch: string }) => actions.keysRevoke(pipeline, options));
  const keys = root.command('keys').description('keys of owners, agreement and linkage unit');
  for (const command of [create, host, issue, receive, check, rotate, revoke]) keys.addCommand(command);
}
