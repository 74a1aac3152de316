import type { InteropProfile } from '@throughline/agreement';
import { Command, Option } from 'commander';

export type InteropWriteOptions = {
  readonly partner: string;
  readonly profile: InteropProfile;
  readonly file: string;
  readonly secret: string;
  readonly out: string;
  readonly schema?: string;
  readonly record?: string;
};

export type InteropActions = {
  readonly interopWrite: (pipeline: string, options: InteropWriteOptions) => Promise<void>;
  readonly interopCompare: (pipeline: string) => Promise<void>;
};

const PIPELINE = 'the pipeline file, such as pipeline.yaml';
const PROFILES: readonly InteropProfile[] = ['olt-2', 'clk-v3'];

/** Encodings of other systems, which the agreements must consent to. */
export function addInterop(root: Command, actions: InteropActions): void {
  const write = new Command('write')
    .description(
      'partner: encode a table as OpenLinkToken or clkhash does, where the agreements consent to it',
    )
    .argument('<pipeline>', PIPELINE)
    .requiredOption('--partner <name>', 'whose records they are')
    .addOption(
      new Option('--profile <name>', 'tokens of OpenLinkToken 2.1, or CLKs of clkhash schema 3')
        .choices(PROFILES)
        .makeOptionMandatory(),
    )
    .requiredOption(
      '--file <file>',
      'the table: CSV in UTF-8 with the columns that the other system asks for',
    )
    .requiredOption('--secret <place>', 'the secret that the parties share: a file with mode 0600, fd:3 or -')
    .requiredOption('--out <file>', 'where to write; an existing file is replaced')
    .option('--schema <file>', 'clk-v3: the linkage schema, of the hash that the memorandum names')
    .option('--record <column>', 'clk-v3: the column that names the record')
    .action((pipeline: string, options: InteropWriteOptions) => actions.interopWrite(pipeline, options));
  const compare = new Command('compare')
    .description('compare the CLKs that partners have delivered, and say about how many records agree')
    .argument('<pipeline>', PIPELINE)
    .action((pipeline: string) => actions.interopCompare(pipeline));
  root
    .command('interop')
    .description('encodings of other systems, for a partner who has them already; weaker by known attacks')
    .addCommand(write)
    .addCommand(compare);
}
