import { join } from 'node:path';
import { type DestructionDuty, type Dsa, destructionDuty, type Filed } from '@throughline/agreement';
import { type ArtifactKind, artifactTables, safeName, ThroughlineError } from '@throughline/core';
import { exists, namesIn, openSession, readArtifactIfThere, type Sql, sql } from '@throughline/engine';
import { personsKnownElsewhere } from '@throughline/link';
import { answersAbout } from '../linkage/reviews.js';
import type { Project } from '../project/project.js';
import { frozenReleases } from './frozen.js';

/** Something that is there of a partner's records. */
export type Holding = {
  /** What it is, in words of the glossary. */
  readonly what: string;
  /** The identity of the artifact; null for what is none. */
  readonly sha256: string | null;
  /** How it goes: a folder that goes whole, answers taken out of a file, or rows out of an artifact. */
  readonly how:
    | { readonly folder: string }
    | { readonly answersIn: string }
    | {
        readonly rowsOf: 'people' | 'households' | 'frozen';
        readonly folder: string;
        readonly number: number;
      };
};

/** An agreement that has come to its end, and what is still there under it. */
export type Duty = DestructionDuty & { readonly dsa: Filed<Dsa>; readonly holdings: readonly Holding[] };

/** Every agreement of the documents, with what is there of its partner's records. */
export async function duties(project: Project): Promise<Duty[]> {
  const found: Duty[] = [];
  for (const dsa of project.documents.dsas) {
    const duty = destructionDuty(dsa, project.day);
    const holdings = duty.standing === 'none' ? [] : await holdingsOf(project, dsa.document.partner);
    found.push({ ...duty, dsa, holdings });
  }
  return found;
}

/** @throws ThroughlineError DESTRUCTION_OVERDUE: nothing is run while somebody's records are there too long. */
export async function requireNoneOverdue(project: Project): Promise<void> {
  const overdue = (await duties(project)).find(
    ({ standing, holdings }) => standing === 'overdue' && holdings.length > 0,
  );
  if (overdue === undefined) return;
  const { dsa, by, holdings } = overdue;
  throw new ThroughlineError('DESTRUCTION_OVERDUE', {
    document: safeName(dsa.document.id),
    partner: safeName(dsa.document.partner),
    clause: safeName('destruction'),
    by: safeName(by),
    holdings: holdings.length,
  });
}

/** What is there of a partner's records: its own artifacts, rows in the people index, and what was made of them. */
export async function holdingsOf(project: Project, partner: string): Promise<Holding[]> {
  const own = await ownHoldings(project, partner);
  const rows = [
    ...(await householdRows(project, partner)),
    ...(await peopleRows(project, partner)),
    ...(await frozenRows(project, partner)),
    ...(await reviewAnswers(project, partner)),
  ];
  const made = own.length + rows.length === 0 ? [] : await madeOf(project);
  return [...own, ...rows, ...made, ...(await setAside(project))];
}

async function ownHoldings({ folders }: Project, partner: string): Promise<Holding[]> {
  const folder = join(folders.state, 'partners', partner);
  const found: Holding[] = [];
  for (const kind of ['tokens', 'slots'] as const) {
    const place = folders.received(partner, kind);
    const received = await readArtifactIfThere(place, kind);
    if (received !== undefined)
      found.push({
        what: `linkage unit: ${kind} of ${partner}`,
        sha256: received.sha256,
        how: { folder: place },
      });
  }
  for (const name of await namesIn(folder)) {
    const place = join(folder, name);
    found.push({
      what: `${partner}: ${name}`,
      sha256: await identityAt(place, name),
      how: { folder: place },
    });
  }
  return found;
}

async function identityAt(folder: string, name: string): Promise<string | null> {
  if (!Object.hasOwn(artifactTables, name)) return null;
  return (await readArtifactIfThere(folder, name as ArtifactKind))?.sha256 ?? null;
}

async function reviewAnswers({ folders }: Project, partner: string): Promise<Holding[]> {
  const answers = await answersAbout(folders.reviews, partner);
  const how = { answersIn: folders.reviews };
  return answers === 0 ? [] : [{ what: `answers to reviews: ${answers}`, sha256: null, how }];
}

async function peopleRows(project: Project, partner: string): Promise<Holding[]> {
  const folder = project.folders.people;
  const people = await readArtifactIfThere(folder, 'people');
  if (people === undefined) return [];
  const both = sql`SELECT partner FROM ${people.table('people')} UNION ALL SELECT partner FROM ${people.table('tombstones')}`;
  const rows = await rowsOfPartner(project, { folders: [folder], from: both, partner });
  const how = { rowsOf: 'people', folder, number: 0 } as const;
  return rows === 0 ? [] : [{ what: `people index: ${rows} records`, sha256: people.sha256, how }];
}

/** Persons of the household index whom this partner alone knows: before the people index forgets who that is. */
async function householdRows(project: Project, partner: string): Promise<Holding[]> {
  const folder = project.folders.households;
  const households = await readArtifactIfThere(folder, 'households');
  const people = await readArtifactIfThere(project.folders.people, 'people');
  if (households === undefined || people === undefined) return [];
  const known = personsKnownElsewhere(people, partner);
  const from = sql`SELECT ${partner} AS partner FROM (
        SELECT person_id FROM ${households.table('members')} UNION ALL SELECT person_id FROM ${households.table('tombstones')}
      ) WHERE person_id NOT IN (${known})`;
  const rows = await rowsOfPartner(project, { folders: [folder, people.folder], from, partner });
  const how = { rowsOf: 'households', folder, number: 0 } as const;
  return rows === 0 ? [] : [{ what: `household index: ${rows} persons`, sha256: households.sha256, how }];
}

async function frozenRows(project: Project, partner: string): Promise<Holding[]> {
  const found: Holding[] = [];
  for (const { number, folder: release } of await frozenReleases(project)) {
    const folder = join(release, 'counted');
    const frozen = await readArtifactIfThere(folder, 'frozen');
    if (frozen === undefined) continue;
    const from = sql`SELECT partner FROM ${frozen.table('counted')}`;
    const rows = await rowsOfPartner(project, { folders: [folder], from, partner });
    const how = { rowsOf: 'frozen', folder, number } as const;
    if (rows > 0)
      found.push({ what: `whom release ${number} counted: ${rows} records`, sha256: frozen.sha256, how });
  }
  return found;
}

type Asked = { readonly folders: readonly string[]; readonly from: Sql; readonly partner: string };

async function rowsOfPartner(
  { folders: { work }, pipeline }: Project,
  { folders, from, partner }: Asked,
): Promise<number> {
  const session = await openSession({
    folders,
    spill: join(work, 'spill'),
    ...pipeline.limits,
  });
  try {
    const [row = {}] = await session.rows(
      'holdings',
      sql`SELECT count(*) AS rows FROM (${from}) WHERE partner = ${partner}`,
    );
    return Number(row['rows']);
  } finally {
    session.close();
  }
}

/** What a restore has set aside: an older index and older releases, whoever is in them. */
async function setAside({ folders: { beforeRestore: folder } }: Project): Promise<Holding[]> {
  if (!(await exists(folder))) return [];
  return [{ what: "made of all partners' records: what a restore set aside", sha256: null, how: { folder } }];
}

/** What every night makes anew of all partners' records. */
async function madeOf({ folders }: Project): Promise<Holding[]> {
  const made: readonly (readonly [ArtifactKind, string])[] = [
    ['links', folders.links],
    ['findings', folders.findings],
    ['counted', folders.counted],
    ['equations', folders.equations],
    ['measures', folders.measures],
    ['release', folders.release],
  ];
  const found: Holding[] = [];
  for (const [kind, folder] of made) {
    const artifact = await readArtifactIfThere(folder, kind).catch(() => undefined);
    if (artifact !== undefined)
      found.push({
        what: `made of all partners' records: ${kind}`,
        sha256: artifact.sha256,
        how: { folder },
      });
  }
  if (await exists(folders.residualPairs))
    found.push({
      what: "made of all partners' records: possible pairs of the residual",
      sha256: null,
      how: { folder: folders.residualPairs },
    });
  return found;
}
