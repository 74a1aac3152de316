import { Command, InvalidArgumentError } from 'commander';

export type AgreementActions = {
  readonly approve: (documents: readonly string[], options: ApproveOptions) => Promise<void>;
  readonly approvers: (pipeline: string) => Promise<void>;
  readonly revoke: (document: string, options: RevokeOptions) => Promise<void>;
  readonly attest: (document: string, options: AttestOptions) => Promise<void>;
  readonly explainPolicy: (pipeline: string, asked: string) => Promise<void>;
  readonly explainPair: (pipeline: string, ids: readonly [string, string]) => Promise<void>;
};

export type ApproveOptions = { readonly key?: string; readonly print?: boolean; readonly as?: string };
export type RevokeOptions = {
  readonly from?: string;
  readonly reason: string;
  readonly key?: string;
  readonly as?: string;
};
export type AttestOptions = {
  readonly scan: string;
  readonly person: readonly string[];
  readonly on: string;
};

const PIPELINE = 'the pipeline file, such as pipeline.yaml';
const KEY = 'your SSH key (ed25519, without a passphrase); for any other use ssh-keygen';
const AS = 'a word for the name of the signature file, such as your own';

/** A word that can stand in the name of a signature file. */
const plainWord = (text: string): string => {
  if (/^[a-z0-9][a-z0-9-]{0,40}$/.test(text)) return text;
  throw new InvalidArgumentError('Lower-case letters, digits and hyphens are expected.');
};

const day = (text: string): string => {
  const time = Date.parse(`${text}T00:00:00Z`);
  if (
    /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(time) &&
    new Date(time).toISOString().startsWith(text)
  )
    return text;
  throw new InvalidArgumentError('A date, YYYY-MM-DD, is expected.');
};

/** The commands with which people approve, end and understand documents. */
export function addAgreements(root: Command, actions: AgreementActions): void {
  root.addCommand(approveCommand(actions));
  root.addCommand(revokeCommand(actions));
  root.addCommand(attestCommand(actions));
  root
    .command('approvers')
    .description('print who may approve what, as the allowed_signers file of ssh-keygen -Y verify')
    .argument('<pipeline>', PIPELINE)
    .action((pipeline: string) => actions.approvers(pipeline));
  root
    .command('explain')
    .description('say in words what the agreements come to, or why two records were linked or not')
    .addCommand(policyCommand(actions))
    .addCommand(pairCommand(actions));
}

const approveCommand = (actions: AgreementActions) =>
  new Command('approve')
    .description("approver: read what documents say, and sign their files' exact bytes")
    .argument('<document...>', 'files of agreements, field manifests, revocations or attestations')
    .option('--key <file>', KEY)
    .option(
      '--print',
      'sign nothing: print what the document says, its hash and how to sign it with ssh-keygen',
    )
    .option('--as <name>', AS, plainWord)
    .action((documents: readonly string[], options: ApproveOptions) => actions.approve(documents, options));

const revokeCommand = (actions: AgreementActions) =>
  new Command('revoke')
    .description('approver: end a document before its time; writes the revocation beside it and signs it')
    .argument('<document>', 'the file of the version that ends, with every earlier one')
    .requiredOption('--reason <words>', 'why, in a sentence; it stands in the revocation')
    .option('--from <day>', 'the first day on which the document no longer counts; today if left out', day)
    .option('--key <file>', `${KEY}; without it sign the revocation afterwards`)
    .option('--as <name>', AS, plainWord)
    .action((document: string, options: RevokeOptions) => actions.revoke(document, options));

const attestCommand = (actions: AgreementActions) =>
  new Command('attest')
    .description('write down that a document was approved in ink, for two people who saw it to sign')
    .argument('<document>', 'the file of the document')
    .requiredOption('--scan <file>', 'the scan of the signed paper; only its hash is kept')
    .requiredOption('--person <names...>', 'who signed in ink, as the agreement names them', plainWords)
    .requiredOption('--on <day>', 'the day of the signatures', day)
    .action((document: string, options: AttestOptions) => actions.attest(document, options));

const plainWords = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  plainWord(text),
];

const policyCommand = (actions: AgreementActions) =>
  new Command('policy')
    .description('which agreements bear on a column, a measure or a table, and what they come to together')
    .argument('<pipeline>', PIPELINE)
    .argument(
      '<what>',
      'a measure (chronic_absence), a table (chronic_absence_ma.school), a payload column (students.race), or <manifest>:<column>',
    )
    .action((pipeline: string, asked: string) => actions.explainPolicy(pipeline, asked));

const pairCommand = (actions: AgreementActions) =>
  new Command('pair')
    .description(
      'linkage unit: say what was weighed when two records were linked or not; weights only, since it has no values',
    )
    .argument('<pipeline>', PIPELINE)
    .argument('<one>', 'the id of a record')
    .argument('<other>', 'the id of another')
    .action((pipeline: string, one: string, other: string) => actions.explainPair(pipeline, [one, other]));
