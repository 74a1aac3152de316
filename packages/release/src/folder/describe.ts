import type { ReleaseTerms } from '@throughline/agreement';
import type { MeasureDefinition } from '@throughline/core';
import type { OutputArtifact } from '@throughline/engine';
import type { ReleasedCell } from '../cells/released-cells.js';
import type { Change } from '../changes/compare-releases.js';
import { biasBounds } from './bias.js';
import { changesPage, changesTable } from './changes.js';
import { citation } from './citation.js';
import { codebook, codebookPage } from './codebook.js';
import { croissant } from './croissant.js';
import { dataPackage } from './data-package.js';
import { definitionsPage } from './definitions.js';
import { linkagePage, linkageTable } from './linkage-quality.js';
import { disclosurePage, limitsPage, readme } from './pages.js';
import { provenance, type ReleaseSource } from './provenance.js';
import { snippets } from './snippets.js';
import { syntheticTables } from './synthetic.js';

/** What the pages of a release folder are written from. Nothing in it is below the threshold. */
export type Description = {
  readonly city: string;
  readonly day: string;
  readonly synthetic: boolean;
  readonly terms: ReleaseTerms;
  readonly definitions: readonly MeasureDefinition[];
  readonly cells: readonly ReleasedCell[];
  readonly attackers: readonly string[];
  readonly measuresSha256: string;
  readonly software: string;
  readonly sources: readonly ReleaseSource[];
  /** Since the last release; null in the first. */
  readonly changes: readonly Change[] | null;
};

/** Writes everything beside the tables. */
export async function describeRelease(
  output: OutputArtifact<'release'>,
  description: Description,
): Promise<void> {
  const { city, day } = description;
  const files: Readonly<Record<string, string>> = {
    'README.md': readme(description),
    'CITATION.cff': citation(description),
    'definitions.md': definitionsPage(description),
    'definitions.json': json(description.definitions),
    'disclosure.md': disclosurePage(description),
    'limits.md': limitsPage(description),
    'changes.md': changesPage(description),
    'changes.csv': await changesTable(description),
    'bias.csv': await biasBounds(description),
    'linkage.md': linkagePage(description),
    'linkage.csv': await linkageTable(description),
    'codebook.csv': await codebook(),
    'codebook.html': codebookPage(city, day),
    'datapackage.json': json(dataPackage(description)),
    'croissant.json': json(croissant(description)),
    'provenance.json': json(provenance(description)),
    ...(await syntheticTables()),
    ...snippets(description),
  };
  for (const [name, text] of Object.entries(files)) await output.file(name, text);
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** Rows with at least one count that is withheld. */
export const withheldRows = ({ cells }: Pick<Description, 'cells'>): number =>
  cells.filter(({ status }) => status !== 'published').length;
