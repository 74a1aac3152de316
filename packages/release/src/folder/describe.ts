import type { ReleaseTerms } from '@throughline/agreement';
import type { MeasureDefinition } from '@throughline/core';
import type { OutputArtifact } from '@throughline/engine';
import { codebook } from './codebook.js';
import { dataPackage } from './data-package.js';
import { definitionsPage, disclosurePage, limitsPage, readme } from './pages.js';

/** What the pages of a release folder are written from. Nothing in it is below the threshold. */
export type Description = {
  readonly city: string;
  readonly day: string;
  readonly synthetic: boolean;
  readonly terms: ReleaseTerms;
  readonly definitions: readonly MeasureDefinition[];
  readonly rows: number;
  readonly withheldRows: number;
  readonly attackers: readonly string[];
  readonly measuresSha256: string;
  readonly software: string;
};

/** Writes everything beside the cells. */
export async function describeRelease(
  output: OutputArtifact<'release'>,
  description: Description,
): Promise<void> {
  await output.file('README.md', readme(description));
  await output.file('definitions.md', definitionsPage(description));
  await output.file('definitions.json', json(description.definitions));
  await output.file('disclosure.md', disclosurePage(description));
  await output.file('limits.md', limitsPage(description));
  await output.file('codebook.csv', await codebook());
  await output.file('datapackage.json', json(dataPackage(description)));
  await output.file('provenance.json', json(provenance(description)));
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/**
 * Which agreements and measures the release rests on, by hash. The hash of the exact cells could be used to try
 * guesses of withheld counts, were it not for the hash of the people index inside it, whose keyed ids nobody outside
 * can guess. So the hashes of what the measures were made from must never be published beside it.
 */
function provenance({ city, day, synthetic, terms, measuresSha256, software }: Description) {
  return {
    city,
    day,
    synthetic,
    software,
    measures: { sha256: measuresSha256 },
    agreements: terms.documents.map(({ document: { kind, id, version, effective, expires }, sha256 }) => ({
      kind,
      id,
      version,
      effective,
      expires,
      sha256,
    })),
  };
}
