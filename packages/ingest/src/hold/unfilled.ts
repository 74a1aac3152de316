import type { IdentifierRole } from '@throughline/agreement';
import { ident, type Session, sql, sqlJoin } from '@throughline/engine';
import { carriesIdentifiers, type Space } from '../identify/spaces.js';
import { isOver } from './moves.js';
import type { Found } from './reasons.js';

/** What nearly every token rule is made of, and the roles that fill it. Others, such as telephones, many do not have. */
const TELLING = {
  first: ['first', 'full_name_last_first', 'full_name_first_last'],
  last: ['last', 'full_name_last_first', 'full_name_first_last'],
  birth_date: ['birth_date'],
} as const satisfies Readonly<Record<string, readonly IdentifierRole[]>>;
type Telling = keyof typeof TELLING;
const columns = Object.keys(TELLING) as Telling[];

/** So few records say nothing about an extract. */
const FEW = 10;
/** From this share on it is worth a warning. */
const THIN = 0.2;

/** How many records of a space lack each of the identifiers that its manifests link, of how many. */
export type Filled = {
  readonly records: number;
  readonly lacking: Readonly<Partial<Record<Telling, number>>>;
};

/** What is lacking too often: over the share that the manifest bears it is held, over a fifth it is thin. */
export function judgedFilling(
  { records, lacking }: Filled,
  { space, most }: { readonly space: string; readonly most: number },
): { readonly found: readonly Found[]; readonly thin: boolean } {
  const over = (share: number) =>
    columns.filter((column) => isOver(lacking[column] ?? 0, records, { share, count: FEW }));
  return {
    found: over(most).map((column) => ({
      reason: 'unfilled',
      place: `${space}.${column}`,
      counts: `${lacking[column] ?? 0} of ${records} records`,
    })),
    thin: over(THIN).length > 0,
  };
}

/** Names and birth dates that are linked and that hardly anybody has: a wrong format or an empty column. */
export async function unfilled(
  session: Session,
  spaces: readonly Space[],
): Promise<{ readonly found: readonly Found[]; readonly thin: boolean }> {
  const found: Found[] = [];
  let thin = false;
  for (const space of spaces) {
    const bearers = space.extracts.filter(carriesIdentifiers).map(({ manifest }) => manifest);
    if (bearers.length === 0) continue;
    const roles = new Set(
      bearers.flatMap(({ fields }) => fields.flatMap(({ identifier }) => identifier ?? [])),
    );
    const linked = columns.filter((column) => TELLING[column].some((role) => roles.has(role)));
    const most = Math.max(...bearers.map(({ limits }) => limits.unfilled));
    const judged = judgedFilling(await filledIn(session, space, linked), { space: space.name, most });
    found.push(...judged.found);
    thin ||= judged.thin;
  }
  return { found, thin };
}

async function filledIn(
  session: Session,
  { name, tables }: Space,
  linked: readonly Telling[],
): Promise<Filled> {
  const known = linked.map((column) => sql`count(${ident(column)}) > 0 AS ${ident(column)}`);
  const counts = linked.map((column) => sql`count(*) FILTER (NOT ${ident(column)}) AS ${ident(column)}`);
  const [row = {}] = await session.rows(
    `records of ${name}`,
    sql`SELECT ${sqlJoin([sql`count(*) AS records`, ...counts])} FROM (
      SELECT ${sqlJoin([sql`record_id`, ...known])} FROM ${ident(tables.spellings)} GROUP BY record_id)`,
  );
  const lacking = Object.fromEntries(linked.map((column) => [column, Number(row[column] ?? 0)]));
  return { records: Number(row['records'] ?? 0), lacking };
}
