import { Command, InvalidArgumentError } from 'commander';
import { addVerify, type VerifyActions } from './verify.js';

export type CertificateOptions = { readonly partner: string; readonly out: string };

export type WithdrawOptions = {
  readonly partner: string;
  readonly from: string;
  readonly space?: string;
  readonly effective?: string;
  readonly back?: true;
};

export type DisclosureOptions = {
  readonly partner?: string;
  readonly school?: string;
  readonly each?: true;
  readonly out?: string;
};

export type RightsActions = VerifyActions & {
  readonly destructionList: (pipeline: string) => Promise<void>;
  readonly destructionDo: (pipeline: string, options: { readonly partner: string }) => Promise<void>;
  readonly destructionCertificate: (pipeline: string, options: CertificateOptions) => Promise<void>;
  readonly disclosures: (pipeline: string, options: DisclosureOptions) => Promise<void>;
  readonly account: (pipeline: string, options: { readonly out?: string }) => Promise<void>;
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
  root
    .addCommand(withdrawCommand(actions))
    .addCommand(destructionCommand(actions))
    .addCommand(accountCommand(actions))
    .addCommand(freezeCommand(actions));
  addVerify(root, actions);
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

const OF_WHOM = 'whose records they are';

const destructionCommand = (actions: RightsActions) =>
  new Command('destruction')
    .description('what must be destroyed since its agreement has ended: list it, do it, certify it')
    .addCommand(
      new Command('list')
        .description('say of every agreement until when its records may be there, and what is due')
        .argument('<pipeline>', PIPELINE)
        .action((pipeline: string) => actions.destructionList(pipeline)),
    )
    .addCommand(
      new Command('do')
        .description('destroy what is there of the records of a partner whose agreement has ended')
        .argument('<pipeline>', PIPELINE)
        .requiredOption('--partner <name>', OF_WHOM)
        .action((pipeline: string, options: { partner: string }) => actions.destructionDo(pipeline, options)),
    )
    .addCommand(
      new Command('certificate')
        .description('write the certificate of a destruction that is finished, to print and sign')
        .argument('<pipeline>', PIPELINE)
        .requiredOption('--partner <name>', OF_WHOM)
        .requiredOption('--out <file>', 'where to write the page')
        .action((pipeline: string, options: CertificateOptions) =>
          actions.destructionCertificate(pipeline, options),
        ),
    );

const accountCommand = (actions: RightsActions) =>
  new Command('account')
    .description('write the account for parents: which agreements, which fields, for what, who answers')
    .argument('<pipeline>', PIPELINE)
    .option('--out <file>', 'where to write the page instead of account.html')
    .action((pipeline: string, options: { out?: string }) => actions.account(pipeline, options));

/** `throughline log disclosures`, which stands with the other commands of the log. */
export const disclosuresCommand = (actions: RightsActions) =>
  new Command('disclosures')
    .description(
      'export the record of disclosures that parents may see, as CSV (34 CFR 99.32, 603 CMR 23.07)',
    )
    .argument('<pipeline>', PIPELINE)
    .option('--school <name>', 'only of this school, as the payload names it')
    .option('--partner <name>', 'only of this partner')
    .option('--each', 'a line for each night, instead of one for all nights under the same terms')
    .option('--out <file>', 'where to write it instead of standard output')
    .action((pipeline: string, options: DisclosureOptions) => actions.disclosures(pipeline, options));
