import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArtifactKind } from '@throughline/core';
import { openSession, type Row, readArtifact, sql } from '@throughline/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signAgain, smallCity, told } from './night.fixture.js';

/*
 * A city whose memorandum lets owners tell of their own duplicates. At the afterschool provider a child is registered a
 * second time, with another day of birth, which no rule of tokens bridges; and so is a twin of the child.
 */

const CHILD = 'Garcia,Maximus,11/27/2014';
const REGISTERED = ['Garcia,Maximus,11/26/2014', 'Garcia,Juliana,11/27/2014'];

let folder: string;
let pipeline: string;
const at = (...path: string[]) => join(folder, 'city', ...path);

async function letTell(): Promise<void> {
  const memorandum = at('agreements', 'emou-millbrook.yaml');
  const text = await readFile(memorandum, 'utf8');
  await writeFile(memorandum, text.replace(/^ {2}encoding: /m, '  own_duplicates: likely\n  encoding: '));
  await signAgain(at('pipeline.yaml'));
}

async function registerAgain(): Promise<void> {
  const extract = at('extracts', 'afterschool', 'sessions.csv');
  const row = (await readFile(extract, 'utf8')).split('\n').find((line) => line.includes(CHILD)) ?? '';
  const again = REGISTERED.map((child, place) =>
    row.replace(CHILD, child).replace(/^\d+,\d*/, `10109${place}1,`),
  );
  await appendFile(extract, `${again.join('\n')}\n`);
}

async function rows(kind: ArtifactKind, place: string, table: string): Promise<readonly Row[]> {
  const artifact = await readArtifact(at('state', ...place.split('/')), kind);
  const session = await openSession({
    folders: [artifact.folder],
    spill: at('s'),
    memory: '200MB',
    threads: 1,
  });
  try {
    return await session.rows(table, sql`SELECT * FROM ${artifact.table(table as never)} ORDER BY ALL`);
  } finally {
    session.close();
  }
}

/** The record ids of the child, of its second registration and of the twin. */
async function idsOf(): Promise<readonly [string, string, string]> {
  const known = await rows('identifiers', 'partners/afterschool/identifiers', 'identifiers');
  const idOf = (first: string, born: string) =>
    String(
      known.find((row) => row['first'] === first && row['last'] === 'GARCIA' && row['birth_date'] === born)?.[
        'record_id'
      ],
    );
  return [idOf('MAXIMUS', '2014-11-27'), idOf('MAXIMUS', '2014-11-26'), idOf('JULIANA', '2014-11-27')];
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duplicates-'));
  pipeline = await smallCity(join(folder, 'city'), 7, letTell);
  await registerAgain();
  for (const stage of ['ingest', 'tokenize', 'link']) expect((await told([stage, pipeline])).stderr).toBe('');
});
afterAll(() => rm(folder, { recursive: true }));

describe('a night in which owners tell of their own duplicates', () => {
  it('makes one child of two registrations that no token joins, and never of twins', async () => {
    const [child, again, twin] = await idsOf();
    const people = new Map(
      (await rows('people', 'linkage-unit/people', 'people')).map((row) => [
        row['record_id'],
        row['person_id'],
      ]),
    );
    expect(people.get(child)).toBeDefined();
    expect(people.get(again)).toBe(people.get(child));
    expect(people.get(twin)).not.toBe(people.get(child));
    const links = await rows('links', 'linkage-unit/links', 'links');
    expect(
      links.find(
        (row) => [row['record_id_a'], row['record_id_b']].sort().join() === [child, again].sort().join(),
      ),
    ).toMatchObject({
      pass: 'own_duplicates',
      basis: 'exact',
      rules_agreeing: 1,
    });
  });

  it('tells the linkage unit record ids and nothing else, and of nobody who may be there once', async () => {
    const [child, again] = await idsOf();
    const received = await rows('tokens', 'linkage-unit/received/afterschool/tokens', 'own_duplicates');
    const least = [child, again].sort()[0];
    for (const record_id of [child, again]) expect(received).toContainEqual({ record_id, person: least });
    expect(await rows('tokens', 'linkage-unit/received/district/tokens', 'own_duplicates')).toEqual([]);
  });

  it('is told to whoever is to sign it', async () => {
    const words = await told(['approve', at('agreements', 'emou-millbrook.yaml'), '--print']);
    expect(words.stdout).toContain('LETS owners tell which of their own records are one child');
  });

  it('says so to whoever asks', async () => {
    const [child, again] = await idsOf();
    const { stdout } = await told(['explain', 'pair', pipeline, child, again]);
    expect(stdout).toContain('linked by the word of their owner, who holds them to be one child');
    const plan = (await told(['run', pipeline, '--plan'])).stdout;
    expect(plan).toMatch(/^duplicates afterschool +current/m);
  });
});
