import { type Command, Option } from 'commander';

export type ExtractActions = {
  readonly profile: (file: string, options: ProfileOptions) => Promise<void>;
  readonly presets: () => Promise<void>;
};

export type ProfileOptions = {
  readonly out?: string;
  readonly partner: string;
  readonly extract?: string;
  readonly sheet?: string;
  readonly header: 'auto' | 'yes' | 'no';
  readonly presets?: string;
};

/** Commands for a partner who brings a new extract. */
export function addExtracts(root: Command, actions: ExtractActions): void {
  root
    .command('profile')
    .description(
      'partner: say what a file is, column by column, without a value of it, and draft a field manifest to be edited',
    )
    .argument('<file>', 'the extract as the system writes it')
    .option('--out <manifest>', 'write the draft there; an existing file is not replaced')
    .option('--partner <name>', 'whose extract it is, for the draft', 'partner')
    .option(
      '--extract <name>',
      'what the extract is called, for the draft; else what the preset or the file is',
    )
    .option('--sheet <name>', 'which sheet of a workbook')
    .addOption(
      new Option(
        '--header <answer>',
        'whether the first row names the columns; what is not plain is withheld',
      )
        .choices(['auto', 'yes', 'no'])
        .default('auto'),
    )
    .option(
      '--presets <folder>',
      "a folder of presets of one's own, beside those that come with the software",
    )
    .action((file: string, options: ProfileOptions) => actions.profile(file, options));
  root
    .command('presets')
    .description('list the presets that come with the software: id, SHA-256 and what each reads')
    .action(() => actions.presets());
}
