import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession, readArtifact, type Sql, sql } from '@throughline/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signAgain, smallCity, told } from '../e2e/night.fixture.js';

const PARTNERS = ['city', 'health'] as const;
const CHILDREN = 24;
/** Children whom both partners have: from the first third on. */
const SHARED = 16;
const WITHDRAWN = 'g12';

let folder: string;
let pipeline: string;
const at = (name: string) => join(folder, name);
const edit = async (file: string, change: (text: string) => string) =>
  writeFile(at(file), change(await readFile(at(file), 'utf8')));

/** Children of whom a partner sends tokens and nothing else. */
function childrenCsv(from: number, until: number): string {
  const rows = Array.from({ length: until - from }, (_, place) => {
    const child = from + place;
    const letters = String.fromCharCode(65 + (child % 26), 65 + ((child * 7) % 26), 65 + ((child * 11) % 26));
    const born = `201${child % 8}-0${1 + (child % 9)}-1${child % 9}`;
    return `g${child},QUILL${letters},${born},Female,MARROW${letters},02155,`;
  });
  return `RecordId,FirstName,BirthDate,Sex,LastName,PostalCode,SocialSecurityNumber\n${rows.join('\n')}\n`;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'olt-night-'));
  pipeline = await smallCity(at('small'));
  await edit('small/agreements/emou-millbrook.yaml', (text) =>
    text.replace(
      /^ {2}encoding: .*$/m,
      '$&\n  interop: [{ profile: olt-2, accepted: weaker-by-known-attacks, tokens: [{ token: T3, basis: exact }] }]',
    ),
  );
  for (const partner of PARTNERS)
    await edit(`small/agreements/dsa-${partner}.yaml`, (text) => `${text}weaker_encodings: [olt-2]\n`);
  await signAgain(pipeline);
  for (const name of ['token.key', 'emou-millbrook.card.json']) await rm(at(`small/state/keys/${name}`));
  expect((await told(['keys', 'create', pipeline])).stderr).toBe('');
  await writeFile(at('shared.secret'), 'a shared secret', { mode: 0o600 });
  await deliver('city', childrenCsv(0, SHARED));
  await deliver('health', childrenCsv(CHILDREN - SHARED, CHILDREN));
});
afterAll(() => rm(folder, { recursive: true }));

/** Has a partner write the tokens of its children into its inbox, and names the file in the pipeline. */
async function deliver(partner: string, children: string): Promise<void> {
  await writeFile(at(`${partner}.csv`), children);
  const inbox = new RegExp(`- name: ${partner}\\n {4}inbox: (.*)\\n`).exec(
    await readFile(pipeline, 'utf8'),
  )?.[1];
  const asked = ['--partner', partner, '--profile', 'olt-2', '--file', at(`${partner}.csv`)];
  const out = join(at('small'), inbox ?? '', 'tokens.csv');
  const written = await told([
    'interop',
    'write',
    pipeline,
    ...asked,
    '--secret',
    at('shared.secret'),
    '--out',
    out,
  ]);
  expect(written.stdout).toMatch(/NOTE {4}olt-2 is weaker/);
  const entry = '    interop: [{ profile: olt-2, space: encoded, duplicate_free: true, file: tokens.csv }]\n';
  await edit('small/pipeline.yaml', (text) =>
    text.replace(`- name: ${partner}\n`, `- name: ${partner}\n${entry}`),
  );
}

async function rows(kind: 'links' | 'people', select: (table: Sql) => Sql) {
  const artifact = await readArtifact(at(`small/state/linkage-unit/${kind}`), kind);
  const limits = { spill: at('spill'), memory: '300MB', threads: 1 };
  const session = await openSession({ folders: [artifact.folder], ...limits });
  try {
    return await session.rows(kind, select(artifact.table(kind as never)));
  } finally {
    session.close();
  }
}

const linkedByTokens = () =>
  rows('links', (links) => sql`SELECT * FROM ${links} WHERE pass = 'olt2_t3' AND basis = 'exact'`);

describe('two partners who send tokens of OpenLinkToken', () => {
  it('are linked in a night, by the rule that the memorandum admits, up to a candidate for release', async () => {
    const night = await told(['run', pipeline]);
    expect(night.stderr).toBe('');
    expect(night.exitCode).toBe(0);
    expect(await linkedByTokens()).toHaveLength(2 * SHARED - CHILDREN);
    const joined = (people: Sql) =>
      sql`SELECT person_id FROM ${people} GROUP BY person_id HAVING count(DISTINCT partner) = 2 AND bool_and(space = 'encoded')`;
    expect(await rows('people', joined)).toHaveLength(2 * SHARED - CHILDREN);
    const release = await readArtifact(at('small/state/desk/release-candidate'), 'release');
    expect(release.manifest.synthetic).toBe(true);
  });

  it('leave out by its number in their file a child whose family withdraws', async () => {
    await writeFile(at('numbers.txt'), `${WITHDRAWN}\n`);
    const asked = ['--from', at('numbers.txt'), '--space', 'encoded', '--effective', '2026-01-05'];
    const withdrawn = await told(['withdraw', pipeline, '--partner', 'health', ...asked]);
    expect(withdrawn.stderr).toBe('');
    for (const stage of ['ingest', 'tokenize'])
      expect((await told([stage, pipeline, '--partner', 'health'])).exitCode).toBe(0);
    expect((await told(['link', pipeline])).exitCode).toBe(0);
    expect(await linkedByTokens()).toHaveLength(2 * SHARED - CHILDREN - 1);
  });
});
