import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { smallCity, told } from '../e2e/night.fixture.js';

let folder: string;
let pipeline: string;
let at: (name: string) => string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-'));
  at = (name) => join(folder, name);
  pipeline = await smallCity(at('city'));
  expect((await told(['run', pipeline])).stderr).toBe('');
  await cp(at('city/state/log/checkpoint'), at('older'));
  expect((await told(['freeze', pipeline])).exitCode).toBe(0);
  await writeFile(at('signers'), (await told(['approvers', pipeline])).stdout);
  await cp(at('city/state/keys/log/log.vkey'), at('log.vkey'));
  await cp(at('city/state/desk/frozen/1'), at('right'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  await rm(at('empty'), { recursive: true, force: true });
  for (const name of ['release', 'evidence'])
    await cp(at(`right/${name}`), at(`empty/${name}`), { recursive: true });
});

const verify = (...more: string[]) =>
  told(['verify', at('empty/release'), '--vkey', at('log.vkey'), ...more]);
const refused = async (...more: string[]) => {
  const { exitCode, stdout, stderr } = await verify(...more);
  return `${exitCode} ${stdout}${stderr}`;
};
/** A file of the evidence whose name ends so. */
const evidence = async (end: string) =>
  join(
    at('empty/evidence'),
    (await readdir(at('empty/evidence'), { recursive: true })).find((name) => name.endsWith(end)) ?? end,
  );
const spoil = async (path: string) => {
  const bytes = await readFile(path);
  bytes[bytes.length - 3] = (bytes.at(-3) ?? 0) ^ 1;
  await writeFile(path, bytes);
};

describe('throughline verify', () => {
  it('walks from a release to extracts, documents, signatures and log, with public keys alone', async () => {
    const { exitCode, stdout, stderr } = await verify('--signers', at('signers'), '--against', at('older'));
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/files are as the manifest says/);
    expect(stdout).toMatch(/\n +0 \S+ ingest district identifiers/);
    expect(stdout).toMatch(/out of {7}\d+ extracts/);
    expect(stdout).toMatch(
      /manifest millbrook-district-students version 1 [0-9a-f]{12}, 1 signatures: okonkwo/,
    );
    expect(stdout).toMatch(/only grown/);
    expect(stdout).toMatch(/not proved\n {2}that what was delivered was true/);
  });

  it('says what it could not prove without signers and an older checkpoint', async () => {
    const { stdout } = await verify();
    expect(stdout).toMatch(/not proved\n {2}who signed[\s\S]*that no past was rewritten/);
    expect(stdout).not.toMatch(/okonkwo/);
  });

  it('verifies any artifact, from the folder of evidence that is named', async () => {
    const { writeEvidence } = { writeEvidence: () => told(['evidence', pipeline, at('new-evidence')]) };
    expect((await writeEvidence()).exitCode).toBe(0);
    const payload = at('city/state/partners/city/payload');
    const { exitCode, stdout } = await told([
      'verify',
      payload,
      '--vkey',
      at('log.vkey'),
      '--evidence',
      at('new-evidence'),
    ]);
    expect([exitCode, /proved of the payload of city[\s\S]*made by {6}1 steps/.test(stdout)]).toEqual([
      0,
      true,
    ]);
  });

  it.each<[string, () => Promise<void>, RegExp]>([
    ['a released file', async () => spoil(at('empty/release/cells.csv')), /11 [\s\S]*ARTIFACT_ALTERED/],
    [
      'a document',
      async () => spoil(await evidence('district/students.yaml')),
      /11 [\s\S]*EVIDENCE_LACKING[\s\S]*step documents/,
    ],
    [
      'a document taken away',
      async () => rm(await evidence('emou-millbrook.yaml')),
      /EVIDENCE_LACKING[\s\S]*document emou-millbrook/,
    ],
    [
      'a signature',
      async () => spoil(await evidence('district/students.yaml.okonkwo.sig')),
      /EVIDENCE_LACKING[\s\S]*step approvals/,
    ],
    [
      'an entry of the log',
      async () =>
        spoil(
          join(
            at('empty/evidence/log/tile/entries/000.p'),
            String(Math.max(...(await readdir(at('empty/evidence/log/tile/entries/000.p'))).map(Number))),
          ),
        ),
      /11 [\s\S]*LOG_BROKEN/,
    ],
    [
      'the checkpoint',
      async () => spoil(at('empty/evidence/log/checkpoint')),
      /11 [\s\S]*LOG_CHECKPOINT_REFUSED/,
    ],
  ])('finds one byte of %s changed', async (_, change, refusal) => {
    await change();
    expect(await refused('--signers', at('signers'))).toMatch(refusal);
  });

  it('finds a release that the log does not know, and signers that are others', async () => {
    const manifest = at('empty/release/manifest.json');
    const made = JSON.parse(await readFile(manifest, 'utf8'));
    await writeFile(manifest, JSON.stringify({ ...made, counts: [] }));
    expect(await refused()).toMatch(/EVIDENCE_LACKING[\s\S]*step log/);
    await cp(at('right/release/manifest.json'), manifest);
    const text = await readFile(at('signers'), 'utf8');
    await writeFile(
      at('fewer'),
      text
        .split('\n')
        .filter((line) => !line.startsWith('okonkwo'))
        .join('\n'),
    );
    expect(await refused('--signers', at('fewer'))).toMatch(
      /EVIDENCE_LACKING[\s\S]*step signatures[\s\S]*unknown-key/,
    );
    await told(['init', at('other'), '--students', '60']);
    await told(['keys', 'create', at('other/pipeline.yaml')]);
    const foreign = await told([
      'verify',
      at('empty/release'),
      '--vkey',
      at('other/state/keys/log/log.vkey'),
    ]);
    expect([foreign.exitCode, /LOG_CHECKPOINT_REFUSED/.test(foreign.stderr)]).toEqual([11, true]);
  });
});

describe('throughline log disclosures', () => {
  const columns =
    /^released_by,releaser_position,releaser_signature,received_by,recipient_position_and_affiliation,date,parts_accessed,purpose,/;

  it('writes what 603 CMR 23.07 asks for, of one school, and once for nights alike', async () => {
    const all = await told(['log', 'disclosures', pipeline, '--partner', 'district']);
    expect(all.stdout).toMatch(columns);
    expect(all.stdout).toMatch(/Denise Okonkwo/);
    expect(all.stdout).toMatch(/"keyed tokens of students: state_id, local_id, full_name/);
    expect(all.stdout.trim().split('\r\n')).toHaveLength(3);
    const school = /"((?:\d{4}; )*\d{4})"/.exec(all.stdout)?.[1]?.split('; ')[0] ?? '';
    const of = (name: string) =>
      told(['log', 'disclosures', pipeline, '--school', name, '--partner', 'district', '--each']);
    expect((await of(school)).stdout.trim().split('\r\n')).toHaveLength(3);
    expect((await of('9999')).stdout.trim().split('\r\n')).toHaveLength(1);
    expect((await told(['log', 'disclosures', pipeline, '--partner', 'nobody'])).exitCode).toBe(2);
  });
});

describe('throughline account', () => {
  it('tells parents which agreements, which fields, for what, what was withheld and who answers', async () => {
    expect((await told(['account', pipeline, '--out', at('account.html')])).exitCode).toBe(0);
    const page = await readFile(at('account.html'), 'utf8');
    expect(page).toMatch(/Data-sharing agreement of Millbrook Public Schools/);
    expect(page).toMatch(/Release 1[\s\S]*are shown, [\d,]+ (?:is|are) withheld/);
    expect(page).toMatch(/fewer than \d+ children is never published/);
    expect(page).toMatch(/Who can answer[\s\S]*Ruth Abernathy/);
    expect(page).not.toMatch(/<script|https?:/);
  });
});
