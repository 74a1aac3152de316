import { join, resolve } from 'node:path';
import { documentOf, releaseTerms } from '@throughline/agreement';
import {
  openSession,
  type ReadArtifact,
  readArtifact,
  readArtifactIfThere,
  sql,
  writeDurably,
} from '@throughline/engine';
import type { Effects } from '../effects.js';
import { accountPaper, type ReleasedCells } from '../papers/account-paper.js';
import type { Project } from '../project/project.js';
import { frozenReleases } from './frozen.js';

/** Writes the account for parents from the documents in force and the latest release. */
export async function account(project: Project, out: string | undefined, effects: Effects): Promise<void> {
  const { pipeline, documents, day } = project;
  const { dul, policy } = pipeline.release;
  const partners = pipeline.partners.map(({ name }) => name);
  const licence = documentOf(documents.duls, dul, 'dul');
  const terms = releaseTerms(documents, { partners, dul, policy, measures: licence.document.measures, day });
  const place = resolve(effects.workingFolder, out ?? 'account.html');
  const page = accountPaper({
    city: pipeline.city,
    day,
    synthetic: pipeline.synthetic,
    emou: documentOf(documents.emous, pipeline.emou, 'emou'),
    dul: licence,
    minCell: terms.minCell,
    partners: documents.dsas
      .filter(({ document }) => partners.includes(document.partner))
      .map((dsa) => ({
        dsa,
        manifests: documents.manifests.filter(({ document }) => document.agreement === dsa.document.id),
      })),
    released: await latestRelease(project),
  });
  await writeDurably(place, page, 0o644);
  effects.stdout(`${place}\n`);
}

/** The latest frozen release or, where there is none, the candidate. */
async function latestRelease(project: Project): Promise<ReleasedCells | undefined> {
  const frozen = (await frozenReleases(project)).at(-1);
  if (frozen !== undefined) {
    const release = await readArtifact(join(frozen.folder, 'release'), 'release');
    return { number: frozen.number, on: frozen.on, ...(await cellsOf(project, release)) };
  }
  const candidate = await readArtifactIfThere(project.folders.release, 'release');
  if (candidate === undefined) return undefined;
  const on = candidate.manifest.run.startedAt.slice(0, 10);
  return { number: undefined, on, ...(await cellsOf(project, candidate)) };
}

async function cellsOf({ folders, pipeline }: Project, release: ReadArtifact<'release'>) {
  const session = await openSession({
    folders: [release.folder],
    spill: join(folders.work, 'spill'),
    ...pipeline.limits,
  });
  try {
    const [row = {}] = await session.rows(
      'cells',
      sql`SELECT count(*) FILTER (status = 'published') AS published, count(*) FILTER (status <> 'published') AS withheld
        FROM ${release.table('cells')}`,
    );
    return { published: Number(row['published']), withheld: Number(row['withheld']) };
  } finally {
    session.close();
  }
}
