import { Command, InvalidArgumentError } from 'commander';

export type ManifestActions = {
  readonly manifestExport: (
    pipeline: string,
    asked: string,
    options: { readonly out?: string },
  ) => Promise<void>;
  readonly manifestImport: (
    pipeline: string,
    sheet: string,
    options: { readonly replace?: true },
  ) => Promise<void>;
  readonly manifestDiff: (older: string, newer: string) => Promise<void>;
  readonly manifestPreview: (pipeline: string, asked: string, options: PreviewOptions) => Promise<void>;
};

export type PreviewOptions = { readonly extract?: string; readonly showValues?: number };

const PIPELINE = 'the pipeline file, such as pipeline.yaml';
const MANIFEST = 'the id of a field manifest of the pipeline, or the path of one';
const MOST_ROWS = 100;

const rowsShown = (text: string): number => {
  const rows = Number(text);
  if (Number.isSafeInteger(rows) && rows >= 1 && rows <= MOST_ROWS) return rows;
  throw new InvalidArgumentError(`A whole number from 1 to ${MOST_ROWS} is expected.`);
};

/** `throughline manifest`: field manifests for people who do not read YAML. */
export function addManifest(root: Command, actions: ManifestActions): void {
  root
    .command('manifest')
    .description('field manifests for people who do not read YAML: sheet, page, differences, preview')
    .addCommand(exportCommand(actions))
    .addCommand(importCommand(actions))
    .addCommand(diffCommand(actions))
    .addCommand(previewCommand(actions));
}

const exportCommand = (actions: ManifestActions) =>
  new Command('export')
    .description('write a field manifest as a spreadsheet to decide in and a page to print and sign')
    .argument('<pipeline>', PIPELINE)
    .argument('<manifest>', MANIFEST)
    .option('--out <folder>', 'where to write them instead of the working folder')
    .action((pipeline: string, asked: string, options: { out?: string }) =>
      actions.manifestExport(pipeline, asked, options),
    );

const importCommand = (actions: ManifestActions) =>
  new Command('import')
    .description('take in a sheet that came back: say what it changes and write the next version to sign')
    .argument('<pipeline>', PIPELINE)
    .argument('<sheet>', 'the spreadsheet (.xlsx) as it came back')
    .option('--replace', 'replace a proposal of that version that is there already')
    .action((pipeline: string, sheet: string, options: { replace?: true }) =>
      actions.manifestImport(pipeline, sheet, options),
    );

const diffCommand = (actions: ManifestActions) =>
  new Command('diff')
    .description('say in words how two versions of a field manifest differ, and what more may leave')
    .argument('<older>', 'the file of the older version')
    .argument('<newer>', 'the file of the newer version')
    .action((older: string, newer: string) => actions.manifestDiff(older, newer));

const previewCommand = (actions: ManifestActions) =>
  new Command('preview')
    .description('show what would leave the building: columns and shapes, and no values unless asked for')
    .argument('<pipeline>', PIPELINE)
    .argument('<manifest>', MANIFEST)
    .option('--extract <file>', 'a sample extract instead of the one in the inbox')
    .option(
      '--show-values <rows>',
      'at the owner only: also print so many rows as they would leave',
      rowsShown,
    )
    .action((pipeline: string, asked: string, options: PreviewOptions) =>
      actions.manifestPreview(pipeline, asked, options),
    );
