// Sets the workspace up with Node and npm alone: installs the pinned pnpm's frozen lockfile when it has
// changed since the last install, then builds. Safe to run again; does nothing twice.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const stampFile = join(root, 'node_modules', '.throughline-install');

const run = (command, args) => {
  const shell = process.platform === 'win32';
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], shell });
  if (result.status !== 0) {
    process.stderr.write(`\nSetting up stopped: \`${command} ${args.join(' ')}\` did not succeed.\n`);
    process.exit(result.status ?? 1);
  }
};

const requireNode = (minimum) => {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > minimum[0] || (major === minimum[0] && minor >= minimum[1])) return;
  process.stderr.write(
    `Throughline needs Node ${minimum.join('.')} or newer; this is ${process.versions.node}.\n`,
  );
  process.exit(2);
};

const installStamp = () => {
  const hash = createHash('sha256').update(process.versions.node);
  for (const name of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml']) {
    hash.update(readFileSync(join(root, name)));
  }
  return hash.digest('hex');
};

requireNode([20, 19]);
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const stamp = installStamp();
if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
  run('npm', [
    'exec',
    '--yes',
    `--package=${packageManager}`,
    '--',
    'pnpm',
    'install',
    '--frozen-lockfile',
    '--prefer-offline',
  ]);
  writeFileSync(stampFile, stamp);
}
run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b']);
