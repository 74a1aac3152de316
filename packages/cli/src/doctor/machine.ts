import { join } from 'node:path';
import { clockIsSet, exists, readText, swaps } from '@throughline/engine';
import type { Effects, Host } from '../effects.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import { deniedPackages } from './denied-packages.js';
import { type Finding, finding } from './findings.js';

/** What of the machine and of this process is not as it should be, whatever the project. */
export async function ofMachine({ host, userId }: Effects, installed: string): Promise<readonly Finding[]> {
  return [
    ...ofNode(host),
    ...(await ofPackages(installed)),
    ...(userId === 0 ? [finding('RUN_BY_ROOT', 'the user of this process')] : []),
    ...(await swaps(host.root))
      .filter(({ encrypted }) => !encrypted)
      .map(({ name }) => finding('SWAP_UNENCRYPTED', name)),
    ...((await clockIsSet(host.root)) === false ? [finding('CLOCK_NOT_SET', 'the clock')] : []),
  ];
}

const OLDEST_NODE = [20, 19] as const;
const LOADING = /^(?:-r|--(?:require|import|loader|experimental-loader|inspect(?:-\w+)*))(?:=|$)/;

function ofNode({ node, nodeOptions }: Host): Finding[] {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  const loading = nodeOptions.flatMap((option) => LOADING.exec(option)?.[0].replace('=', '') ?? []);
  return [
    ...(isOld ? [finding('NODE_TOO_OLD', `node ${node}`)] : []),
    ...loading.map((option) => finding('NODE_LOADS_MORE', option)),
  ];
}

/** By the folders of pnpm, `name@version`, with `+` for `/`: what is installed, not what should be. */
async function ofPackages(installed: string): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const name of deniedPackages) {
    const folder = join(installed, '.pnpm', name.replace('/', '+'));
    const [, plain = '', version = ''] = /^(@?[^@]+)@(.+)$/.exec(name) ?? [];
    const direct = await readText(join(installed, plain, 'package.json')).catch(() => '');
    if ((await exists(folder)) || direct.includes(`"version": "${version}"`))
      found.push(finding('PACKAGE_DENIED', name));
  }
  return found;
}

/**
 * What people need at hand: ssh-keygen to sign with a key in hardware or an agent; age, where extracts or keys come
 * encrypted, for those who send them.
 */
export async function ofPrograms({ partners }: Pipeline, { programs }: Host): Promise<readonly Finding[]> {
  const isEncrypted = partners.some(
    ({ recipient, age_identity }) => recipient !== undefined || age_identity !== undefined,
  );
  const missing: Finding[] = [];
  for (const program of ['ssh-keygen', ...(isEncrypted ? ['age'] : [])]) {
    const found = await Promise.all(programs.map((folder) => exists(join(folder, program))));
    if (!found.includes(true)) missing.push(finding('PROGRAM_MISSING', program));
  }
  return missing;
}
