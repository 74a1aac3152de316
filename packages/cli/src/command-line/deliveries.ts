import { Command, InvalidArgumentError } from 'commander';
import { isReason, REASON_RULE } from '../holds/reason.js';

/** What has landed, and what is held. */
export type DeliveryActions = {
  readonly inboxList: (pipeline: string) => Promise<void>;
  readonly inboxWait: (pipeline: string, options: WaitOptions) => Promise<void>;
  readonly holdList: (pipeline: string, options: { readonly all?: boolean }) => Promise<void>;
  readonly holdShow: (pipeline: string, hold: string) => Promise<void>;
  readonly holdAccept: (pipeline: string, hold: string, options: DecideOptions) => Promise<void>;
  readonly holdReject: (pipeline: string, hold: string, options: DecideOptions) => Promise<void>;
};

export type WaitOptions = { readonly minutes: number; readonly still: number };
export type DecideOptions = { readonly reason: string };

const PIPELINE = 'the pipeline file, such as pipeline.yaml';

const wholeFrom =
  (least: number, most: number) =>
  (text: string): number => {
    const number = Number(text);
    if (Number.isSafeInteger(number) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`A whole number from ${least} to ${most} is expected.`);
  };

/** Why a person decided so, for the next one. */
const sentence = (text: string): string => {
  if (isReason(text)) return text.trim();
  throw new InvalidArgumentError(REASON_RULE);
};

export function addDeliveries(root: Command, actions: DeliveryActions): void {
  addInbox(root, actions);
  addHolds(root, actions);
}

function addInbox(root: Command, actions: DeliveryActions): void {
  const list = new Command('list')
    .description('print what has landed of each extract, without reading a row')
    .argument('<pipeline>', PIPELINE)
    .action((pipeline: string) => actions.inboxList(pipeline));
  const wait = new Command('wait')
    .description('watch the inboxes until every extract that is due has landed and stands still')
    .argument('<pipeline>', PIPELINE)
    .option('--minutes <n>', 'how long to wait at most', wholeFrom(0, 1440), 60)
    .option('--still <seconds>', 'for how long every file must stand still', wholeFrom(1, 600), 10)
    .action((pipeline: string, options: WaitOptions) => actions.inboxWait(pipeline, options));
  root
    .command('inbox')
    .description('partner: what has landed in the inboxes')
    .addCommand(list)
    .addCommand(wait);
}

const HOLD = 'the hold, as `hold list` names it';
const REASON = 'why, for the next person who asks; never name a child';

function addHolds(root: Command, actions: DeliveryActions): void {
  const list = new Command('list')
    .description('print the deliveries that are held')
    .argument('<pipeline>', PIPELINE)
    .option('--all', 'also those that were decided or overtaken')
    .action((pipeline: string, options: { all?: boolean }) => actions.holdList(pipeline, options));
  const show = new Command('show')
    .description('print why a delivery is held: reasons and counts, no values')
    .argument('<pipeline>', PIPELINE)
    .argument('<hold>', HOLD)
    .action((pipeline: string, hold: string) => actions.holdShow(pipeline, hold));
  const accept = new Command('accept')
    .description('take in exactly these files at the next run, although they look wrong')
    .argument('<pipeline>', PIPELINE)
    .argument('<hold>', HOLD)
    .requiredOption('--reason <text>', REASON, sentence)
    .action((pipeline: string, hold: string, options: DecideOptions) =>
      actions.holdAccept(pipeline, hold, options),
    );
  const reject = new Command('reject')
    .description('keep exactly these files out until others are delivered')
    .argument('<pipeline>', PIPELINE)
    .argument('<hold>', HOLD)
    .requiredOption('--reason <text>', REASON, sentence)
    .action((pipeline: string, hold: string, options: DecideOptions) =>
      actions.holdReject(pipeline, hold, options),
    );
  root
    .command('hold')
    .description('partner: deliveries that look wrong and wait for a person')
    .addCommand(list)
    .addCommand(show)
    .addCommand(accept)
    .addCommand(reject);
}
