import { type ReadArtifact, readArtifact, type Session, sql } from '@throughline/engine';
import type { Project } from '../project/project.js';
import type { HouseholdsNight } from './linkage-night.js';
import { number, text } from './read-links.js';
import { toldCount } from './told.js';

type People = ReadArtifact<'people'>;
type Households = ReadArtifact<'households'>;

/** Households that have more children are counted together. */
const LARGEST_TOLD = 5;

/**
 * Counts of households as they may be told: to the next ten, and none where fewer than the threshold of the release are,
 * or are left. Nothing where the pipeline asks for no index.
 */
export async function readHouseholds(
  { pipeline, folders }: Project,
  {
    people,
    minCell,
    session,
  }: { readonly people: People; readonly minCell: number; readonly session: Session },
): Promise<HouseholdsNight | undefined> {
  if (pipeline.households === undefined) return undefined;
  const households = await readArtifact(folders.households, 'households');
  const told = (value: number): number | undefined => (value < minCell ? undefined : toldCount(value));
  return {
    standing: await standing(households, session, told),
    sizes: await sizes(households, session, told),
    reach: await reach({ households, people, minCell, session }),
  };
}

type Told = (value: number) => number | undefined;

async function standing(
  households: Households,
  session: Session,
  told: Told,
): Promise<HouseholdsNight['standing']> {
  const rows = await session.rows(
    'standing',
    sql`SELECT * FROM ${households.table('standing')} ORDER BY standing`,
  );
  return rows.map((row) => ({ standing: text(row, 'standing'), persons: told(number(row, 'persons')) }));
}

async function sizes(
  households: Households,
  session: Session,
  told: Told,
): Promise<HouseholdsNight['sizes']> {
  const rows = await session.rows(
    'households',
    sql`SELECT least(children, ${LARGEST_TOLD}::BIGINT) AS children, count(*) AS households FROM (
          SELECT count(*) AS children FROM ${households.table('members')} GROUP BY household_id
        ) GROUP BY ALL ORDER BY children`,
  );
  return rows.map((row) => ({
    children: number(row, 'children'),
    households: told(number(row, 'households')),
  }));
}

type Reaching = {
  readonly households: Households;
  readonly people: People;
  readonly minCell: number;
  readonly session: Session;
};

/** Households of which a source knows a child, and those of them of which it knows every child. */
async function reach({ households, people, minCell, session }: Reaching): Promise<HouseholdsNight['reach']> {
  const rows = await session.rows(
    'reach of households',
    sql`WITH sizes AS (SELECT household_id, count(*) AS children FROM ${households.table('members')} GROUP BY household_id),
          known AS (
            SELECT partner, space, household_id, count(DISTINCT person_id) AS known
            FROM ${people.table('people')} JOIN ${households.table('members')} AS members USING (person_id) GROUP BY ALL
          )
        SELECT partner, space, count(*) AS households, count(*) FILTER (known = children) AS whole
        FROM known JOIN sizes USING (household_id) GROUP BY partner, space
        HAVING whole >= ${minCell}::BIGINT AND households - whole >= ${minCell}::BIGINT ORDER BY partner, space`,
  );
  return rows.map((row) => ({
    source: `${text(row, 'partner')}/${text(row, 'space')}`,
    households: toldCount(number(row, 'households')),
    whole: toldCount(number(row, 'whole')),
  }));
}
