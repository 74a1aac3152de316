import { OWN_DUPLICATES } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { type Row, readArtifact, type Session, sql } from '@throughline/engine';
import type { Effects } from '../effects.js';
import { comparedPair, readModel, text, withLinks } from '../linkage/read-links.js';
import { type WaterfallStep, waterfallOf } from '../linkage/waterfall.js';
import type { Project } from '../project/project.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Says why two records are one person or not: rules that agree, and what each comparison of sealed fields weighs. No
 * value is shown; the linkage unit has none.
 *
 * @throws ThroughlineError USAGE (not a record id, or no record of the index), ARTIFACT_MISSING.
 */
export async function explainPair(
  project: Project,
  ids: readonly [string, string],
  { stdout }: Effects,
): Promise<void> {
  for (const id of ids) {
    if (!UUID.test(id)) throw new ThroughlineError('USAGE', { expected: safeName('two record ids') });
  }
  const lines = await withLinks(project, async (links, session) => {
    const people = await readArtifact(project.folders.people, 'people');
    const [a, b] = await placesOf(session, people.table('people'), ids);
    const pair = sql`least(record_id_a, record_id_b) = least(${ids[0]}::UUID, ${ids[1]}::UUID)
        AND greatest(record_id_a, record_id_b) = greatest(${ids[0]}::UUID, ${ids[1]}::UUID)`;
    const [link] = await session.rows('link', sql`SELECT * FROM ${links.table('links')} WHERE ${pair}`);
    const [met] = await session.rows('pair', sql`SELECT * FROM ${links.table('compared')} WHERE ${pair}`);
    const model = await readModel(links, session);
    return [
      `${a.source} and ${b.source}: ${a.person === b.person ? 'one person' : 'two persons'}`,
      link === undefined ? 'no link of its own between the two records' : linkLine(link),
      ...(met === undefined ? ['their sealed fields did not meet'] : metLines(comparedPair(met), model)),
    ];
  });
  stdout(`${lines.join('\n')}\n`);
}

const linkLine = (link: Row): string =>
  text(link, 'pass') === OWN_DUPLICATES
    ? 'linked by the word of their owner, who holds them to be one child (own_duplicates)'
    : `linked by ${text(link, 'pass')} (${text(link, 'basis')}); ${text(link, 'rules_agreeing')} rules of tokens agree`;

type Place = { readonly source: string; readonly person: string };

async function placesOf(
  session: Session,
  people: ReturnType<Awaited<ReturnType<typeof readArtifact<'people'>>>['table']>,
  ids: readonly [string, string],
): Promise<readonly [Place, Place]> {
  const placeOf = async (id: string): Promise<Place> => {
    const [row] = await session.rows(
      'record',
      sql`SELECT partner || '/' || space AS source, person_id FROM ${people} WHERE record_id = ${id}::UUID`,
    );
    if (row === undefined)
      throw new ThroughlineError('USAGE', { expected: safeName('records of the people index') });
    return { source: text(row, 'source'), person: text(row, 'person_id') };
  };
  return [await placeOf(ids[0]), await placeOf(ids[1])];
}

type Met = ReturnType<typeof comparedPair>;

function metLines(pair: Met, model: Parameters<typeof waterfallOf>[1]): string[] {
  let sum = 0;
  const rows = waterfallOf(pair, model).map((step) => {
    sum += step.bits;
    return stepLine(step, sum);
  });
  return [
    `their sealed fields met in ${pair.pass}; weights in bits, log2 of a likelihood ratio`,
    `  ${'comparison'.padEnd(20)}${'level'.padEnd(22)}${'weight'.padStart(8)}${'sum'.padStart(8)}`,
    ...rows,
    `probability ${pair.probability.toFixed(4)}: ${pair.verdict}`,
  ];
}

const stepLine = ({ name, level, bits }: WaterfallStep, sum: number): string => {
  const signed = `${bits < 0 ? '' : '+'}${bits.toFixed(1)}`;
  const row = `  ${name.padEnd(20)}${level.replaceAll('_', ' ').padEnd(22)}${signed.padStart(8)}${sum.toFixed(1).padStart(8)}`;
  return `${row}  ${(bits < 0 ? '-' : '+').repeat(Math.min(20, Math.round(Math.abs(bits))))}`.trimEnd();
};
