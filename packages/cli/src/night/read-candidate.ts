import { releaseTerms } from '@throughline/agreement';
import { type ReadArtifact, type Session, sql } from '@throughline/engine';
import type { Project } from '../project/project.js';
import { publications } from '../publishing/publications.js';
import { reviewOf, VOTES_NEEDED } from '../publishing/state.js';
import type { Night, NightAgreement, NightCandidate, NightMeasure } from '../report/night.js';
import { cellsOf } from './cells.js';
import { number, text, textOrNull } from './row-values.js';

/** Where the candidate stands on its way out. */
export async function candidateOf(
  project: Project,
  release: ReadArtifact<'release'>,
): Promise<NightCandidate> {
  const published = await publications(project);
  const { state, votes, newShapes } = await reviewOf(project, release, published);
  const latest = published.findLast(({ recalled }) => !recalled);
  return {
    state,
    votes: votes.length,
    votesNeeded: VOTES_NEEDED,
    newTables: newShapes,
    latest: latest === undefined ? null : { number: latest.number, on: latest.on },
  };
}

/** Below which count nothing is published, and which document says so. */
export function ruleOf({ pipeline, documents, day }: Project): Night['release'] {
  const { minCell, minCellFrom, minIntervalWidth } = releaseTerms(documents, {
    partners: pipeline.partners.map(({ name }) => name),
    dul: pipeline.release.dul,
    policy: pipeline.release.policy,
    measures: [],
    day,
  });
  return { minCell, minCellFrom, minIntervalWidth };
}

/** What the desk counted, and how the protected candidate shows it. */
export type Counted = {
  readonly release: ReadArtifact<'release'>;
  readonly measures: ReadArtifact<'measures'>;
};

export async function measuresOf(
  project: Project,
  { release, measures: exact }: Counted,
  session: Session,
): Promise<NightMeasure[]> {
  const names = await session.rows(
    'measures',
    sql`SELECT DISTINCT measure FROM ${release.table('cells')} ORDER BY measure`,
  );
  const cells = await cellsOf(release, session);
  const found: NightMeasure[] = [];
  for (const name of names.map((row) => text(row, 'measure'))) {
    found.push({
      name,
      title: titleOf(name),
      tables: cells.filter(({ measure }) => measure === name),
      rows: inOrderOfBands(project, await oneWayRows(release, name, session)),
      coverage: await coverage(exact, name, session),
    });
  }
  return found;
}

const titleOf = (name: string): string => {
  const words = name.replaceAll('_', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
};

async function oneWayRows(
  release: ReadArtifact<'release'>,
  measure: string,
  session: Session,
): Promise<NightMeasure['rows']> {
  const rows = await session.rows(
    'one-way rows',
    sql`SELECT dim_1, level_1, rate_percent, coverage_percent, total FROM ${release.table('cells')}
        WHERE measure = ${measure} AND dim_2 IS NULL AND (dim_1 IS NULL OR level_1 <> 'Total') ORDER BY dim_1, level_1`,
  );
  return rows.map((row) => ({
    dimension: text(row, 'dim_1'),
    level: text(row, 'level_1'),
    ratePercent: textOrNull(row, 'rate_percent'),
    coveragePercent: textOrNull(row, 'coverage_percent'),
    total: row['total'] === null ? null : number(row, 'total'),
  }));
}

/** Grade bands come youngest first, as the pipeline lists them; everything else by name. */
function inOrderOfBands({ pipeline }: Project, rows: NightMeasure['rows']): NightMeasure['rows'] {
  const bands = pipeline.measures.bands.map(({ name }) => name);
  const place = (level: string): number => (bands.indexOf(level) + bands.length + 1) % (bands.length + 1);
  const ofGrades = rows.filter(({ dimension }) => dimension === 'grade_band');
  const others = rows.filter(({ dimension }) => dimension !== 'grade_band');
  return [...others, ...ofGrades.sort((a, b) => place(a.level) - place(b.level))];
}

/** Counts of records and days only: counts of persons are exact, and the report may be forwarded. */
async function coverage(
  exact: ReadArtifact<'measures'>,
  measure: string,
  session: Session,
): Promise<NightMeasure['coverage']> {
  const rows = await session.rows(
    'coverage',
    sql`SELECT name, "by", count FROM ${exact.table('coverage')}
        WHERE measure = ${measure} AND name NOT LIKE 'persons%' ORDER BY name, "by"`,
  );
  return rows.map((row) => ({
    name: text(row, 'name'),
    by: textOrNull(row, 'by'),
    count: number(row, 'count'),
  }));
}

export function agreementsOf({ documents }: Project): NightAgreement[] {
  const all = [...documents.emous, ...documents.dsas, ...documents.duls, ...documents.policies];
  return all.map(({ document: { id, title, version, expires } }) => ({ id, title, version, expires }));
}
