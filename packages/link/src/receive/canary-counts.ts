import { CANARY_RECORDS, type ManifestCount } from '@throughline/core';
import type { ReadArtifact } from '@throughline/engine';

/** How many canaries a delivery, or an index, says that it has. */
export const canaryCounts = ({ manifest }: Pick<ReadArtifact, 'manifest'>): ManifestCount[] =>
  manifest.counts.filter(({ name }) => name === CANARY_RECORDS);
