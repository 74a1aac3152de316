import { Command, InvalidArgumentError, Option } from 'commander';
import type { RecallOptions } from '../publishing/recall.js';
import type { ReviewOptions } from '../publishing/review.js';

export type PublishingActions = {
  readonly releaseCandidate: (pipeline: string, options: { readonly author?: string }) => Promise<void>;
  readonly releaseReview: (pipeline: string, options: ReviewOptions) => Promise<void>;
  readonly releasePublish: (pipeline: string) => Promise<void>;
  readonly releaseWithdraw: (pipeline: string) => Promise<void>;
  readonly releaseMicrodata: (pipeline: string, options: { readonly licence: string }) => Promise<void>;
  readonly releaseRecall: (pipeline: string, options: RecallOptions) => Promise<void>;
};

const PIPELINE = 'the pipeline file, such as pipeline.yaml';

const person = (text: string): string => {
  if (/^[a-z0-9][a-z0-9-]{0,60}$/.test(text)) return text;
  throw new InvalidArgumentError(
    'A person as the memorandum names them: lower-case letters, digits, hyphens.',
  );
};

const releaseNumber = (text: string): number => {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('The number of a release is expected.');
};

/** From a candidate to a release that is out, and back. */
export function addPublishing(root: Command, actions: PublishingActions): void {
  root
    .command('release')
    .description('analyst desk: make a release candidate, have it reviewed, publish it, recall it')
    .addCommand(candidateCommand(actions), { isDefault: true })
    .addCommand(reviewCommand(actions))
    .addCommand(
      new Command('publish')
        .description('publish the candidate as the next numbered release, if it passes all fourteen checks')
        .argument('<pipeline>', PIPELINE)
        .action((pipeline: string) => actions.releasePublish(pipeline)),
    )
    .addCommand(
      new Command('withdraw')
        .description('take back the request to publish the candidate')
        .argument('<pipeline>', PIPELINE)
        .action((pipeline: string) => actions.releaseWithdraw(pipeline)),
    )
    .addCommand(microdataCommand(actions))
    .addCommand(recallCommand(actions));
}

const microdataCommand = (actions: PublishingActions) =>
  new Command('microdata')
    .description('write rows about single children for one licensee, where every agreement allows it')
    .argument('<pipeline>', PIPELINE)
    .requiredOption('--licence <id>', 'the licence; its terms for rows say what may be shown', person)
    .action((pipeline: string, options: { licence: string }) => actions.releaseMicrodata(pipeline, options));

const candidateCommand = (actions: PublishingActions) =>
  new Command('candidate')
    .description('protect the tables, write a release candidate and ask for its review')
    .argument('<pipeline>', PIPELINE)
    .option('--author <person>', 'who asks; their own vote does not count', person)
    .action((pipeline: string, options: { author?: string }) => actions.releaseCandidate(pipeline, options));

const reviewCommand = (actions: PublishingActions) =>
  new Command('review')
    .description('show where the candidate stands and what is new about it, or vote on it')
    .argument('<pipeline>', PIPELINE)
    .addOption(new Option('--vote <vote>', 'your vote').choices(['approve', 'return', 'reject']))
    .option('--as <person>', 'who you are, as the memorandum names you', person)
    .option('--reason <text>', 'why')
    .option('--key <file>', 'your SSH key (ed25519, without a passphrase); for any other use ssh-keygen')
    .action((pipeline: string, options: ReviewOptions) => actions.releaseReview(pipeline, options));

const recallCommand = (actions: PublishingActions) =>
  new Command('recall')
    .description('recall a published release, or all that rest on an agreement; without a reason list them')
    .argument('<pipeline>', PIPELINE)
    .option('--release <number>', 'which release', releaseNumber)
    .option('--agreement <id>', 'all releases that rest on this agreement, such as one that was revoked')
    .option('--reason <text>', 'why, for everybody to read')
    .action((pipeline: string, options: RecallOptions) => actions.releaseRecall(pipeline, options));
