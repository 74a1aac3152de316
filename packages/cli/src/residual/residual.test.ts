import { randomUUID } from 'node:crypto';
import {
  appendFile,
  copyFile,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ArtifactKind, ThroughlineError } from '@throughline/core';
import { lockState, openSession, readArtifact, type Sql, sql } from '@throughline/engine';
import { unwrapRow } from '@throughline/tokenize';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signAgain, smallCity, told } from '../e2e/night.fixture.js';
import { processEffects } from '../effects.js';
import { createAgeIdentity } from '../keys/create-keys.js';
import { openProject } from '../project/project.js';
import { chosenOf, residualAsk } from './ask.js';
import { MOST_COMPARISONS, mostOfEach, requireFew } from './comparisons.js';

/*
 * A night under the profile sealed+clkd, and the whole way from unlinked rows to a link. Planted: a child whose names and
 * birth date are typed so badly at the programme that no token and no pass brings its two records together, and in the
 * district its twin, who has never been to the programme.
 */

let folder: string;
let pipeline: string;
const at = (...names: string[]) => join(folder, 'small', ...names);
const edit = async (file: string, change: (text: string) => string) =>
  writeFile(at(file), change(await readFile(at(file), 'utf8')));
const json = async (path: string) => JSON.parse(await readFile(path, 'utf8'));
const done = async (...args: string[]) => {
  const ran = await told(args);
  expect([args.join(' '), ran.exitCode, ran.exitCode === 0 ? '' : ran.stderr]).toEqual([
    args.join(' '),
    0,
    '',
  ]);
  return ran.stdout;
};
const refusal = async (...args: string[]): Promise<string> =>
  /^error ([A-Z_]+)/m.exec((await told(args)).stderr)?.[1] ?? 'none';

type Typed = { readonly number: string; readonly last: string; readonly first: string; readonly day: number };

const studentOf = ({ number, last, first, day }: Typed) =>
  `"1099000${number}","099${number}","Active","${last}, ${first}","English","Reg Ed","English Only",\\N,\\N,\\N,\\N,"1 Zephyr Way, Millbrook MA 02155","05","2020-07-06","Not Eligible","2014-09-0${day}","306-2","0015","F","White","0","339-555-0000","${number}@students.millbrook.example","Broadway","Pacheco, Luis",\\N,\\N,\\N\r\n`;
const sessionOf = ({ number, last, first, day }: Typed) =>
  `1990${number},,${last},${first},9/${day}/2014,5,Lincoln School,BGC,Homework Help,Enrolled,9/22/2025,Yes,2\r\n`;

const STUDENTS = [
  { number: '901', last: 'Vanterpool', first: 'Marisolette', day: 3 },
  { number: '902', last: 'Vanterpool', first: 'Theodora', day: 3 },
]
  .map(studentOf)
  .join('');
const SESSION = sessionOf({ number: '901', last: 'Wanterpool', first: 'Marisolete', day: 8 });
/** Children whom both have: so many that the share reaches all others. */
const SHARED = Array.from({ length: 150 }, (_, child): Typed => {
  const letters = String.fromCharCode(
    97 + (child % 26),
    97 + ((child * 7 + 3) % 25),
    97 + ((child * 11) % 23),
  );
  return {
    number: String(100 + child),
    last: `${letters.toUpperCase()}quill`,
    first: `${letters}marrow`,
    day: 1 + (child % 9),
  };
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'residual-'));
  pipeline = await smallCity(at());
  await appendFile(at('extracts/district/students.csv'), STUDENTS + SHARED.map(studentOf).join(''));
  await appendFile(at('extracts/afterschool/sessions.csv'), SESSION + SHARED.map(sessionOf).join(''));
  await edit('agreements/emou-millbrook.yaml', (text) =>
    text.replace('profile: sealed,', 'profile: sealed+clkd, residual_share: 0.45,'),
  );
  await edit('pipeline.yaml', (text) =>
    text
      .replaceAll(/ {2}- name: (?:charter|city|health)\n(?: {4}.*\n)+/g, '')
      .replaceAll(/( +)token_key: .*\n/g, '$&$1wrap_key: state/keys/wrap.key\n')
      .replace(/least_persons: 500/, 'least_persons: 20'),
  );
  await signAgain(pipeline);
  for (const name of ['token.key', 'emou-millbrook.card.json']) await rm(at('state/keys', name));
  await done('keys', 'create', pipeline);
  await done('ingest', pipeline);
  await done('tokenize', pipeline, '--plan');
  await done('gate', pipeline);
  await done('tokenize', pipeline);
  await done('link', pipeline);
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

async function rows<Kind extends ArtifactKind>(
  place: string,
  kind: Kind,
  select: (table: Sql) => Sql,
  table?: string,
) {
  const artifact = await readArtifact(at('state', place), kind);
  const session = await openSession({
    folders: [artifact.folder],
    spill: at('spill'),
    memory: '300MB',
    threads: 1,
  });
  try {
    return await session.rows(kind, select(artifact.table((table ?? kind) as never)));
  } finally {
    session.close();
  }
}

const recordOf = async (partner: string, first: string): Promise<string> => {
  const [row] = await rows(
    `partners/${partner}/identifiers`,
    'identifiers',
    (identifiers) => sql`SELECT CAST(record_id AS VARCHAR) AS id FROM ${identifiers} WHERE first = ${first}`,
  );
  return String(row?.['id']);
};
const personOf = async (record: string): Promise<string> => {
  const [row] = await rows(
    'linkage-unit/people',
    'people',
    (people) => sql`SELECT person_id FROM ${people} WHERE record_id = ${record}::UUID`,
  );
  return String(row?.['person_id']);
};
const wrappedRows = (partner: string) =>
  rows(
    `partners/${partner}/residual`,
    'residual',
    (residual) =>
      sql`SELECT CAST(record_id AS VARCHAR) AS record, CAST(nonce AS VARCHAR) AS nonce, hex(wrapped) AS wrapped FROM ${residual} ORDER BY 2`,
    'rows',
  );

/** Every file of the project, as bytes. */
async function allFiles(): Promise<Buffer[]> {
  const entries = await readdir(at(), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name))));
}

const [ASK, KEYS] = ['ask.json', 'keys.json'];
type Ask = { partners: { partner: string; nonces: string[] }[]; epoch: string };

describe('a night under sealed+clkd', () => {
  it('wraps a row of every record with names and birth date, the same bytes again the next night', async () => {
    const before = await wrappedRows('district');
    expect(before.length).toBeGreaterThan(20);
    expect(before.every(({ wrapped }) => String(wrapped).length === 2 * 272)).toBe(true);
    await rm(at('state/partners/district/residual'), { recursive: true });
    await done('tokenize', pipeline, '--partner', 'district');
    expect(await wrappedRows('district')).toEqual(before);
  });

  it('refuses a unit that holds the wrap key, as a file of its own or within reach', async () => {
    const effects = await processEffects('none');
    const project = await openProject(pipeline, effects);
    const real = { ...project, pipeline: { ...project.pipeline, synthetic: false } };
    const thrown = await residualAsk(real, at('no.json'), effects).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(ThroughlineError);
    expect((thrown as ThroughlineError).code).toBe('KEY_WITHIN_REACH');
    const original = await readFile(pipeline, 'utf8');
    await edit('pipeline.yaml', (text) => text.replaceAll('keys/wrap.key', 'keys/linkage-unit/person.key'));
    expect(await refusal('keys', 'create', pipeline)).toBe('KEY_ROLES_MIXED');
    await writeFile(pipeline, original);
  });
});

describe('what is asked for', () => {
  const nonces = (count: number) =>
    Array.from({ length: count }, (_, at) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`);
  const fileOf = (partner: string, count: number) => ({
    partner,
    rows: count,
    unlinked: nonces(count).map((nonce) => ({ record: nonce, nonce, wrapped: new Uint8Array() })),
  });

  it('is in a large city no more than can be compared, and first of all what the share has paid for', () => {
    const found = [fileOf('district', 60_000), fileOf('afterschool', 60_000), fileOf('clinic', 900)];
    const paid = nonces(60_000).slice(-5);
    const chosen = chosenOf(found, { district: paid }, 0.5);
    const counts = chosen.map((each) => each.nonces.length);
    expect(() => requireFew(counts)).not.toThrow();
    expect(() => requireFew([(counts[0] ?? 0) + 1, (counts[1] ?? 0) + 1, counts[2] ?? 0])).toThrow();
    expect(counts[2]).toBe(450);
    expect(chosen[0]?.nonces.slice(-5)).toEqual(paid);
  });

  it('is cut no shorter than it must be', () => {
    expect(mostOfEach([3, 20, 7])).toBe(20);
    expect(mostOfEach([MOST_COMPARISONS, 1])).toBe(MOST_COMPARISONS);
    expect(mostOfEach([])).toBe(0);
  });
});

describe('the keyholder', () => {
  let ask: Ask;
  const open = (file: string, out = KEYS) =>
    refusal('residual', 'open', pipeline, '--ask', at(file), '--out', at(out));
  const asking = async (name: string, change: (given: Ask) => Ask): Promise<string> => {
    // As long as that of a large city.
    await writeFile(at(name), JSON.stringify(change(structuredClone(ask))).padEnd(5 * 1024 ** 2));
    return open(name);
  };

  beforeAll(async () => {
    await done('residual', 'ask', pipeline, '--out', at(ASK));
    ask = await json(at(ASK));
  });

  it('is asked by nonce for rows that nothing has linked, within the share, and sees no record id', async () => {
    const text = await readFile(at(ASK), 'utf8');
    for (const { partner, nonces } of ask.partners) {
      const all = await wrappedRows(partner);
      expect(nonces.length).toBeLessThanOrEqual(Math.floor(0.45 * all.length));
      const records = new Map(all.map(({ nonce, record }) => [nonce, String(record)]));
      expect(nonces.every((nonce) => records.has(nonce))).toBe(true);
      expect([...records.values()].some((record) => text.includes(record))).toBe(false);
    }
    const planted = await recordOf('district', 'MARISOLETTE');
    const [row] = (await wrappedRows('district')).filter(({ record }) => record === planted);
    expect(ask.partners.find(({ partner }) => partner === 'district')?.nonces).toContain(row?.['nonce']);
  });

  it('opens no more than the share, none of another epoch, and nothing with another wrap key', async () => {
    const made = (count: number) => Array.from({ length: count }, () => randomUUID());
    const more = await asking('more.json', (given) => ({
      ...given,
      partners: given.partners.map((each) => ({ ...each, nonces: [...each.nonces, ...made(500)] })),
    }));
    expect(more).toBe('RESIDUAL_OVER_SHARE');
    expect(await asking('other.json', (given) => ({ ...given, epoch: '1999-1' }))).toBe('RESIDUAL_REFUSED');
    const strange = await asking('strange.json', (given) => ({
      ...given,
      partners: [...given.partners, { partner: '../district', nonces: [] }],
    }));
    expect(strange).toBe('RESIDUAL_REFUSED');
    await writeFile(at('no.json'), '{');
    expect(await open('no.json')).toBe('RESIDUAL_REFUSED');
    await copyFile(at('state/keys/wrap.key'), at('kept.key'));
    await writeFile(at('state/keys/wrap.key'), await readFile(at('state/keys/token.key')));
    expect(await open(ASK)).toBe('KEY_MISMATCH');
    await copyFile(at('kept.key'), at('state/keys/wrap.key'));
    await rm(at('kept.key'));
    await expect(stat(at(KEYS))).rejects.toThrow();
  });

  it('issues no key at all where the wrap key is not that of the card', async () => {
    await createAgeIdentity(at('someone.identity'));
    const original = await readFile(pipeline, 'utf8');
    const recipient = (await readFile(at('someone.identity.pub'), 'utf8')).trim();
    await edit('pipeline.yaml', (text) =>
      text.replace('- name: district\n', `- name: district\n    recipient: ${recipient}\n`),
    );
    await copyFile(at('state/keys/wrap.key'), at('kept.key'));
    await writeFile(at('state/keys/wrap.key'), await readFile(at('state/keys/token.key')));
    const issue = ['keys', 'issue', pipeline, '--out', at('early'), '--partner', 'district'];
    expect(await refusal(...issue)).toBe('KEY_MISMATCH');
    await expect(stat(at('early'))).rejects.toThrow();
    await copyFile(at('kept.key'), at('state/keys/wrap.key'));
    await rm(at('kept.key'));
    await done(...issue);
    await writeFile(pipeline, original);
  });

  it('gives for a row that is asked for in the name of another partner a key that opens nothing', async () => {
    const [row] = await wrappedRows('afterschool');
    const nonce = String(row?.['nonce']);
    const given = await asking('named.json', (of) => ({
      ...of,
      partners: [{ partner: 'district', nonces: [nonce] }],
    }));
    expect(given).toBe('none');
    const { agreement, epoch, keys } = await json(at(KEYS));
    await rm(at(KEYS));
    const bytes = Buffer.from(String(row?.['wrapped']), 'hex');
    const key = Buffer.from(keys[0].key, 'hex');
    for (const partner of ['afterschool', 'district']) {
      const of = { agreement, epoch, partner, record: String(row?.['record']) };
      expect(unwrapRow(key, of, bytes)).toBeUndefined();
    }
  });

  it('says what is wrong with notes that are damaged, and works at nothing that another run works at', async () => {
    const notes = at('state/keyholder/residual-opened.json');
    const before = await readFile(notes, 'utf8');
    await writeFile(notes, before.slice(1));
    expect(await open(ASK)).toBe('CONFIG_INVALID');
    // As long as the notes of a large city.
    await writeFile(notes, before + ' '.repeat(5 * 1024 ** 2));
    const unlock = await lockState(at('state'), process.pid);
    const refusals = [
      await open(ASK),
      await refusal('residual', 'ask', pipeline, '--out', at('no.json')),
      await refusal('residual', 'compare', pipeline, '--keys', at(KEYS)),
    ];
    await unlock();
    expect(refusals).toEqual(['RUN_LOCKED', 'RUN_LOCKED', 'RUN_LOCKED']);
  });

  it('gives out the keys of these rows alone, tells the log how many, and counts all asks of the epoch', async () => {
    const [table, aside] = [at('state/partners/district/residual/rows.parquet'), at('rows.aside')];
    await rename(table, aside);
    await done('residual', 'open', pipeline, '--ask', at(ASK), '--out', at(KEYS));
    await rename(aside, table);
    expect((await stat(at(KEYS))).mode & 0o777).toBe(0o600);
    const { keys } = (await json(at(KEYS))) as { keys: { nonce: string }[] };
    expect(keys.map(({ nonce }) => nonce)).toEqual(ask.partners.flatMap(({ nonces }) => nonces));
    expect(await done('log', 'show', pipeline, '--last', '1')).toContain('residual-opened');
    await done('log', 'verify', pipeline);
    expect(await open(ASK)).toBe('KEY_EXISTS');
    const fresh = await asking('fresh.json', (given) => ({
      ...given,
      partners: given.partners.map((each) => ({
        ...each,
        nonces: Array.from({ length: Math.max(1, each.nonces.length) }, () => randomUUID()),
      })),
    }));
    expect(fresh).toBe('KEY_EXISTS');
    expect(await open('fresh.json', 'fresh-keys.json')).toBe('RESIDUAL_OVER_SHARE');
  });
});

describe('the linkage unit', () => {
  let vectors: Uint8Array[];
  let pair: readonly [string, string];
  const compare = (...more: string[]) =>
    refusal('residual', 'compare', pipeline, '--keys', at(KEYS), ...more);

  beforeAll(async () => {
    pair = [await recordOf('district', 'MARISOLETTE'), await recordOf('afterschool', 'MARISOLETE')];
    const { agreement, epoch, keys } = (await json(at(KEYS))) as {
      agreement: string;
      epoch: string;
      keys: { nonce: string; key: string }[];
    };
    const byNonce = new Map(keys.map(({ nonce, key }) => [nonce, Buffer.from(key, 'hex')]));
    vectors = (await wrappedRows('district')).flatMap(({ record, nonce, wrapped }) => {
      const of = { agreement, epoch, partner: 'district', record: String(record) };
      const bytes = Buffer.from(String(wrapped), 'hex');
      const asked = byNonce.get(String(nonce));
      const others = [...byNonce.values()].some(
        (key) => key !== asked && unwrapRow(key, of, bytes) !== undefined,
      );
      expect(others).toBe(false);
      return asked === undefined ? [] : (unwrapRow(asked, of, bytes) ?? []);
    });
    expect(vectors.length).toBeGreaterThan(3);
  });

  it('compares nothing where a key or a row was altered, or the keys are of another epoch', async () => {
    const text = await readFile(at(KEYS), 'utf8');
    const changed = (from: RegExp, to: string) => writeFile(at(KEYS), text.replace(from, to));
    await changed(/"key": "[0-9a-f]{8}/, '"key": "00000000');
    expect(await compare()).toBe('RESIDUAL_UNOPENED');
    await changed(/"epoch": "[^"]+"/, '"epoch": "1999-1"');
    expect(await compare()).toBe('RESIDUAL_REFUSED');
    await writeFile(at(KEYS), text);
    const table = at('state/partners/district/residual/rows.parquet');
    const bytes = await readFile(table);
    await writeFile(
      table,
      bytes.map((byte, place) => (place === 200 ? byte ^ 1 : byte)),
    );
    expect(await compare()).toBe('ARTIFACT_ALTERED');
    await writeFile(table, bytes);
    expect(() => requireFew([25_000, 25_000])).toThrow('RESIDUAL_TOO_LARGE');
    expect(() => requireFew([MOST_COMPARISONS, 1])).not.toThrow();
  });

  it('finds the planted pair and not the twin, erases the keys, and leaves no encoding on the disk', async () => {
    await done('residual', 'compare', pipeline, '--keys', at(KEYS));
    const pairs = (await json(at('state/linkage-unit/residual-pairs.json'))) as { a: string; b: string }[];
    expect(pairs).toContainEqual({ a: [...pair].sort()[0], b: [...pair].sort()[1] });
    const twin = await recordOf('district', 'THEODORA');
    expect(pairs.some(({ a, b }) => a === twin || b === twin)).toBe(false);
    await expect(stat(at(KEYS))).rejects.toThrow();
    const noted = at('state/linkage-unit/residual-pairs.json');
    await writeFile(noted, '[');
    expect(await refusal('review', 'export', pipeline, '--out', at('sheets'))).toBe('CONFIG_INVALID');
    await writeFile(noted, `${JSON.stringify(pairs)}${' '.repeat(5 * 1024 ** 2)}`);
    const files = await allFiles();
    for (const vector of vectors) {
      const forms = [
        Buffer.from(vector.subarray(0, 24)),
        Buffer.from(vector.subarray(0, 24)).toString('hex'),
      ];
      for (const form of forms) expect(files.some((bytes) => bytes.includes(form))).toBe(false);
    }
  });

  it('links the pair once both owners have said yes, and not before', async () => {
    await done('link', pipeline);
    expect(await personOf(pair[0])).not.toBe(await personOf(pair[1]));
    await done('review', 'export', pipeline, '--out', at('sheets'));
    for (const [place, partner] of ['district', 'afterschool'].entries()) {
      const sheet = await readFile(at('sheets', `${partner}.csv`), 'utf8');
      const line = sheet.split('\n').find((each) => each.includes(pair[place] ?? ''));
      expect(line).toMatch(/,$/);
      await writeFile(at('answer.csv'), `pair,record_id,with,answer\n${line}yes\n`);
      await done('review', 'answer', pipeline, at('answer.csv'), '--partner', partner);
    }
    await done('link', pipeline);
    expect(await personOf(pair[0])).toBe(await personOf(pair[1]));
    const [link] = await rows(
      'linkage-unit/links',
      'links',
      (links) => sql`SELECT * FROM ${links} WHERE pass = 'review by owners'`,
    );
    expect([String(link?.['record_id_a']), String(link?.['record_id_b'])].sort()).toEqual([...pair].sort());
  });

  it('is sent the keys encrypted where it has a recipient, as partners are sent the wrap key', async () => {
    for (const name of ['unit', 'district']) await createAgeIdentity(at(`${name}.identity`));
    const recipient = async (name: string) => (await readFile(at(`${name}.identity.pub`), 'utf8')).trim();
    const [unit, district] = [await recipient('unit'), await recipient('district')];
    await edit('pipeline.yaml', (text) =>
      text
        .replace('linkage_unit:\n', `linkage_unit:\n  recipient: ${unit}\n`)
        .replace('- name: district\n', `- name: district\n    recipient: ${district}\n`),
    );
    await done('residual', 'ask', pipeline, '--out', at(ASK));
    await done('residual', 'open', pipeline, '--ask', at(ASK), '--out', at(KEYS));
    expect((await readFile(at(KEYS))).subarray(0, 18).toString()).toBe('age-encryption.org');
    expect(await compare()).toBe('RESIDUAL_REFUSED');
    expect(await compare('--identity', at('district.identity'))).toBe('KEY_SEALED_FOR_ANOTHER');
    expect(await compare('--identity', at('unit.identity'))).toBe('none');

    await done('keys', 'issue', pipeline, '--out', at('hand-over'), '--partner', 'district');
    const receive = (kind: string) =>
      [
        'keys',
        'receive',
        pipeline,
        '--partner',
        'district',
        '--identity',
        at('district.identity'),
        '--wrap',
      ].concat('--file', at('hand-over', `district.${kind}.age`));
    expect(await refusal(...receive('token-key'))).toBe('KEY_MISMATCH');
    const wrap = await readFile(at('state/keys/wrap.key'));
    await rm(at('state/keys/wrap.key'));
    await done(...receive('wrap-key'));
    expect((await readFile(at('state/keys/wrap.key'))).equals(wrap)).toBe(true);
    expect((await told(['keys', 'check', pipeline])).stdout).toContain('wrap key: is that of the card');
  });
});
