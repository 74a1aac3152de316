import { join } from 'node:path';
import { interopTermsOf, termsOf } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import {
  openSession,
  type ReadArtifact,
  readArtifactIfThere,
  removeFolder,
  type Session,
  type Sql,
  sql,
} from '@throughline/engine';
import { matchesAt, similarPairs } from '@throughline/tokenize';
import type { Effects } from '../effects.js';
import { toldCount } from '../linkage/told.js';
import type { Project } from '../project/project.js';

type Filters = { readonly partner: string; readonly clks: readonly Uint8Array[] };

/**
 * Compares the CLKs of every two partners by Dice, at the threshold that the memorandum declares, each record with one
 * other at most, and says how many agree, rounded.
 *
 * @throws ThroughlineError PROFILE_NOT_AGREED, ARTIFACT_MISSING where fewer than two partners have delivered any.
 */
export async function compareFilters(project: Project, { stdout }: Effects): Promise<void> {
  const delivered = await filtersOf(project);
  const thresholds = delivered.map(({ partner }) => thresholdOf(project, partner));
  if (delivered.length < 2)
    throw new ThroughlineError('ARTIFACT_MISSING', { kind: safeName('interop'), count: delivered.length });
  const least = Math.max(...thresholds);
  for (const [at, one] of delivered.entries()) {
    for (const other of delivered.slice(at + 1)) {
      const matches = matchesAt(similarPairs(one.clks, other.clks, least), least).length;
      stdout(
        `${one.partner} (${one.clks.length}) and ${other.partner} (${other.clks.length}): about ${toldCount(matches)} agree by Dice of ${least} or more\n`,
      );
    }
  }
}

const thresholdOf = ({ documents, day }: Project, partner: string): number =>
  interopTermsOf(termsOf(documents, partner, { day, use: 'linkage' }), 'clk-v3').threshold;

async function filtersOf({ pipeline, folders }: Project): Promise<Filters[]> {
  const spill = join(folders.work, 'compare');
  const found: Filters[] = [];
  const session = await openSession({ folders: [folders.state], spill, ...pipeline.limits });
  try {
    for (const { name } of pipeline.partners) {
      const interop = await readArtifactIfThere(folders.partner(name, 'interop'), 'interop');
      const identifiers = await readArtifactIfThere(folders.partner(name, 'identifiers'), 'identifiers');
      const withdrawn = identifiers?.table('withdrawn') ?? sql`(SELECT NULL::UUID AS record_id WHERE false)`;
      const clks = interop === undefined ? [] : await clksOf(session, { interop, withdrawn });
      if (clks.length > 0) found.push({ partner: name, clks });
    }
  } finally {
    session.close();
    await removeFolder(spill);
  }
  return found;
}

type Kept = { readonly interop: ReadArtifact<'interop'>; readonly withdrawn: Sql };

/** Of all records but those that families have withdrawn. */
async function clksOf(session: Session, { interop, withdrawn }: Kept): Promise<Uint8Array[]> {
  const rows = session.columns(
    'filters',
    sql`SELECT hex(filter) AS filter FROM ${interop.table('filters')} ANTI JOIN ${withdrawn} AS withdrawn USING (record_id) ORDER BY record_id`,
  );
  const clks: Uint8Array[] = [];
  for await (const [filters = []] of rows)
    for (const filter of filters) clks.push(new Uint8Array(Buffer.from(String(filter), 'hex')));
  return clks;
}
