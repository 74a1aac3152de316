import { join } from 'node:path';
import { safeName, ThroughlineError } from '@throughline/core';
import {
  makePrivateFolder,
  openSession,
  readArtifact,
  readText,
  removeFolder,
  sql,
  writeDurably,
} from '@throughline/engine';
import type { Effects } from '../effects.js';
import { text, withLinks } from '../linkage/read-links.js';
import {
  type Answer,
  answersIn,
  keepAnswers,
  type PossiblePair,
  pairNumber,
  readAnswers,
  sheetFor,
} from '../linkage/reviews.js';
import { requirePartnerHere, requireRole } from '../project/host.js';
import type { Project } from '../project/project.js';
import { readPairs } from '../residual/pairs.js';

/** The possible pairs of the last night, and of each partner those that it has not answered yet. */
export async function openQuestions(project: Project): Promise<{
  readonly pairs: readonly PossiblePair[];
  readonly openTo: (partner: string) => PossiblePair[];
}> {
  const pairs = await possiblePairs(project);
  const answered = new Set(
    (await readAnswers(project.folders.reviews)).map(({ a, b, partner }) => `${pairNumber(a, b)} ${partner}`),
  );
  const openTo = (partner: string) =>
    pairs.filter(
      ({ pair, records }) =>
        records.some((each) => each.partner === partner) && !answered.has(`${pair} ${partner}`),
    );
  return { pairs, openTo };
}

/** Writes a sheet for each owner: the possible pairs of the last night that it has not answered yet. */
export async function reviewExport(project: Project, out: string, { stdout }: Effects): Promise<void> {
  requireRole(project.here, 'linkage-unit');
  const { pairs, openTo } = await openQuestions(project);
  await makePrivateFolder(out);
  for (const { name } of project.pipeline.partners) {
    const open = openTo(name);
    if (open.length === 0) continue;
    await writeDurably(join(out, `${name}.csv`), sheetFor(name, open));
    stdout(`${name}.csv: ${open.length} possible ${open.length === 1 ? 'pair' : 'pairs'}\n`);
  }
  if (pairs.length === 0) stdout('no possible pair\n');
}

export type ReviewOf = { readonly partner: string; readonly file: string };

/** Takes an owner's answers in; the next night links by them. @throws ThroughlineError REVIEW_REFUSED, USAGE. */
export async function reviewAnswer(
  project: Project,
  { partner, file }: ReviewOf,
  { stdout }: Effects,
): Promise<void> {
  requirePartner(project, partner);
  requireRole(project.here, 'linkage-unit');
  const given = await takeAnswers(project, { partner, file });
  const same = given.filter((answer) => answer.same).length;
  stdout(
    `${given.length} answers of ${partner}: ${same} yes, ${given.length - same} no. The next night uses them.\n`,
  );
}

/** Keeps what an owner answers. @throws ThroughlineError REVIEW_REFUSED */
export async function takeAnswers(project: Project, { partner, file }: ReviewOf): Promise<readonly Answer[]> {
  const given = answersIn(await readText(file), partner, await possiblePairs(project));
  await keepAnswers(project.folders.reviews, given);
  return given;
}

/** At the owner: where its own records of a sheet are in what it delivered. @throws ThroughlineError USAGE. */
export async function reviewShow(
  project: Project,
  { partner, file }: ReviewOf,
  { stdout }: Effects,
): Promise<void> {
  requirePartner(project, partner);
  requirePartnerHere(project.here, partner);
  const identifiers = await readArtifact(project.folders.partner(partner, 'identifiers'), 'identifiers');
  const rows = (await readText(file)).split(/\r?\n/).flatMap((line) => {
    const [pair = '', record = ''] = line.split(',');
    return /^[0-9a-f]{12}$/.test(pair) && /^[0-9a-f-]{36}$/.test(record) ? [{ pair, record }] : [];
  });
  const spill = join(project.folders.work, 'review');
  const session = await openSession({ folders: [identifiers.folder], spill, memory: '500MB', threads: 1 });
  try {
    for (const { pair, record } of rows) {
      const places = await session.rows(
        'places',
        sql`SELECT extract, line FROM ${identifiers.table('sources')} WHERE record_id = ${record}::UUID ORDER BY ALL`,
      );
      const where = places.map((row) => `${text(row, 'extract')} line ${text(row, 'line')}`);
      stdout(`${pair}  ${where.length === 0 ? 'no record of tonight' : where.join(', ')}\n`);
    }
  } finally {
    session.close();
    await removeFolder(spill);
  }
}

function requirePartner({ pipeline }: Project, partner: string): void {
  if (pipeline.partners.some(({ name }) => name === partner)) return;
  throw new ThroughlineError('USAGE', { unknown_partner: safeName(partner) });
}

const possiblePairs = (project: Project): Promise<PossiblePair[]> =>
  withLinks(project, async (links, session) => {
    const people = await readArtifact(project.folders.people, 'people');
    const residual = await readPairs(project.folders.residualPairs);
    await session.append('residual pairs', { name: 'residual_pairs', schema: { a: 'UUID', b: 'UUID' } }, [
      [residual.map(({ a }) => a), residual.map(({ b }) => b)],
    ]);
    const rows = await session.rows(
      'possible pairs',
      sql`SELECT CAST(x AS VARCHAR) AS a, CAST(y AS VARCHAR) AS b, one.partner AS of_a, other.partner AS of_b
          FROM (
            SELECT least(record_id_a, record_id_b) AS x, greatest(record_id_a, record_id_b) AS y
            FROM ${links.table('compared')} WHERE verdict = 'possible'
            UNION SELECT a, b FROM residual_pairs)
          JOIN ${people.table('people')} one ON one.record_id = x
          JOIN ${people.table('people')} other ON other.record_id = y
          WHERE one.person_id <> other.person_id ORDER BY a, b`,
    );
    return rows.map(
      (row): PossiblePair => ({
        pair: pairNumber(text(row, 'a'), text(row, 'b')),
        records: [
          { partner: text(row, 'of_a'), record: text(row, 'a') },
          { partner: text(row, 'of_b'), record: text(row, 'b') },
        ],
      }),
    );
  });
