import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processEffects } from '../effects.js';
import { createMissingKeys } from '../keys/create-keys.js';
import { writeMadeUpKeys } from '../made-up/keys.js';
import { writeMadeUpRelease } from '../made-up/release.js';
import { signMadeUp } from '../made-up/sign.js';
import { readPipeline } from '../pipeline/pipeline.js';
import { makeOwnProject } from '../project/own-city.js';
import { documentFolders, openProject } from '../project/project.js';
import { chromiumPath, faultsOf, launched, needed, opened, tabbed } from './browser.fixture.js';
import { told } from './night.fixture.js';
import { addressOf } from './server.fixture.js';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

let folder: string;
let pipeline: string;
let server: ChildProcess;
let address: string;

const held = (id: string) => ({
  id,
  opened: '2026-06-12',
  code: 'ARRIVAL_HELD',
  details: { reasons: ['rows sessions: 26740 then, 17826 now'] },
  files: { sessions: 'a'.repeat(64) },
  status: 'open',
  decision: null,
});

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const CITY = { city: 'Riverton', from: '2025-08-27', to: '2026-06-15', today: '2026-06-16', madeUp: true };

/** Two partners before their first night: two deliveries held, a proposal to sign and a made-up release candidate. */
beforeAll(async () => {
  const around = await mkdtemp(join(tmpdir(), 'review-pages-'));
  folder = join(around, 'riverton');
  await writeMadeUpKeys(around, ['ann', 'leo']);
  await makeOwnProject(folder, {
    ...CITY,
    partners: [
      { kind: 'school', name: 'schools', key: join(around, 'ann.pub') },
      { kind: 'programme', name: 'bright-hours', key: join(around, 'leo.pub') },
    ],
  });
  pipeline = join(folder, 'pipeline.yaml');
  await deliver('schools', 'students');
  await deliver('bright-hours', 'sessions');
  await signMadeUp(documentFolders(await readPipeline(pipeline)), CITY.today);
  const effects = await processEffects('none');
  await createMissingKeys(await openProject(pipeline, effects), effects);
  const state = join(folder, 'state');
  await mkdir(join(state, 'partners/bright-hours'), { recursive: true, mode: 0o700 });
  await writeFile(
    join(state, 'partners/bright-hours/holds.json'),
    JSON.stringify({
      holds: [held('bright-hours-1'), { ...held('bright-hours-2'), code: 'HEADER_NOT_FOUND', details: {} }],
    }),
  );
  const students = await readFile(join(folder, 'manifests/schools/students.yaml'), 'utf8');
  await mkdir(join(folder, 'proposals'));
  await writeFile(
    join(folder, 'proposals/schools-students.v2.yaml'),
    students
      .replace('version: 1', `version: 2\nsupersedes: ${'b'.repeat(64)}`)
      .replace(/^expires: \S+/m, 'expires: 2038-06-30'),
  );
  await writeMadeUpRelease(join(state, 'desk/release-candidate'), { day: '2026-06-16', rows: 40 });
  server = spawn(process.execPath, [main, 'review', 'serve', pipeline]);
  address = await addressOf(server);
});
afterAll(async () => {
  server.kill();
  await rm(join(folder, '..'), { recursive: true });
});

/** Puts a file of the first hour into an inbox, with the manifest that the profile drafts of it. */
async function deliver(partner: string, extract: string): Promise<void> {
  const file = join(folder, 'inbox', partner, `${extract}.csv`);
  await cp(join(root, 'fixtures/first-hour', partner, `${extract}.csv`), file);
  const out = join(folder, 'manifests', partner, `${extract}.yaml`);
  expect(await told(['profile', file, '--partner', partner, '--out', out])).toMatchObject({ exitCode: 0 });
}

const at = (path: string): string => new URL(path, address).href;

/** Where the start page says that the proposal is: two proposals of one version have two addresses. */
async function ofProposal(): Promise<string> {
  const start = await (await fetch(address)).text();
  const [path = 'none'] = /manifest\/schools-students\.v2\.[0-9a-f]{12}/.exec(start) ?? [];
  return path;
}

describe('the server of a review', () => {
  const status = async (url: string): Promise<number> => (await fetch(url)).status;

  it('answers only below its token, and nobody who calls it by another name', async () => {
    const { origin, pathname } = new URL(address);
    expect(pathname).toMatch(/^\/[\w-]{43}\/$/);
    expect(await status(address)).toBe(200);
    expect(await status(`${origin}/`)).toBe(403);
    expect(await status(`${origin}${pathname.replace(/..\/$/, '/')}`)).toBe(403);
    expect(await status(`${origin}/${'A'.repeat(43)}/`)).toBe(403);
    for (const path of ['manifest/nothing', 'hold/nothing', 'hold/..%2f..%2fx', 'nothing', '__proto__'])
      expect([path, await status(at(path))]).toEqual([path, 404]);
  });

  /** A form as any other program of this machine could send it, with headers of its own choice. */
  const sent = (path: string, headers: Record<string, string>, body: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const asked = request(at(path), { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on('error', reject);
      asked.end(body);
    });
  const decision = 'verdict=accepted&reason=Nobody+decided+this.';
  const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

  it.each([
    ['no origin', {}],
    ['another origin', { origin: 'https://elsewhere.example' }],
    ['an origin of the page of another port', { origin: 'http://127.0.0.1:1' }],
    ['no origin that can be told', { origin: 'null' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['the same site', { 'sec-fetch-site': 'same-site' }],
    ['another host', { host: 'rebound.example', origin: 'http://rebound.example' }],
  ])('takes no form from %s', async (_, headers: Record<string, string>) => {
    const own = { origin: new URL(address).origin };
    const all = 'sec-fetch-site' in headers ? { ...own, ...headers } : headers;
    expect(await sent('hold/bright-hours-1', { ...FORM, ...all }, decision)).toBe(403);
  });

  it('has taken none of these, nor takes what is no form, too long, without a reason, or about what cannot be accepted', async () => {
    const own = { ...FORM, origin: new URL(address).origin };
    expect(await sent('hold/bright-hours-1', { ...own, 'content-type': 'application/json' }, '{}')).toBe(415);
    expect(await sent('hold/bright-hours-1', own, `reason=${'x'.repeat(9000)}`)).toBe(413);
    expect(await sent('hold/bright-hours-1', own, 'verdict=accepted&reason=')).toBe(409);
    expect(await sent('hold/bright-hours-1', own, 'verdict=accepted&reason=a%0Ab+c')).toBe(409);
    expect(await sent('hold/bright-hours-1', own, 'verdict=maybe&reason=Some+reason.')).toBe(409);
    expect(await sent('hold/bright-hours-2', own, decision)).toBe(409);
    expect(await sent('', own, decision)).toBe(404);
    expect((await told(['hold', 'list', pipeline])).stdout).toMatch(
      /bright-hours-1 {2}open[\s\S]*-2 {2}open/,
    );
  });
});

describe('the pages of a review', () => {
  const text = async (path: string): Promise<string> => (await fetch(at(path))).text();

  it('list what waits: holds, manifests with their approvals, a proposal, the candidate', async () => {
    const start = await text('');
    expect(start).toContain('2 deliveries wait for a person');
    expect(start).toContain('approved by ann');
    expect(start).toContain('waits for a signature');
  });

  it('show a manifest with purpose, treatment and shapes, and no value of a row', async () => {
    const page = await text('manifest/schools-students.v1');
    expect(page).toContain('<code>9999999999</code>');
    expect(page).toContain('Links a child&#39;s records.');
    expect(page).toMatch(/Of the export that lies in the inbox: \d+ rows/);
    const rows = (await readFile(join(folder, 'inbox/schools/students.csv'), 'utf8'))
      .split('\n')
      .slice(1, 60);
    const values = rows
      .flatMap((row) => row.split(','))
      .filter((value) => /^(?:\d{7,}|[A-Z][a-z]{5,})$/.test(value));
    expect(values.length).toBeGreaterThan(50);
    expect(values.filter((value) => page.includes(value) && value !== 'Riverton')).toEqual([]);
  });

  it('show how a proposal differs and the command that signs its bytes', async () => {
    const page = await text(await ofProposal());
    expect(page).toContain('1 change lets more leave.');
    expect(page).toMatch(/was \d{4}-\d\d-\d\d, is 2038-06-30/);
    expect(page).toMatch(
      /ssh-keygen -Y sign -n throughline -f ~\/\.ssh\/id_ed25519 \S*schools-students\.v2\.yaml/,
    );
    expect(page).toMatch(/throughline approve \S*students\.v2\.yaml --key ~\/\.ssh\/id_ed25519 --as ann/);
  });

  it('of one partner are of that partner alone', async () => {
    const out = join(folder, 'of-schools');
    expect(await told(['review', 'pages', pipeline, '--partner', 'schools', '--out', out])).toMatchObject({
      exitCode: 0,
    });
    const names = await readdir(out);
    expect(names.filter((name) => !/^(?:index\.html|style\.css|manifest-schools-.*)$/.test(name))).toEqual(
      [],
    );
    expect(names).toContain(`${(await ofProposal()).replace('/', '-')}.html`);
    expect(await told(['review', 'pages', pipeline, '--out', out])).toMatchObject({ exitCode: 15 });
    expect(await told(['review', 'serve', pipeline, '--partner', 'nobody'])).toMatchObject({ exitCode: 2 });
    for (const name of names.filter((each) => each.endsWith('.html'))) {
      const page = await readFile(join(out, name), 'utf8');
      expect(page).not.toMatch(/<form|<button|http:/);
      const links = [...page.matchAll(/href="([^"#]+)"/g)].map(([, link = '']) => link);
      const dead = links.filter(
        (link) => link !== 'data:,' && !existsSync(join(out, decodeURIComponent(link))),
      );
      expect([name, dead]).toEqual([name, []]);
    }
  });
});

describe.skipIf(chromiumPath === undefined)(`in a browser${needed}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launched();
  });
  afterAll(() => browser?.close());

  it.each([
    '',
    'manifest/schools-students.v1',
    'the proposal',
    'hold/bright-hours-1',
    'hold/bright-hours-2',
    'candidate',
  ])('/%s is sound in light, dark and on a telephone, and shows the keyboard where it is', async (path) => {
    const { page, complaints } = await opened(
      browser,
      at(path === 'the proposal' ? await ofProposal() : path),
    );
    expect(await faultsOf(page)).toEqual([]);
    expect((await tabbed(page, 12)).unseen).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await faultsOf(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await faultsOf(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('a person with a keyboard rejects a delivery, and the log has it', async () => {
    const { page, complaints } = await opened(browser, at('hold/bright-hours-1'));
    await page.locator('#reason').focus();
    await page.keyboard.type('The export was cut off.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('The export was cut off.').waitFor();
    expect(page.url()).toBe(at('hold/bright-hours-1'));
    expect(await page.getByRole('button').allInnerTexts()).toEqual(['Accept these files']);
    expect(complaints).toEqual([]);
    const shown = (await told(['hold', 'show', pipeline, 'bright-hours-1'])).stdout;
    expect(shown).toMatch(/bright-hours-1, rejected[\s\S]*entry \d+, hold-rejected [0-9a-f]{64}/);
    expect((await told(['log', 'show', pipeline, '--last', '1'])).stdout).toMatch(
      /hold-rejected bright-hours-1/,
    );
    await page.close();
  });

  it('as files opens from disk', async () => {
    const out = join(folder, 'files');
    await told(['review', 'pages', pipeline, '--partner', 'bright-hours', '--out', out]);
    const { page, complaints } = await opened(browser, pathToFileURL(join(out, 'index.html')).href);
    await page.getByRole('link', { name: 'bright-hours-1' }).click();
    expect(await page.locator('pre').innerText()).toMatch(/^throughline hold accept .*bright-hours-1/);
    expect(await faultsOf(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
