// Compiles this folder into src/kernel/kernel-code.ts; with --check it compares and writes nothing. The compiler is
// installed here, by a frozen lockfile of its own, the first time.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const kernel = join(here, '..', 'src', 'kernel', 'kernel-code.ts');
const names = readdirSync(here).filter((name) => name.endsWith('.ts'));

const stop = (why) => {
  process.stderr.write(`kernel: ${why}\n`);
  process.exit(1);
};

const install = () => {
  const { packageManager } = JSON.parse(readFileSync(join(here, '../../../package.json'), 'utf8'));
  const pnpm = ['install', '--frozen-lockfile', '--ignore-workspace', '--ignore-scripts'];
  const { status } = spawnSync(
    'npm',
    ['exec', '--yes', `--package=${packageManager}`, '--', 'pnpm', ...pnpm],
    {
      cwd: here,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    },
  );
  if (status !== 0) stop('the compiler could not be installed');
};

const compiled = async () => {
  const { default: asc } = await import('assemblyscript/asc');
  const written = [];
  const { error, stderr } = await asc.main(
    ['index.ts', '-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--outFile', 'kernel.wasm'],
    {
      readFile: (name) => (names.includes(name) ? readFileSync(join(here, name), 'utf8') : null),
      writeFile: (_, contents) => void written.push(contents),
      listFiles: () => [],
    },
  );
  const code = written.find((contents) => typeof contents !== 'string');
  if (error !== null || code === undefined) stop(stderr.toString());
  return Buffer.from(code).toString('base64');
};

/** As kernel-code.test.ts computes it. */
const hashed = () => {
  const hash = createHash('sha256');
  for (const name of names.sort()) hash.update(`${name}\n`).update(readFileSync(join(here, name)));
  return hash.digest('hex');
};

const moduleOf = (code) => {
  const lines = (code.match(/.{1,96}/g) ?? []).map((line) => `  '${line}',`);
  return `/** \`assembly\`, compiled by \`npm run kernel\`, in Base64. */
export const KERNEL: string = [
${lines.join('\n')}
].join('');

/** The SHA-256 of the sources that it was compiled from. */
export const SOURCES = '${hashed()}';
`;
};

if (!existsSync(join(here, 'node_modules', 'assemblyscript'))) install();
const made = moduleOf(await compiled());
if (!process.argv.includes('--check')) writeFileSync(kernel, made);
else if (readFileSync(kernel, 'utf8') !== made)
  stop('src/kernel/kernel-code.ts is not what its sources compile to');
