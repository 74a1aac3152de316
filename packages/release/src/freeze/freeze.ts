import { releaseTerms } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { type Stage, sql } from '@throughline/engine';
import { type ReleaseConfig, releaseConfig } from '../release.js';

/**
 * Keeps, with a release that is frozen, whose records it counted, so that a family that withdraws can be told. The
 * release must have been made of the very measures that were counted.
 */
export const freezeStage: Stage<ReleaseConfig> = {
  name: 'freeze',
  version: '1',
  config: releaseConfig,
  writes: ['frozen'],
  secrets: [],
  governs: (documents, { day, config }) => releaseTerms(documents, { ...config, day }).documents,
  run: async ({ inputs, output, step }) => {
    const [release] = inputs('release');
    const [counted] = inputs('counted');
    const [people] = inputs('people');
    if (release === undefined || counted === undefined || people === undefined)
      throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName('release') });
    requireSameNight(release.manifest.inputs, inputs('measures')[0]);
    await step('counted', () =>
      output('frozen').table(
        'counted',
        sql`SELECT record_id, partner, measures FROM ${people.table('people')} JOIN ${counted.table('counted')} USING (person_id)`,
      ),
    );
  },
};

type Made = { readonly kind: string; readonly sha256: string };

function requireSameNight(inputs: readonly Made[], measures: Made | undefined): void {
  if (inputs.some(({ kind, sha256 }) => kind === 'measures' && sha256 === measures?.sha256)) return;
  throw new ThroughlineError('ARTIFACT_ALTERED', {
    kind: safeName('release'),
    rule: safeName('made of the measures that are in place: run the night again'),
  });
}
