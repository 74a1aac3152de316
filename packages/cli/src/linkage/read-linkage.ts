import { releaseTerms } from '@throughline/agreement';
import { type ReadArtifact, type Row, readArtifact, type Session, sql } from '@throughline/engine';
import { SOFTWARE } from '../effects.js';
import type { Project } from '../project/project.js';
import { calibrationOf } from './calibration.js';
import type {
  DoubtRow,
  ExpectedOfGroups,
  ExpectedRow,
  GroupRow,
  LinkageNight,
  PassRow,
  Rates,
  ReachRow,
} from './linkage-night.js';
import { type PassTimes, readPassTimes } from './pass-times.js';
import { readHouseholds } from './read-households.js';
import { comparedPair, number, readModel, text, withLinks } from './read-links.js';
import { readAnswers, type Settled, settled } from './reviews.js';

type Links = ReadArtifact<'links'>;
type People = ReadArtifact<'people'>;
type Measures = ReadArtifact<'measures'>;

/** Reads what the page on linkage shows from the last night. @throws ThroughlineError ARTIFACT_MISSING */
export const readLinkage = (project: Project): Promise<LinkageNight> =>
  withLinks(project, async (links, session) => {
    const people = await readArtifact(project.folders.people, 'people');
    const measures = await readArtifact(project.folders.measures, 'measures');
    const minCell = thresholdOf(project);
    const shown = await groups(measures, minCell, session);
    return {
      city: project.pipeline.city,
      synthetic: people.manifest.synthetic,
      day: project.day,
      software: SOFTWARE,
      model: await readModel(links, session),
      weights: await weights(links, session),
      expected: await expected(links, session),
      passes: await passes(links, session, await readPassTimes(project.folders.passTimes)),
      doubts: await doubts(links, session),
      calibration: await calibration(links, session, settled(await readAnswers(project.folders.reviews))),
      sizes: await sizes(people, session),
      reach: await reach(links, people, session),
      groups: shown,
      expectedOfGroups: await expectedOfGroups(measures, { shown, minCell, session }),
      households: await readHouseholds(project, { people, minCell, session }),
      examples: await examples(links, session),
    };
  });

async function weights(links: Links, session: Session): Promise<LinkageNight['weights']> {
  const rows = await session.rows(
    'weights',
    sql`SELECT weight, class, sum(pairs)::BIGINT AS pairs FROM ${links.table('weights')} GROUP BY ALL ORDER BY ALL`,
  );
  return rows.map((row) => ({
    weight: number(row, 'weight'),
    class: text(row, 'class'),
    pairs: number(row, 'pairs'),
  }));
}

async function expected(links: Links, session: Session): Promise<ExpectedRow[]> {
  const rows = await session.rows(
    'expected',
    sql`SELECT * FROM ${links.table('expected')} ORDER BY source_a, source_b`,
  );
  return rows.map((row) => ({
    sources: `${text(row, 'source_a')} and ${text(row, 'source_b')}`,
    pairs: number(row, 'pairs'),
    ...ratesOf(row),
  }));
}

const ratesOf = (row: Row): Rates => ({
  links: number(row, 'links'),
  precision: [number(row, 'precision_low'), number(row, 'precision'), number(row, 'precision_high')],
  recall: [number(row, 'recall_low'), number(row, 'recall'), number(row, 'recall_high')],
});

async function passes(links: Links, session: Session, times: PassTimes): Promise<PassRow[]> {
  const rows = await session.rows(
    'passes',
    sql`SELECT * FROM ${links.table('passes')} ORDER BY kind DESC, linked DESC, pass`,
  );
  return rows.map((row) => ({
    name: text(row, 'pass'),
    kind: text(row, 'kind'),
    pairs: number(row, 'pairs'),
    linked: number(row, 'linked'),
    ambiguous: number(row, 'ambiguous'),
    refused: number(row, 'refused'),
    alone: number(row, 'alone'),
    linkedAlone: number(row, 'linked_alone'),
    ms: times.find(({ kind, pass }) => kind === row['kind'] && pass === row['pass'])?.ms,
  }));
}

async function doubts(links: Links, session: Session): Promise<DoubtRow[]> {
  const rows = await session.rows(
    'health',
    sql`SELECT * FROM ${links.table('health')} ORDER BY finding, pass, comparisons, level`,
  );
  return rows.map((row) => ({
    finding: text(row, 'finding'),
    about: [text(row, 'pass'), text(row, 'comparisons'), text(row, 'level')]
      .filter((part) => part !== '')
      .join(', '),
    value: number(row, 'value'),
  }));
}

async function calibration(
  links: Links,
  session: Session,
  said: readonly Settled[],
): Promise<LinkageNight['calibration']> {
  if (said.length === 0) return [];
  const rows = await session.rows(
    'reviewed pairs',
    sql`SELECT CAST(record_id_a AS VARCHAR) AS a, CAST(record_id_b AS VARCHAR) AS b, probability
        FROM ${links.table('compared')} WHERE probability >= ${LEAST_ASKED}::DOUBLE ORDER BY a, b`,
  );
  const judged = rows.map((row) => ({
    a: text(row, 'a'),
    b: text(row, 'b'),
    probability: number(row, 'probability'),
  }));
  return calibrationOf(said, judged);
}

/** No owner is asked about pairs below. */
const LEAST_ASKED = 0.05;

async function sizes(people: People, session: Session): Promise<LinkageNight['sizes']> {
  const rows = await session.rows(
    'sizes',
    sql`SELECT records, count(*) AS persons FROM (
          SELECT count(*) AS records FROM ${people.table('people')} GROUP BY person_id
        ) GROUP BY records ORDER BY records`,
  );
  return rows.map((row) => ({ records: number(row, 'records'), persons: number(row, 'persons') }));
}

async function reach(links: Links, people: People, session: Session): Promise<ReachRow[]> {
  const rows = await session.rows(
    'reach',
    sql`WITH best AS (
          SELECT record_id, max(weight) AS weight FROM (
            SELECT record_id_a AS record_id, weight FROM ${links.table('compared')}
            UNION ALL SELECT record_id_b AS record_id, weight FROM ${links.table('compared')}
          ) GROUP BY record_id
        )
        SELECT partner, bits, (SELECT count(*) FROM ${people.table('people')} own WHERE own.partner = joined.partner) AS records,
          count(*) FILTER (weight >= bits) AS reaching
        FROM (SELECT * FROM best JOIN ${people.table('people')} USING (record_id)) AS joined,
          (SELECT unnest([0, 5, 10, 15, 20, 25, 30]) AS bits)
        GROUP BY partner, bits ORDER BY partner, bits`,
  );
  const partners = [...new Set(rows.map((row) => text(row, 'partner')))];
  return partners.map((partner) => {
    const own = rows.filter((row) => text(row, 'partner') === partner);
    return {
      partner,
      records: number(own[0] ?? {}, 'records'),
      atLeast: own.map((row) => ({ bits: number(row, 'bits'), records: number(row, 'reaching') })),
    };
  });
}

/** Counts below are never released. */
const thresholdOf = ({ pipeline, documents, day }: Project): number =>
  releaseTerms(documents, {
    partners: pipeline.partners.map(({ name }) => name),
    dul: pipeline.release.dul,
    policy: pipeline.release.policy,
    measures: [],
    day,
  }).minCell;

/**
 * Link rates of groups, from the desk: of the measure that counts most children. Groups below the threshold of the
 * release are left out, and so are those of which fewer than that are linked, or not.
 */
async function groups(measures: Measures, minCell: number, session: Session): Promise<GroupRow[]> {
  const rows = await session.rows(
    'groups',
    sql`SELECT dimension, level, children, linked FROM ${measures.table('equity')}
        WHERE measure = (SELECT measure FROM ${measures.table('equity')} ORDER BY children_all DESC, measure LIMIT 1)
          AND linked >= ${minCell}::BIGINT AND children - linked >= ${minCell}::BIGINT
        ORDER BY dimension, level`,
  );
  return rows.map((row) => ({
    dimension: text(row, 'dimension'),
    level: text(row, 'level'),
    children: number(row, 'children'),
    linked: number(row, 'linked'),
  }));
}

type Showing = {
  readonly shown: readonly GroupRow[];
  readonly minCell: number;
  readonly session: Session;
};

/** Of groups whose link rates are shown, and of whom as many links were compared. */
async function expectedOfGroups(
  measures: Measures,
  { shown, minCell, session }: Showing,
): Promise<ExpectedOfGroups | undefined> {
  const rows = await session.rows(
    'expected of groups',
    sql`SELECT * FROM ${measures.table('expected_links')} WHERE links >= ${minCell}::BIGINT
        ORDER BY dimension NULLS FIRST, level`,
  );
  const everybody = rows.find((row) => row['dimension'] === null);
  if (everybody === undefined) return undefined;
  const isShown = (row: Row) =>
    shown.some(({ dimension, level }) => dimension === row['dimension'] && level === row['level']);
  return {
    everybody: ratesOf(everybody),
    groups: rows
      .filter(isShown)
      .map((row) => ({ dimension: text(row, 'dimension'), level: text(row, 'level'), ...ratesOf(row) })),
  };
}

async function examples(links: Links, session: Session): Promise<LinkageNight['examples']> {
  const one = async (title: string, verdict: string, ascending: boolean) => {
    const order = ascending ? sql`probability` : sql`probability DESC`;
    const [row] = await session.rows(
      'example',
      sql`SELECT pass, levels, weight, probability, verdict FROM ${links.table('compared')}
          WHERE verdict = ${verdict} ORDER BY ${order}, weight, levels LIMIT 1`,
    );
    return row === undefined ? [] : [{ title, pair: comparedPair(row) }];
  };
  return [
    ...(await one('The least sure link', 'linked', true)),
    ...(await one('The likeliest pair that was not linked', 'possible', false)),
  ];
}
