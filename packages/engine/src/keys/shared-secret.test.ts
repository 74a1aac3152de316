import { mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSharedSecret } from './shared-secret.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secret-'));
});
afterAll(() => rm(folder, { recursive: true }));

const user = process.getuid?.();
async function kept(name: string, text: string, mode = 0o600): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text, { mode });
  return path;
}

describe('readSharedSecret', () => {
  it('reads a secret from a file and from a descriptor, byte for byte', async () => {
    const path = await kept('good', 'HashingKey');
    const file = await open(path);
    for (const place of [path, file.fd]) {
      const secret = await readSharedSecret(place, user);
      expect(Buffer.from(secret.bytes).toString()).toBe('HashingKey');
      secret.erase();
      expect([...secret.bytes].every((byte) => byte === 0)).toBe(true);
    }
    await file.close();
  });

  it.each([
    ['a line end', 'HashingKey\n', 'KEY_WEAK'],
    ['seven bytes', 'Hashing', 'KEY_WEAK'],
    ['nothing', '', 'KEY_WEAK'],
    ['more than 4096 bytes', 'x'.repeat(4097), 'KEY_WEAK'],
  ])('refuses %s, from a file and from a descriptor, and does not repeat it', async (what, text, code) => {
    const path = await kept(what.replaceAll(' ', '-'), text);
    const file = await open(path);
    for (const place of [path, file.fd]) {
      const failure = await readSharedSecret(place, user).catch((thrown: unknown) => thrown);
      expect(failure).toMatchObject({ code });
      expect(String(failure)).not.toContain('Hashing');
    }
    await file.close();
  });

  it('refuses what others can read, a link, and what is not there', async () => {
    await expect(readSharedSecret(await kept('open', 'HashingKey', 0o644), user)).rejects.toMatchObject({
      code: 'KEY_EXPOSED',
    });
    await symlink(await kept('real', 'HashingKey'), join(folder, 'link'));
    await expect(readSharedSecret(join(folder, 'link'), user)).rejects.toMatchObject({ code: 'KEY_EXPOSED' });
    await expect(readSharedSecret(join(folder, 'none'), user)).rejects.toMatchObject({
      code: 'KEY_UNREADABLE',
    });
    await expect(readSharedSecret(4000, user)).rejects.toMatchObject({ code: 'KEY_UNREADABLE' });
  });
});
