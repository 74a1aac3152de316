import { join } from 'node:path';
import { payloadTables } from '@throughline/core';
import {
  makePrivateFolder,
  namesIn,
  openSession,
  readArtifact,
  readText,
  type StageOutcome,
  sql,
  sqlJoin,
  writeDurably,
} from '@throughline/engine';
import { z } from 'zod';
import { asJson } from '../project/as-json.js';
import type { Project } from '../project/project.js';

/** Of which schools a payload held records: kept as long as the records themselves, also when the payload is gone. */
const disclosed = z.strictObject({
  kind: z.literal('disclosed'),
  payload: z.string(),
  identifiers: z.string(),
  schools: z.array(z.string()),
});
export type Disclosed = z.infer<typeof disclosed>;

const folderOf = ({ folders }: Project, partner: string): string =>
  join(folders.state, 'disclosures', partner);

/** Notes of which schools an intake held records, once it is made. */
export async function noteSchools(
  project: Project,
  partner: string,
  { status, artifacts }: StageOutcome,
): Promise<void> {
  const { payload, identifiers } = artifacts;
  if (status !== 'made' || payload === undefined || identifiers === undefined) return;
  const schools = await schoolsIn(project, partner);
  const note: Disclosed = { kind: 'disclosed', payload, identifiers, schools };
  await makePrivateFolder(folderOf(project, partner));
  const place = join(folderOf(project, partner), `${payload}.json`);
  await writeDurably(place, `${JSON.stringify(note, undefined, 2)}\n`);
}

const withSchools = (['students', 'enrolments', 'plan_services', 'screenings'] as const).filter(
  (table) => 'school' in payloadTables[table],
);

async function schoolsIn({ folders, pipeline }: Project, partner: string): Promise<string[]> {
  const folder = folders.partner(partner, 'payload');
  const payload = await readArtifact(folder, 'payload');
  const session = await openSession({
    folders: [folder],
    spill: join(folders.work, 'spill'),
    ...pipeline.limits,
  });
  try {
    const all = withSchools.map((table) => sql`SELECT school FROM ${payload.table(table)}`);
    const rows = await session.rows(
      'schools',
      sql`SELECT DISTINCT school FROM (${sqlJoin(all, sql` UNION ALL `)}) WHERE school IS NOT NULL ORDER BY school`,
    );
    return rows.map((row) => String(row['school']));
  } finally {
    session.close();
  }
}

/** What was noted of a partner's intakes. A note that cannot be read is as none: then no school is left out. */
export async function readSchools(project: Project, partner: string): Promise<Disclosed[]> {
  const found: Disclosed[] = [];
  for (const name of await namesIn(folderOf(project, partner))) {
    const parsed = disclosed.safeParse(asJson(await readText(join(folderOf(project, partner), name))));
    if (parsed.success) found.push(parsed.data);
  }
  return found;
}
