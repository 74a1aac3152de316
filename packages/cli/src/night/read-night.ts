import { basename, join } from 'node:path';
import { documentOf } from '@throughline/agreement';
import {
  openSession,
  type ReadArtifact,
  type Row,
  readArtifact,
  removeFolder,
  type Session,
  sql,
} from '@throughline/engine';
import { SOFTWARE } from '../effects.js';
import { standingHolds, standingOf } from '../holds/standing.js';
import { toldCount } from '../linkage/told.js';
import type { Project } from '../project/project.js';
import type { Night, NightCount, NightExtract, NightPartner, NightPass } from '../report/night.js';
import { agreementsOf, candidateOf, measuresOf, ruleOf } from './read-candidate.js';
import { changesSince } from './reports.js';
import { number, text } from './row-values.js';

type Artifacts = {
  readonly payload: ReadonlyMap<string, ReadArtifact<'payload'>>;
  readonly tokens: ReadonlyMap<string, ReadArtifact<'tokens'>>;
  readonly links: ReadArtifact<'links'>;
  readonly people: ReadArtifact<'people'>;
  readonly measures: ReadArtifact<'measures'>;
  readonly release: ReadArtifact<'release'>;
};

/** Reads what the report shows from the artifacts of the last night. @throws ThroughlineError ARTIFACT_* */
export async function readNight(project: Project): Promise<Night> {
  const artifacts = await openArtifacts(project);
  const session = await openReading(project);
  try {
    const night = await nightOf(project, artifacts, session);
    return { ...night, changes: await changesSince(project, night) };
  } finally {
    session.close();
    await removeFolder(spillOf(project));
  }
}

async function openArtifacts({ pipeline, folders }: Project): Promise<Artifacts> {
  const payload = new Map<string, ReadArtifact<'payload'>>();
  const tokens = new Map<string, ReadArtifact<'tokens'>>();
  for (const { name } of pipeline.partners) {
    payload.set(name, await readArtifact(folders.partner(name, 'payload'), 'payload'));
    tokens.set(name, await readArtifact(folders.partner(name, 'tokens'), 'tokens'));
  }
  return {
    payload,
    tokens,
    links: await readArtifact(folders.links, 'links'),
    people: await readArtifact(folders.people, 'people'),
    measures: await readArtifact(folders.measures, 'measures'),
    release: await readArtifact(folders.release, 'release'),
  };
}

const spillOf = ({ folders }: Project) => join(folders.work, 'report');

const openReading = (project: Project): Promise<Session> =>
  openSession({ folders: [project.folders.state], spill: spillOf(project), memory: '1GB', threads: 1 });

async function nightOf(
  project: Project,
  artifacts: Artifacts,
  session: Session,
): Promise<Omit<Night, 'changes'>> {
  const { pipeline, day } = project;
  const synthetic = artifacts.release.manifest.synthetic;
  return {
    city: pipeline.city,
    file: basename(project.file),
    synthetic,
    day,
    software: SOFTWARE,
    partners: await partners(project, artifacts, session),
    passes: await passes(project, artifacts, session),
    people: await people(artifacts, session),
    measures: await measuresOf(project, artifacts, session),
    agreements: agreementsOf(project),
    release: ruleOf(project),
    candidate: await candidateOf(project, artifacts.release),
    holds: await standingHolds(project),
    warnings: [],
  };
}

async function partners(project: Project, artifacts: Artifacts, session: Session): Promise<NightPartner[]> {
  const linked = await session.rows(
    'linked records',
    sql`SELECT partner, count(*) AS linked FROM ${artifacts.people.table('people')} JOIN (
          SELECT person_id FROM ${artifacts.people.table('people')} GROUP BY person_id HAVING count(DISTINCT partner) > 1
        ) USING (person_id) GROUP BY partner`,
  );
  const linkedBy = new Map(linked.map((row) => [text(row, 'partner'), number(row, 'linked')]));
  const found: NightPartner[] = [];
  for (const { name } of project.pipeline.partners) {
    const payload = artifacts.payload.get(name);
    const tokens = artifacts.tokens.get(name);
    if (payload === undefined || tokens === undefined) continue;
    const [records = {}] = await session.rows(
      'records',
      sql`SELECT count(*) AS records, count(*) FILTER (tokens = 0) AS unlinkable FROM ${tokens.table('records')}`,
    );
    const [all, unlinkable] = [number(records, 'records'), number(records, 'unlinkable')];
    found.push({
      name,
      standing: await standingOf(project, name),
      extracts: await extracts(payload, session),
      records: all,
      linked: Math.min(toldCount(linkedBy.get(name) ?? 0), all - unlinkable),
      unlinkable,
    });
  }
  return found;
}

async function extracts(payload: ReadArtifact<'payload'>, session: Session): Promise<NightExtract[]> {
  const rows = await session.rows(
    'extracts',
    sql`SELECT extract, rows_in, rows_kept FROM ${payload.table('extracts')} ORDER BY extract`,
  );
  const accounting = await session.rows(
    'accounting',
    sql`SELECT extract, outcome, reason, rows FROM ${payload.table('accounting')} ORDER BY ALL`,
  );
  const counts = (extract: string, outcome: string): NightCount[] =>
    accounting.flatMap((row) =>
      text(row, 'extract') === extract && text(row, 'outcome') === outcome
        ? [{ name: text(row, 'reason'), value: number(row, 'rows') }]
        : [],
    );
  return rows.map((row) => {
    const name = text(row, 'extract');
    return {
      name,
      rowsIn: number(row, 'rows_in'),
      kept: number(row, 'rows_kept'),
      rejected: counts(name, 'rejected'),
      quarantined: counts(name, 'quarantined'),
      excluded: counts(name, 'excluded'),
      noted: counts(name, 'noted'),
    };
  });
}

async function passes(
  { pipeline, documents }: Project,
  { links }: Artifacts,
  session: Session,
): Promise<NightPass[]> {
  const { rules } = documentOf(documents.emous, pipeline.emou, 'emou').document.linkage;
  const rows = await session.rows('passes', sql`SELECT * FROM ${links.table('passes')} ORDER BY kind, pass`);
  const [tokens, sealed] = ['tokens', 'sealed'].map((kind) => rows.filter((row) => row['kind'] === kind));
  const byName = new Map(tokens?.map((row) => [text(row, 'pass'), row]));
  return [
    ...rules.flatMap(({ name, basis }) => {
      const row = byName.get(name);
      return row === undefined ? [] : [passOf(row, name, basis)];
    }),
    ...(sealed ?? []).map((row) => passOf(row, `sealed ${text(row, 'pass')}`, 'probable')),
  ];
}

const passOf = (row: Row, name: string, basis: NightPass['basis']): NightPass => ({
  name,
  basis,
  pairs: toldCount(number(row, 'pairs')),
  linked: toldCount(number(row, 'linked')),
  ambiguous: toldCount(number(row, 'ambiguous')),
  refused: toldCount(number(row, 'refused')),
});

async function people({ people: index }: Artifacts, session: Session): Promise<Night['people']> {
  const [sizes = {}] = await session.rows(
    'people',
    sql`SELECT count(*) AS records, count(DISTINCT person_id) AS persons FROM ${index.table('people')}`,
  );
  const changes = await session.rows(
    'changes',
    sql`SELECT change, count(*) AS changes FROM ${index.table('history')} GROUP BY change ORDER BY change`,
  );
  return {
    persons: number(sizes, 'persons'),
    records: number(sizes, 'records'),
    changes: changes.map((row) => ({ name: text(row, 'change'), value: number(row, 'changes') })),
  };
}
