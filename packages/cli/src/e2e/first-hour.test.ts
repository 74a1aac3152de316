import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;
const needed = hasKeygen ? '' : ' (SKIPPED: no ssh-keygen on this machine)';

/** One step of the page: commands as they stand there, or a file that it says to write. */
type Step = { readonly commands: string } | { readonly file: string; readonly text: string };

/** Indented blocks are commands; a fenced block begins with a comment that names its file. */
function stepsOf(page: string): Step[] {
  const blocks = page.matchAll(/```yaml\n# (\S+)\n([\s\S]*?)```|(?:^ {4}\S.*\n)+/gm);
  return [...blocks].map(([block, file, text]) =>
    file !== undefined && text !== undefined ? { file, text } : { commands: block.replaceAll(/^ {4}/gm, '') },
  );
}

type Done = { readonly commands: string; readonly status: number | null; readonly out: string };

const done: Done[] = [];
let folder: string;

/** Runs the page from its first command to its last, in a folder that has the fixtures beside it as the repository has. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'first-hour-'));
  for (const name of ['packages', 'fixtures']) await symlink(join(root, name), join(folder, name));
  if (!hasKeygen) return;
  const page = await readFile(join(root, 'docs/tutorial/your-city.md'), 'utf8');
  for (const step of stepsOf(page)) {
    if ('file' in step) await writeFile(join(folder, step.file), step.text);
    else done.push(run(step.commands));
  }
});
afterAll(() => rm(folder, { recursive: true }));

/** As a terminal does it, but for one that stops at the first command that fails. */
function run(commands: string): Done {
  const script = `shopt -s expand_aliases\nalias throughline="node packages/cli/dist/main.js --log none"\n${commands}`;
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { commands, status, out: stderr + stdout };
}

const after = (words: string): string => done.findLast(({ commands }) => commands.includes(words))?.out ?? '';

describe.skipIf(!hasKeygen)(`the first hour of a city${needed}`, () => {
  it('goes through with the commands of the page, as they stand there', () => {
    expect(done.length).toBeGreaterThan(10);
    expect(done.filter(({ status }) => status !== 0)).toEqual([]);
  });

  it('refuses everything at first, and nothing once all is signed', () => {
    const [first = '', ...rest] = done.flatMap(({ commands, out }) =>
      /throughline check/.test(commands) ? [out] : [],
    );
    expect(first).toMatch(
      /REFUSED emou[\s\S]*manifest bright-hours-sessions: DOCUMENT_MISSING[\s\S]*exit 10/,
    );
    expect(rest.at(-1)).not.toContain('REFUSED');
  });

  it('stops at the numbers that a spreadsheet has spoilt, and says what may be done', () => {
    expect(after('keys create')).toMatch(
      /VALUES_OVER_LIMIT[\s\S]*partner bright-hours[\s\S]*limits\.unmapped_share[\s\S]*exit 13/,
    );
  });

  it('reaches a release candidate and a report, with nine in ten of the participants linked', async () => {
    expect(after('unmapped_share: 0.05')).toMatch(/Bright-hours +1,140 +3 +\d+ +(?:8[5-9]|9\d)\.\d%/);
    const cells = await readFile(join(folder, 'our-city/state/desk/release-candidate/cells.csv'), 'utf8');
    expect(cells).toContain('afterschool_participation');
    const report = await readFile(join(folder, 'our-city/state/report.html'), 'utf8');
    expect(report).toContain('Riverton, the night of');
    expect(report).toContain('What has changed');
  });

  it('holds the cut export, and leaves the data of before in use', () => {
    expect(after('hold list')).toMatch(/PARTNERS_HELD[\s\S]*exit 13[\s\S]*bright-hours-\d+ {2}open/);
  });
});
