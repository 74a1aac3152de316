import { Command, InvalidArgumentError, Option } from 'commander';
import { type AgreementActions, addAgreements } from './command-line/agreements.js';
import { type AssessActions, addAssess } from './command-line/assess.js';
import { addDeliveries, type DeliveryActions } from './command-line/deliveries.js';
import { addExplore, type ExploreActions } from './command-line/explore.js';
import { addExtracts, type ExtractActions } from './command-line/extracts.js';
import { addInterop, type InteropActions } from './command-line/interop.js';
import { addKeys, type KeysActions } from './command-line/keys.js';
import { addManifest, type ManifestActions } from './command-line/manifest.js';
import { addParcels, type ParcelActions } from './command-line/parcels.js';
import { addPublishing, type PublishingActions } from './command-line/publishing.js';
import { addResidual, type ResidualActions } from './command-line/residual.js';
import { addReview, type ReviewActions } from './command-line/review.js';
import { addRights, disclosuresCommand, type RightsActions } from './command-line/rights.js';
import { addUpkeep, type UpkeepActions } from './command-line/upkeep.js';
import type { EvaluateLinkageOptions } from './commands/evaluate-linkage.js';
import type { LogFormat } from './effects.js';

/** What a command does; everything heavy is imported when it runs, so that `--help` is instant. */
export type Actions = AgreementActions &
  AssessActions &
  ExploreActions &
  ExtractActions &
  DeliveryActions &
  InteropActions &
  KeysActions &
  ManifestActions &
  ParcelActions &
  ResidualActions &
  ReviewActions &
  RightsActions &
  UpkeepActions &
  PublishingActions & {
    readonly init: (folder: string, options: InitOptions) => Promise<void>;
    readonly check: (pipeline: string) => Promise<void>;
    readonly ingest: (pipeline: string, options: PartnerOptions) => Promise<void>;
    readonly tokenize: (pipeline: string, options: TokenizeOptions) => Promise<void>;
    readonly gate: (pipeline: string) => Promise<void>;
    readonly link: (pipeline: string) => Promise<void>;
    readonly measure: (pipeline: string) => Promise<void>;
    readonly run: (pipeline: string, options: { readonly plan?: true }) => Promise<void>;
    readonly status: (pipeline: string, options: { readonly json?: true }) => Promise<void>;
    readonly report: (pipeline: string, options: { readonly out?: string }) => Promise<void>;
    readonly canaries: (pipeline: string, options: { readonly partner: string }) => Promise<void>;
    readonly compare: (later: string, earlier: string) => Promise<void>;
    readonly demo: (options: DemoOptions) => Promise<void>;
    readonly auditRelease: (folder: string, options: AuditOptions) => Promise<void>;
    readonly evaluateLinkage: (config: string, options: EvaluateLinkageOptions) => Promise<void>;
    readonly evaluateDisclosure: (config: string, options: OutOptions) => Promise<void>;
    readonly logVerify: (pipeline: string, options: VerifyOptions) => Promise<void>;
    readonly logShow: (pipeline: string, options: ShowOptions) => Promise<void>;
    readonly logWitness: (pipeline: string, options: WitnessOptions) => Promise<void>;
  };

export type PartnerOptions = { readonly partner?: string };
export type TokenizeOptions = PartnerOptions & { readonly plan?: true };
export type CityOptions = { readonly students: number; readonly seed: string };
/** A partner and the file of a public key. */
export type NamedKey = { readonly name: string; readonly key: string };
export type InitOptions = CityOptions & {
  readonly school: readonly NamedKey[];
  readonly programme: readonly NamedKey[];
  readonly city: string;
  readonly from?: string;
  readonly to?: string;
  readonly madeUp?: true;
};
export type VerifyOptions = { readonly against?: string; readonly vkey?: string };
export type AuditOptions = {
  readonly earlier?: readonly string[];
  readonly policy?: string;
  readonly publicTotals?: string;
};
export type OutOptions = { readonly out: string };
export type ShowOptions = { readonly last: number };
export type WitnessOptions = {
  readonly key: string;
  readonly name: string;
  readonly state: string;
  readonly vkey?: string;
  readonly out?: string;
};
export type DemoOptions = { readonly students?: number; readonly seed: string; readonly dir?: string };

const wholeNumber = (text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 50 || number > 10_000_000) {
    throw new InvalidArgumentError('A whole number from 50 to 10,000,000 is expected.');
  }
  return number;
};

/** `schools=ann.pub`, as often as there are partners. */
const namedKey = (text: string, before: readonly NamedKey[]): readonly NamedKey[] => {
  const [, name, key] = /^([a-z][a-z0-9-]{0,60})=(.+)$/.exec(text) ?? [];
  if (name !== undefined && key !== undefined) return [...before, { name, key }];
  throw new InvalidArgumentError(
    'NAME=FILE is expected: a name of lower-case letters, digits and hyphens, and the file of a public SSH key.',
  );
};

const cityName = (text: string): string => {
  if (/^[\p{L}\p{N}][\p{L}\p{N}' .-]{1,79}$/u.test(text)) return text;
  throw new InvalidArgumentError('A name of 2 to 80 letters is expected.');
};

const isoDate = (text: string): string => {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError('A date such as 2025-08-27 is expected.');
};

const countOfEntries = (text: string): number => {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1)
    throw new InvalidArgumentError('A whole number from 1 is expected.');
  return count;
};

/** A name that can stand in a signature line: see C2SP signed-note. */
const witnessName = (text: string): string => {
  if (/^[^\s\p{Cc}+]{1,200}$/u.test(text)) return text;
  throw new InvalidArgumentError('A name without spaces and plus signs is expected.');
};

const EXIT_CODES = `
Exit codes: 0 done, 1 bug, 2 usage, 10 configuration or agreement, 11 input artifact, 12 key,
            13 data quality or hold, 14 disclosure, 15 resources. docs/reference/errors.md explains each error.`;

/** The command line. */
export function program(actions: Actions): Command {
  const root = new Command('throughline')
    .description(
      "Link children's records across schools, programmes and clinics without anyone seeing a name.",
    )
    .version('0.1.0')
    .addOption(logOption())
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError('(run the command with --help)');
  addSetUp(root, actions);
  addExtracts(root, actions);
  addManifest(root, actions);
  addAgreements(root, actions);
  addStages(root, actions);
  addNight(root, actions);
  addUpkeep(root, actions);
  addExplore(root, actions);
  addDeliveries(root, actions);
  addParcels(root, actions);
  addInterop(root, actions);
  addPublishing(root, actions);
  addRights(root, actions);
  addReview(root, actions);
  addResidual(root, actions);
  addLog(root, actions);
  addEvaluate(root, actions);
  addAudit(root, actions);
  addAssess(root, actions);
  return root;
}

const logFormats: readonly LogFormat[] = ['auto', 'terminal', 'json', 'none'];

const logOption = () =>
  new Option('--log <format>', 'how to tell what happens, on standard error')
    .choices(logFormats)
    .default('auto');

const PIPELINE = 'the pipeline file, such as pipeline.yaml';
const PARTNER = 'only this partner';

function addSetUp(root: Command, actions: Actions): void {
  root
    .command('init')
    .description(
      'make a project: of a made-up city with everything in it, or drafts for partners of your own',
    )
    .argument('<folder>', 'a folder that does not exist yet')
    .option('--students <n>', 'how many students the made-up city has', wholeNumber, 500)
    .option('--seed <text>', 'another seed, another city', '1')
    .option(
      '--school <name=key.pub>',
      'instead drafts for this school system, whose approver has this public SSH key; may be repeated',
      namedKey,
      [],
    )
    .option('--programme <name=key.pub>', 'and for this programme; may be repeated', namedKey, [])
    .option('--city <name>', 'what your city is called', cityName, 'Our city')
    .option('--from <date>', 'the first day that the measures are about', isoDate)
    .option('--to <date>', 'the last one; children are counted on it', isoDate)
    .option('--made-up', 'nobody in your files exists')
    .action((folder: string, options: InitOptions) => actions.init(folder, options));
  addKeys(root, actions);
  root
    .command('check')
    .description('check the pipeline, its agreements and approvals, without reading a row')
    .argument('<pipeline>', PIPELINE)
    .action((pipeline: string) => actions.check(pipeline));
}

function addStages(root: Command, actions: Actions): void {
  root
    .command('ingest')
    .description('partner: read extracts, account for every row, split identifiers from payload')
    .argument('<pipeline>', PIPELINE)
    .option('--partner <name>', PARTNER)
    .action((pipeline: string, options: PartnerOptions) => actions.ingest(pipeline, options));
  root
    .command('tokenize')
    .description('partner: turn identifiers into keyed tokens, and seal what the gate allows')
    .argument('<pipeline>', PIPELINE)
    .option('--partner <name>', PARTNER)
    .option('--plan', 'instead write what the gate must know: once an epoch, before anything is sealed')
    .action((pipeline: string, options: TokenizeOptions) => actions.tokenize(pipeline, options));
  root
    .command('gate')
    .description('linkage unit: merge the plans of the partners and decide what they may seal in this epoch')
    .argument('<pipeline>', PIPELINE)
    .action((pipeline: string) => actions.gate(pipeline));
  root
    .command('link')
    .description('linkage unit: link tokens, keep the people index')
    .argument('<pipeline>', PIPELINE)
    .action((pipeline: string) => actions.link(pipeline));
  root
    .command('measure')
    .description('analyst desk: count the measures, exactly')
    .argument('<pipeline>', PIPELINE)
    .action((pipeline: string) => actions.measure(pipeline));
}

function addNight(root: Command, actions: Actions): void {
  root
    .command('run')
    .description('a whole night: every stage that is not up to date, then the report')
    .argument('<pipeline>', PIPELINE)
    .option('--plan', 'instead say what each stage would do and why; nothing is written')
    .action((pipeline: string, options: { plan?: true }) => actions.run(pipeline, options));
  root
    .command('status')
    .description(
      'how the last run ended, and how each partner stands: files, rows, links, what is the matter',
    )
    .argument('<pipeline>', PIPELINE)
    .option('--json', 'as JSON, for other programs')
    .action((pipeline: string, options: { json?: true }) => actions.status(pipeline, options));
  root
    .command('report')
    .description('write report.html from the last night and print its summary')
    .argument('<pipeline>', PIPELINE)
    .option('--out <file>', 'where to write it')
    .action((pipeline: string, options: { out?: string }) => actions.report(pipeline, options));
  root
    .command('canaries')
    .description(
      'print as JSON how the children who do not exist, planted by a partner, were linked: for that partner',
    )
    .argument('<pipeline>', PIPELINE)
    .requiredOption('--partner <name>', 'whose canaries')
    .action((pipeline: string, options: { partner: string }) => actions.canaries(pipeline, options));
  root
    .command('compare')
    .description(
      'print as CSV what has changed between two frozen releases: a number a cell, or the reason why there is none',
    )
    .argument('<later>', 'the folder of the later release')
    .argument('<earlier>', 'the folder of the earlier release')
    .action((later: string, earlier: string) => actions.compare(later, earlier));
  root
    .command('demo')
    .description('run the night of Millbrook, a made-up city of about 3,000 students')
    .option('--students <n>', 'make another city of this size instead of the one that is kept', wholeNumber)
    .option('--seed <text>', 'the seed of that other city', '1')
    .option('--dir <folder>', 'where to make that other city')
    .action((options: DemoOptions) => actions.demo(options));
}

const VKEY = 'the verifier key of the log as you were given it, instead of the one beside its key';

function addLog(root: Command, actions: Actions): void {
  const verify = new Command('verify')
    .description('check offline that the log fits its signed checkpoint and continues an older one')
    .argument('<pipeline>', PIPELINE)
    .option('--against <file>', 'an older checkpoint, such as one that a witness cosigned')
    .option('--vkey <file>', VKEY)
    .action((pipeline: string, options: VerifyOptions) => actions.logVerify(pipeline, options));
  const show = new Command('show')
    .description('print the latest entries of the log: number, time, stage, of whom, and what was made')
    .argument('<pipeline>', PIPELINE)
    .option('--last <n>', 'how many entries', countOfEntries, 20)
    .action((pipeline: string, options: ShowOptions) => actions.logShow(pipeline, options));
  const witness = new Command('witness')
    .description(
      'cosign the checkpoint of the log as a witness, if the log has only grown since the last time',
    )
    .argument('<pipeline>', PIPELINE)
    .requiredOption('--key <file>', 'your own key: a file of 32 random bytes with mode 0600')
    .requiredOption('--name <name>', 'the name of your key, such as district.example/witness', witnessName)
    .requiredOption('--state <file>', 'where you keep the last checkpoint that you cosigned')
    .option('--vkey <file>', VKEY)
    .option('--out <file>', 'where to write the cosigned checkpoint instead of standard output')
    .action((pipeline: string, options: WitnessOptions) => actions.logWitness(pipeline, options));
  root
    .command('log')
    .description('verify, show and witness the log of what every stage did')
    .addCommand(verify)
    .addCommand(show)
    .addCommand(witness)
    .addCommand(disclosuresCommand(actions));
}

function addEvaluate(root: Command, actions: Actions): void {
  const disclosure = new Command('disclosure')
    .description(
      'protect tables of any microdata, attack what would be printed, and print the outcome as JSON',
    )
    .argument('<config>', 'which people, tables and attackers: see the configuration reference')
    .requiredOption('--out <folder>', 'where to write the protected tables')
    .action((config: string, options: OutOptions) => actions.evaluateDisclosure(config, options));
  const linkage = new Command('linkage')
    .description(
      'encode, link and judge CSV files that have a column of truth, and print the outcome as JSON',
    )
    .argument('<config>', 'which sources, fields and truth: see the configuration reference')
    .requiredOption('--out <folder>', 'where to write result.json')
    .addOption(
      new Option(
        '--encoding <name>',
        'sealed fields under the gate or without it, exact tokens, or the same model on clear text',
      )
        .choices(['default', 'ungated', 'exact', 'clear'])
        .default('default'),
    )
    .option('--seed <text>', 'of the order of rows and of sampling; keys are fresh every time', '1')
    .option('--parameters <file>', 'a parameters.json of an earlier run, to be used as it is')
    .action((config: string, options: EvaluateLinkageOptions) => actions.evaluateLinkage(config, options));
  root
    .command('evaluate')
    .description('try a part of the software on files of your own')
    .addCommand(linkage)
    .addCommand(disclosure);
}

function addAudit(root: Command, actions: Actions): void {
  const release = new Command('release')
    .description(
      'attack a release folder with nothing but what is printed in it; exit code 14 if it gives a count away',
    )
    .argument('<folder>', 'the release folder')
    .option('--earlier <folder...>', 'releases that were published before it')
    .option(
      '--policy <file>',
      'the release policy to hold it to, instead of a threshold of 11 and a width of 10',
    )
    .option(
      '--public-totals <file>',
      'numbers of children that everybody has from elsewhere, such as enrolment by school: a YAML file',
    )
    .action((folder: string, options: AuditOptions) => actions.auditRelease(folder, options));
  root
    .command('audit')
    .description('attack what has been made, as somebody who has nothing else')
    .addCommand(release);
}
