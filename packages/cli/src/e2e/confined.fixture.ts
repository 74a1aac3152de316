import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SplitHost } from './split.fixture.js';

/*
 * Processes that cannot read each other's files: as other users where the test may become them, and otherwise in mount
 * namespaces of their own, in which the folders of the others are empty.
 */

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const FIRST_USER = 61_000;

export type Confinement = 'users' | 'namespaces';

/** What this machine allows; undefined if neither. */
export function confinement(): Confinement | undefined {
  const asOther = { uid: FIRST_USER, gid: FIRST_USER };
  if (process.getuid?.() === 0 && spawnSync(process.execPath, [main, '--version'], asOther).status === 0)
    return 'users';
  const inNamespace = ['-Urm', 'sh', '-c', 'mount -t tmpfs none /mnt'];
  return spawnSync('unshare', inNamespace).status === 0 ? 'namespaces' : undefined;
}

const userOf = (hosts: readonly SplitHost[], host: SplitHost): number => FIRST_USER + hosts.indexOf(host);

/** Gives a folder or file to the user of a host, and to nobody else. */
export function giveTo(hosts: readonly SplitHost[], host: SplitHost, path: string): void {
  if (confinement() !== 'users') return;
  const user = userOf(hosts, host);
  for (const [command, ...args] of [
    ['chown', '-R', `${user}:${user}`, path],
    ['chmod', 'go-rwx', path],
  ] as const)
    if (spawnSync(command, args).status !== 0) throw new Error(command);
}

const HIDING =
  'IFS=:; for each in $HIDDEN; do mount -t tmpfs none "$each" || exit 99; done; unset IFS; exec "$@"';

/** Runs Node as a host, and where asked with other code than ours. */
export function asHost(
  hosts: readonly SplitHost[],
  host: SplitHost,
  args: readonly string[] | { readonly code: string; readonly args: readonly string[] },
): SpawnSyncReturns<string> {
  const words = 'code' in args ? ['-e', args.code, ...args.args] : [main, '--log', 'json', ...args];
  const options = { encoding: 'utf8', cwd: '/', maxBuffer: 1 << 26 } as const;
  if (confinement() === 'users') {
    const user = userOf(hosts, host);
    return spawnSync(process.execPath, words, {
      ...options,
      uid: user,
      gid: user,
      env: { PATH: process.env['PATH'] ?? '' },
    });
  }
  const hidden = hosts.filter((other) => other !== host).map(({ folder }) => folder);
  return spawnSync('unshare', ['-Urm', 'sh', '-c', HIDING, 'sh', process.execPath, ...words], {
    ...options,
    env: { PATH: process.env['PATH'] ?? '', HIDDEN: hidden.join(':') },
  });
}
