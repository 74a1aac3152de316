import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openSession, type ReadArtifact, readArtifact, type Session, sql } from '@throughline/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepPairs, type ResidualPair } from '../residual/pairs.js';
import { told } from './night.fixture.js';
import { carry, removeCity, type SplitCity, type SplitHost, splitCity } from './split.fixture.js';

/*
 * What people and hosts exchange beside the nights: sheets of possible pairs and their answers, canaries, and the rows of
 * the residual.
 */

const CANARIES = 4;

let city: SplitCity;
let [district, afterschool, hall, keyholder]: SplitHost[] = [];
const at = (host: SplitHost | undefined, ...path: string[]): string => join(host?.folder ?? '', ...path);
const done = async (name: string, host: SplitHost | undefined, ...more: string[]): Promise<string> => {
  const { exitCode, stdout, stderr } = await told([
    name,
    ...more.splice(0, verbs(name)),
    at(host, 'pipeline.yaml'),
    ...more,
  ]);
  expect([name, exitCode, stderr]).toEqual([name, 0, '']);
  return stdout;
};
const verbs = (name: string): number => (name === 'residual' ? 1 : 0);

beforeAll(async () => {
  city = await splitCity(
    [
      { host: 'district-office', plays: ['district'] },
      { host: 'bright-hours', plays: ['afterschool'] },
      { host: 'city-hall', plays: ['linkage-unit', 'analyst-desk'] },
      { host: 'key-office', plays: ['keyholder'] },
    ],
    { students: 200, wraps: true, canaries: CANARIES },
  );
  [district, afterschool, hall, keyholder] = city.hosts;
  for (const host of [district, afterschool]) await done('run', host);
  await carry(city);
  expect((await told(['run', at(hall, 'pipeline.yaml')])).stderr).toMatch(/^error PARCELS_AWAITED/);
  await carry(city);
  for (const host of [district, afterschool]) await done('run', host);
  await carry(city);
  await done('run', hall);
});
afterAll(() => removeCity(city));

describe('the residual', () => {
  it('is asked for where rows came by parcel, and opened where none is', async () => {
    // Whom the gate lets seal is noted; a note of another gate counts for nothing.
    const note = { gate: '0', reason: '', sealing: [] };
    await writeFile(at(hall, 'state/linkage-unit/gate-decision.json'), JSON.stringify(note));
    expect(await done('residual', hall, 'ask', '--out', at(keyholder, 'ask.json'))).toMatch(
      /^district: [1-9]/m,
    );
    const open = ['open', '--ask', at(keyholder, 'ask.json'), '--out', at(hall, 'row-keys.json')];
    const early = await told(['residual', 'open', at(keyholder, 'pipeline.yaml'), ...open.slice(1)]);
    expect(early.stderr).toMatch(/^error ARTIFACT_MISSING[\s\S]*kind residual/);
    for (const [host, name] of [
      [district, 'district'],
      [afterschool, 'afterschool'],
    ] as const) {
      const manifest = join('state/partners', name, 'residual/manifest.json');
      await mkdir(dirname(at(keyholder, manifest)), { recursive: true });
      await copyFile(at(host, manifest), at(keyholder, manifest));
    }
    expect(await done('residual', keyholder, ...open)).toMatch(/^opened {2}district: [1-9]/m);
    expect(await done('residual', hall, 'compare', '--keys', at(hall, 'row-keys.json'))).toMatch(
      /^[1-9][0-9]* rows of [1-9][0-9]* keys opened/,
    );
    expect((await told(['residual', 'open', at(hall, 'pipeline.yaml'), ...open.slice(1)])).stderr).toMatch(
      /HOST_ROLE[\s\S]*key-office/,
    );
  });
});

describe('canaries', () => {
  it('are told to the desk alone, which tells their owner how they were linked', async () => {
    expect(await readdir(at(hall, 'state/partners/district'))).toContain('canaries');
    expect(await readdir(at(hall, 'state/partners/district'))).not.toContain('planted');
    expect(await readdir(at(afterschool, 'state/partners'))).toEqual(['afterschool']);
    const report = JSON.parse(await done('canaries', hall, '--partner', 'district'));
    expect(report).toMatchObject({ children: CANARIES, falsely_linked: { count: 0 } });
  });
});

type People = ReadArtifact<'people'>;

/** Asks the people index of the linkage unit. */
async function askPeople<Answer>(
  ask: (people: People, session: Session) => Promise<Answer>,
): Promise<Answer> {
  const people = await readArtifact(at(hall, 'state/linkage-unit/people'), 'people');
  const session = await openSession({
    folders: [people.folder],
    spill: at(hall, 'spill'),
    memory: '200MB',
    threads: 1,
  });
  try {
    return await ask(people, session);
  } finally {
    session.close();
  }
}

/** Two records that nothing has linked, one of each partner. */
const strangers = (): Promise<ResidualPair> =>
  askPeople(async (people, session) => {
    const alone = await session.rows(
      'alone',
      sql`SELECT partner, CAST(min(record_id) AS VARCHAR) AS record FROM ${people.table('people')}
          WHERE person_id IN (SELECT person_id FROM ${people.table('people')} GROUP BY person_id HAVING count(*) = 1)
          GROUP BY partner ORDER BY partner`,
    );
    const [a = '', b = ''] = alone.map(({ record }) => String(record));
    return { a, b };
  });

describe('a sheet of possible pairs', () => {
  const sheet = (host: SplitHost | undefined, name: string, which: string) =>
    at(host, 'state/partners', name, 'review', `${which}.csv`);
  const owners = () =>
    [
      [district, 'district'],
      [afterschool, 'afterschool'],
    ] as const;
  const answer = async (host: SplitHost | undefined, name: string, { a, b }: ResidualPair, word: string) => {
    const questions = await readFile(sheet(host, name, 'questions'), 'utf8');
    const lines = questions
      .split('\n')
      .map((line) => (line.includes(a) || line.includes(b) ? `${line}${word}` : line));
    await writeFile(sheet(host, name, 'answers'), lines.join('\n'));
    await done('send', host);
  };
  const said = async (host: SplitHost | undefined) => {
    await done('send', hall);
    await carry(city);
    await done('receive', host);
    return (await told(['status', at(host, 'pipeline.yaml')])).stdout;
  };
  const personsOf = ({ a, b }: ResidualPair): Promise<number> =>
    askPeople(async (people, session) => {
      const [row] = await session.rows(
        'persons',
        sql`SELECT count(DISTINCT person_id) AS persons FROM ${people.table('people')} WHERE record_id IN (${a}::UUID, ${b}::UUID)`,
      );
      return Number(row?.['persons']);
    });

  it('goes to its owners by parcel; a no of form is told to who sent it, and two times yes links', async () => {
    const pair = await strangers();
    await keepPairs(at(hall, 'state/linkage-unit/residual-pairs.json'), [pair]);
    await done('send', hall);
    await carry(city);
    for (const [host, name] of owners()) {
      await done('receive', host);
      expect(await readFile(sheet(host, name, 'questions'), 'utf8')).toMatch(
        new RegExp(`^[0-9a-f]{12},(?:${pair.a}|${pair.b}),\\w+,$`, 'm'),
      );
    }
    await answer(afterschool, 'afterschool', pair, 'perhaps');
    await carry(city);
    await done('receive', hall);
    expect(await said(afterschool)).toMatch(
      /FAILED {2}afterschool: city-hall refused line \d+ of answers\.csv/,
    );
    expect(await personsOf(pair)).toBe(2);
    for (const [host, name] of owners()) await answer(host, name, pair, 'yes');
    await carry(city);
    await done('run', hall);
    expect(await personsOf(pair)).toBe(1);
    expect(await said(afterschool)).not.toMatch(/FAILED/);
    expect(await readFile(sheet(afterschool, 'afterschool', 'questions'), 'utf8')).not.toContain(pair.a);
  });
});
