import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllowedSigners, parseSigningKey, signSsh, verifySshSignature } from '@throughline/agreement';
import { safeName } from '@throughline/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { primitives } from './primitives.js';

const isThere = spawnSync('ssh-keygen', ['-?']).error === undefined;

// The committed signatures of ssh-keygen are tested everywhere; this is for the ssh-keygen at hand.
describe.skipIf(!isThere)('the ssh-keygen of this machine', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ssh-keygen-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const message = new TextEncoder().encode('kind: approval\n');
  const run = (...args: string[]) => spawnSync('ssh-keygen', args, { cwd: folder, input: message }).status;

  it.each([
    ['ed25519', ['-t', 'ed25519']],
    ['ecdsa256', ['-t', 'ecdsa', '-b', '256']],
    ['ecdsa384', ['-t', 'ecdsa', '-b', '384']],
    ['ecdsa521', ['-t', 'ecdsa', '-b', '521']],
    ['rsa', ['-t', 'rsa', '-b', '2048']],
  ])('signs with %s what we verify', (name, kind) => {
    const file = join(folder, name);
    expect(run('-q', ...kind, '-N', '', '-C', 'test key', '-f', file)).toBe(0);
    writeFileSync(`${file}.txt`, message);
    expect(run('-q', '-Y', 'sign', '-n', 'throughline', '-f', file, `${file}.txt`)).toBe(0);
    const text = `ann@district.example namespaces="throughline" ${readFileSync(`${file}.pub`, 'utf8')}`;
    const allowed = parseAllowedSigners({ file: safeName('allowed_signers'), text });
    const armored = readFileSync(`${file}.txt.sig`, 'utf8');
    const verdict = verifySshSignature(
      primitives,
      { message, armored, allowed },
      { namespace: 'throughline', at: 0 },
    );
    expect(verdict).toMatchObject({ signer: { principal: 'ann@district.example' } });
  });

  it('verifies what we sign, within the times and namespaces that we read from the same file', () => {
    const file = join(folder, 'ours');
    expect(run('-q', '-t', 'ed25519', '-N', '', '-C', 'test key', '-f', file)).toBe(0);
    const key = parseSigningKey(readFileSync(file, 'utf8'));
    const armored = signSsh(primitives, message, { key, namespace: 'throughline' });
    writeFileSync(`${file}.sig`, armored);
    const lines = [
      'namespaces="throughline"',
      'namespaces="git"',
      'valid-after="20260616120000Z"',
      'valid-after="20260616120001Z"',
      'valid-before="20260616120000Z"',
      'valid-before="20260616115959Z"',
      'valid-after="20260616Z",valid-before="202606161200Z"',
    ];
    const at = Date.UTC(2026, 5, 16, 12) / 1000;
    const publicKey = readFileSync(`${file}.pub`, 'utf8');
    const verdicts = lines.map((options) => {
      const text = `ann@district.example ${options} ${publicKey}`;
      writeFileSync(`${file}.allowed`, text);
      const allowed = parseAllowedSigners({ file: safeName('allowed_signers'), text });
      const ours = verifySshSignature(
        primitives,
        { message, armored, allowed },
        { namespace: 'throughline', at },
      );
      const theirs = run(
        ...['-Y', 'verify', '-n', 'throughline', '-I', 'ann@district.example', '-f', `${file}.allowed`],
        ...['-s', `${file}.sig`, '-O', 'verify-time=20260616120000Z'],
      );
      return ['signer' in ours, theirs === 0];
    });
    expect(verdicts).toEqual([true, false, true, false, true, false, true].map((good) => [good, good]));
  });
});
