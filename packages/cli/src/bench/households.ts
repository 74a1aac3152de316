import { join } from 'node:path';
import {
  openSession,
  readArtifact,
  readText,
  removeFolder,
  type Session,
  sql,
  sqlJoin,
} from '@throughline/engine';
import { makeProject } from '../commands/init.js';
import { processEffects } from '../effects.js';
import { openProject } from '../project/project.js';
import { runCommand } from '../run-command.js';
import { grantHouseholds, KNOWING_HOMES } from './grant-households.js';
import { costOf } from './measure-command.js';
import { knownIn } from './quality.js';

const STUDENTS = 3000;

/** Households of made-up cities against their truth, over pairs of children whom the asked partners know. */
export async function benchHouseholds(
  folder: string,
  students: number,
  print: (line: string) => void,
): Promise<void> {
  const seeds = students > STUDENTS ? ['1'] : ['1', '2'];
  print(
    `households of ${seeds.length} made-up cities of ${students} students, by ${KNOWING_HOMES.join(' and ')}`,
  );
  for (const seed of seeds) {
    const place = join(folder, seed);
    await removeFolder(place);
    await makeProject(place, { students, seed });
    const pipeline = join(place, 'pipeline.yaml');
    await grantHouseholds(pipeline);
    await costOf(['keys', 'create', pipeline]);
    const took = await secondsOfStages(pipeline);
    print(`seed ${seed}: stage households ${took('households')} s, stage link ${took('link')} s`);
    for (const line of await judged(pipeline, join(place, 'truth'))) print(`  ${line}`);
  }
}

/** Runs a night. @returns how long each stage took, by its name. */
async function secondsOfStages(pipeline: string): Promise<(stage: string) => string> {
  const ms = new Map<string, number>();
  const exitCode = await runCommand({
    args: ['--log', 'none', 'run', pipeline],
    environment: {},
    stderr: () => undefined,
    around: (effects) => ({
      ...effects,
      stdout: () => undefined,
      emit: (event) => {
        if (event.event === 'stage.done') ms.set(event.stage, event.ms);
      },
    }),
  });
  if (exitCode !== 0) throw new Error(`bench: the night ended with ${exitCode}`);
  return (stage) => ((ms.get(stage) ?? 0) / 1000).toFixed(1);
}

async function judged(pipeline: string, truth: string): Promise<string[]> {
  const effects = await processEffects('none');
  const project = await openProject(pipeline, effects);
  const { folders } = project;
  const spill = join(folders.work, 'households');
  const session = await openSession({ folders: [folders.state], spill, memory: '1GB', threads: 1 });
  try {
    const known = await knownIn(project, truth, { session, userId: effects.userId });
    await session.append('truth', { name: 'truth', schema: { record_id: 'UUID', child: 'VARCHAR' } }, [
      [known.map(({ recordId }) => recordId), known.map(({ child }) => child)],
    ]);
    await appendHomes(session, truth);
    const people = (await readArtifact(folders.people, 'people')).table('people');
    await session.make(
      'children',
      'children',
      sql`SELECT person_id, mode(child ORDER BY child) AS child, bool_or(partner IN (${sqlJoin(KNOWING_HOMES.map((name) => sql`${name}`))})) AS asked
          FROM truth JOIN ${people} USING (record_id) GROUP BY person_id`,
    );
    return await figures(session, await readArtifact(folders.households, 'households'));
  } finally {
    session.close();
    await removeFolder(spill);
  }
}

async function appendHomes(session: Session, truth: string): Promise<void> {
  const [, ...lines] = (await readText(join(truth, 'children.csv'))).trim().split('\n');
  const cells = lines.map((line) => line.split(','));
  await session.append('homes', { name: 'homes', schema: { child: 'VARCHAR', home: 'VARCHAR' } }, [
    [cells.map(([child]) => child ?? ''), cells.map(([, home]) => home ?? '')],
  ]);
}

async function figures(
  session: Session,
  households: Awaited<ReturnType<typeof readArtifact<'households'>>>,
): Promise<string[]> {
  const pairs = (key: 'home' | 'household_id') => {
    const column = key === 'home' ? sql`home` : sql`household_id`;
    return sql`SELECT DISTINCT least(one.child, other.child) AS x, greatest(one.child, other.child) AS y
        FROM placed one JOIN placed other ON one.${column} = other.${column} AND one.child < other.child
        WHERE one.asked AND other.asked`;
  };
  await session.make(
    'placed',
    'placed',
    sql`SELECT * FROM children JOIN homes USING (child) LEFT JOIN ${households.table('members')} AS members USING (person_id)`,
  );
  const [row = {}] = await session.rows(
    'figures',
    sql`WITH true_pairs AS (${pairs('home')}), found AS (${pairs('household_id')})
        SELECT (SELECT count(*) FROM true_pairs) AS siblings, (SELECT count(*) FROM found) AS found,
          (SELECT count(*) FROM found SEMI JOIN true_pairs USING (x, y)) AS correct`,
  );
  const [siblings, found, correct] = ['siblings', 'found', 'correct'].map((name) => Number(row[name]));
  const standing = await session.rows(
    'standing',
    sql`SELECT * FROM ${households.table('standing')} ORDER BY standing`,
  );
  return [
    `pairs of one home ${siblings}, found ${found}, precision ${((correct ?? 0) / (found ?? 1)).toFixed(4)}, recall ${((correct ?? 0) / (siblings ?? 1)).toFixed(4)}`,
    `persons: ${standing.map(({ standing: name, persons }) => `${name} ${persons}`).join(', ')}`,
    `left out: ${households.manifest.counts.map(({ name, value, by }) => `${name} ${Object.values(by ?? {}).join(' ')} ${value}`).join(', ')}`,
  ];
}
