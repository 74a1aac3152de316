import { createHash } from 'node:crypto';
import { cp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { millbrook, signAgain, told } from '../e2e/night.fixture.js';

const vectors = fileURLToPath(new URL('../../../../fixtures/vectors/', import.meta.url));
const published = async (name: string) =>
  (await readFile(join(vectors, name), 'utf8')).replaceAll('\r\n', '\n');
const SCHEMA = join(vectors, 'clkhash/febrl_schema_v3_final.json');

let folder: string;
let pipeline: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await millbrook();
  pipeline = at('pipeline.yaml');
  await writeFile(at('shared.secret'), 'HashingKey', { mode: 0o600 });
});
afterAll(() => rm(folder, { recursive: true }));

const edit = async (file: string, change: (text: string) => string) =>
  writeFile(at(file), change(await readFile(at(file), 'utf8')));

/** Has the memorandum consent to both profiles. */
async function consentOfAll(): Promise<void> {
  const sha256 = createHash('sha256')
    .update(await readFile(SCHEMA))
    .digest('hex');
  await edit('agreements/emou-millbrook.yaml', (text) =>
    text.replace(
      /^ {2}encoding: .*$/m,
      `$&
  interop:
    - { profile: olt-2, accepted: weaker-by-known-attacks, tokens: [{ token: T3, basis: exact }] }
    - { profile: clk-v3, accepted: weaker-by-known-attacks, schema_sha256: ${sha256}, threshold: 0.9 }`,
    ),
  );
  await signAgain(pipeline);
}

const writing = (profile: string, file: string, out: string, ...more: string[]) =>
  told([
    ...['interop', 'write', pipeline, '--partner', 'city', '--profile', profile, '--file', file],
    ...['--secret', at('shared.secret'), '--out', out, ...more],
  ]);

describe('interop', () => {
  const sample = join(vectors, 'openlinktoken/sample.csv');

  it('writes nothing before both agreements consent', async () => {
    const refused = await writing('olt-2', sample, at('tokens.csv'));
    expect(refused.stderr).toMatch(/PROFILE_NOT_AGREED/);
    expect(refused.exitCode).toBe(10);
    await consentOfAll();
    expect((await writing('olt-2', sample, at('tokens.csv'))).stderr).toMatch(/weaker_encodings/);
    await expect(stat(at('tokens.csv'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  describe('with consent', () => {
    beforeAll(async () => {
      for (const partner of ['city', 'health'])
        await edit(`agreements/dsa-${partner}.yaml`, (text) => `${text}weaker_encodings: [olt-2, clk-v3]\n`);
      await signAgain(pipeline);
    });

    it('says so in check, in the words of the documents and of a policy, and in the preview of a manifest', async () => {
      expect((await told(['check', pipeline])).stdout).toMatch(
        /NOTE.*consents to olt-2; tokens of OpenLinkToken/,
      );
      const explained = await told(['explain', 'policy', pipeline, 'registrations.age']);
      expect(explained.stdout).toMatch(/identifiers of city may be encoded as clk-v3, which is weaker/);
    });

    it('writes the 525 published tokens, byte for byte, to a file that the owner alone can read', async () => {
      const written = await writing('olt-2', sample, at('tokens.csv'));
      expect(written.stdout).toMatch(/NOTE {4}olt-2 is weaker/);
      expect(written.stdout).toMatch(/105 records: 495 tokens, 30 blank/);
      expect(await readFile(at('tokens.csv'), 'utf8')).toBe(
        await published('openlinktoken/hashed-output.csv'),
      );
      expect((await stat(at('tokens.csv'))).mode & 0o777).toBe(0o600);
    });

    it('writes the CLKs of clkhash, and the records beside them', async () => {
      await writeFile(at('shared.secret'), 'secret', { mode: 0o600 });
      expect((await writing('clk-v3', join(vectors, 'clkhash/dataset4a.csv'), at('a.json'))).exitCode).toBe(
        2,
      );
      await writeFile(at('shared.secret'), 'a shared secret', { mode: 0o600 });
      const asked = ['--schema', SCHEMA, '--record', 'rec_id'];
      for (const [file, out] of [
        ['dataset4a.csv', 'a.json'],
        ['dataset4b.csv', 'b.json'],
      ] as const) {
        const lines = (await published(`clkhash/${file}`)).split('\n');
        const rows = lines.slice(1).filter((line) => /^rec-[0-9]{1,2}-/.test(line));
        await writeFile(at(file), `${[lines[0], ...rows].join('\n')}\n`);
        const written = await writing('clk-v3', at(file), at(out), ...asked);
        expect(written.stdout).toMatch(/100 CLKs of 1024 bits/);
      }
      expect((await readFile(at('a.json.records.csv'), 'utf8')).split('\n')).toHaveLength(102);
    });

    it.each<[string, () => Promise<readonly string[]>, string]>([
      [
        'a table without a column',
        async () => {
          await writeFile(at('short.csv'), 'RecordId,FirstName\na,ANA\n');
          return ['olt-2', at('short.csv')];
        },
        'HEADER_MISSING_COLUMN',
      ],
      [
        'a row of another length',
        async () => {
          await writeFile(
            at('odd.csv'),
            `${(await published('openlinktoken/sample.csv')).split('\n')[0]}\na,b\n`,
          );
          return ['olt-2', at('odd.csv')];
        },
        'EXTRACT_MALFORMED',
      ],
      [
        'a value that the schema does not allow',
        async () => {
          const [header, first] = (await published('clkhash/dataset4a.csv')).split('\n');
          await writeFile(at('bad.csv'), `${header}\n${first?.replace(/19151111/, 'ZZQCANARY')}\n`);
          return ['clk-v3', at('bad.csv'), '--schema', SCHEMA, '--record', 'rec_id'];
        },
        'INTEROP_REFUSED',
      ],
      [
        'another schema',
        async () => [
          'clk-v3',
          at('dataset4a.csv'),
          '--schema',
          join(vectors, 'clkhash/good-schema-v3.json'),
          '--record',
          'rec_id',
        ],
        'INTEROP_REFUSED',
      ],
    ])('refuses %s, tells no value of it and writes nothing', async (_, prepare, code) => {
      const [profile = '', file = '', ...more] = await prepare();
      const refused = await writing(profile, file, at('nothing.out'), ...more);
      expect(refused.stderr).toMatch(code);
      expect(refused.stderr).not.toMatch(/ZZQCANARY/);
      await expect(stat(at('nothing.out'))).rejects.toMatchObject({ code: 'ENOENT' });
    });

    it('refuses a secret that others can read, and one with a line end', async () => {
      await writeFile(at('open.secret'), 'HashingKey', { mode: 0o644 });
      const asked = (secret: string) =>
        told([
          'interop',
          'write',
          pipeline,
          '--partner',
          'city',
          '--profile',
          'olt-2',
          '--file',
          sample,
          '--secret',
          secret,
          '--out',
          at('n.csv'),
        ]);
      expect((await asked(at('open.secret'))).stderr).toMatch(/KEY_EXPOSED/);
      await writeFile(at('line.secret'), 'HashingKey\n', { mode: 0o600 });
      expect((await asked(at('line.secret'))).stderr).toMatch(/KEY_WEAK/);
    });

    it('takes in what partners deliver, and compares their CLKs', async () => {
      for (const name of ['token.key', 'emou-millbrook.card.json'])
        await rm(at(`state/keys/${name}`), { force: true });
      expect((await told(['keys', 'create', pipeline])).exitCode).toBe(0);
      for (const [partner, clks] of [
        ['city', 'a.json'],
        ['health', 'b.json'],
      ] as const) {
        const inbox = await deliver(partner, { clks, tokens: 'tokens.csv' });
        expect(inbox).not.toBe('');
        expect((await told(['ingest', pipeline, '--partner', partner])).exitCode).toBe(0);
        const tokenized = await told(['tokenize', pipeline, '--partner', partner]);
        expect(tokenized.stderr).toBe('');
        expect(tokenized.stdout).toMatch(/interop [0-9a-f]{64} made/);
      }
      const compared = await told(['interop', 'compare', pipeline]);
      expect(compared.stdout).toMatch(
        /^city \(100\) and health \(100\): about [0-9]0 agree by Dice of 0.9 or more\n$/,
      );
    });
  });
});

/** Puts files into an inbox of the partner's own and says so in the pipeline. @returns the inbox. */
async function deliver(partner: string, { clks, tokens }: { clks: string; tokens: string }): Promise<string> {
  const text = await readFile(pipeline, 'utf8');
  const inbox = new RegExp(`- name: ${partner}\\n {4}inbox: (.*)\\n`).exec(text)?.[1] ?? '';
  const own = at(`inbox-${partner}`);
  await cp(inbox, own, { recursive: true });
  await cp(at(clks), join(own, 'clks.json'));
  await cp(at(`${clks}.records.csv`), join(own, 'clks.csv'));
  await cp(at(tokens), join(own, 'tokens.csv'));
  const entries = `    interop:
      - { profile: clk-v3, space: guest, file: clks.json, records: clks.csv, schema: ${SCHEMA} }
      - { profile: olt-2, space: guest, file: tokens.csv }
`;
  const moved = text.replace(`inbox: ${inbox}\n`, `inbox: ${own}\n`);
  await writeFile(pipeline, moved.replace(`- name: ${partner}\n`, `- name: ${partner}\n${entries}`));
  return own;
}
