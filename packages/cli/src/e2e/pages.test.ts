import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeMadeUpRelease } from '../made-up/release.js';
import { renderDeskReport } from '../report/desk-page.js';
import { exampleDeskNight } from '../report/example-desk-night.fixture.js';
import { exampleNight } from '../report/example-night.fixture.js';
import { renderReport } from '../report/page.js';
import { chromiumPath, faultsOf, launched, needed, opened, tabbed } from './browser.fixture.js';
import { told } from './night.fixture.js';
import { addressOf } from './server.fixture.js';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const waitingDesk = { ...exampleDeskNight, awaited: ['payload of health'] };
const ODD = '<script>document.title="run"</script>"\' --';

let folder: string;
let server: ChildProcess;
let address: string;
let browser: Browser;

const release = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pages-'));
  await writeMadeUpRelease(release('earlier'), { day: '2026-05-01', rows: 400, version: 1 });
  await writeMadeUpRelease(release('later'), { day: '2026-06-01', rows: 1000, version: 2, odd: ODD });
  server = spawn(process.execPath, [main, 'explore', release('later'), '--earlier', release('earlier')]);
  address = await addressOf(server);
  if (chromiumPath !== undefined) browser = await launched();
});
afterAll(async () => {
  await browser?.close();
  server.kill();
  await rm(folder, { recursive: true });
});

describe('the server of a release', () => {
  const status = async (path: string, init: RequestInit = {}): Promise<number> =>
    (await fetch(new URL(path, address), init)).status;

  it('answers what the release has, and nothing else', async () => {
    expect(await status('/')).toBe(200);
    expect(await status('/measure/measure_1')).toBe(200);
    expect(await status('/file/cells.parquet')).toBe(200);
    for (const path of [
      '/measure/nothing',
      '/table/nothing',
      '/file/nothing',
      '/file/..%2f..%2fmanifest.json',
      '/document/..%2fprovenance.json',
      '/document/provenance.json',
      '/download/xml/cells',
      '/download/csv/sqlite_master',
      '/constructor',
      '/__proto__/x',
    ]) {
      expect([path, await status(path)]).toEqual([path, 404]);
    }
    expect(await status('/', { method: 'POST' })).toBe(405);
    expect(await status(`/sql?q=${'x'.repeat(9000)}`)).toBe(413);
    expect(await status(`/sql?q=${'x'.repeat(33000)}`)).toBe(431);
  });

  it('answers nobody who calls it by another name, nor a page from elsewhere', async () => {
    const { request } = await import('node:http');
    const asked = (headers: Record<string, string>): Promise<number | undefined> =>
      new Promise((resolve) => {
        request(address, { headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).end();
      });
    expect(await asked({ host: 'rebound.example' })).toBe(403);
    expect(await asked({ host: '127.0.0.1.rebound.example:80' })).toBe(403);
    expect(await asked({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).toBe(403);
    expect(await asked({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).toBe(200);
  });

  it('lets nothing run, be framed or be read from elsewhere', async () => {
    const { headers } = await fetch(address);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self';/);
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe|script-src|https?:/);
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('gives the filtered rows in every format', async () => {
    const csv = await (await fetch(new URL('/download/csv/cells?is.level_1=Total', address))).text();
    expect(csv.trim().split('\r\n')).toHaveLength(6);
    for (const format of ['parquet', 'arrow']) {
      const bytes = await (await fetch(new URL(`/download/${format}/cells`, address))).arrayBuffer();
      const magic = new TextDecoder().decode(bytes.slice(0, 4));
      expect(magic).toBe(format === 'parquet' ? 'PAR1' : 'ARRO');
    }
  });

  it('does not give part of an answer under the name of the whole', async () => {
    expect(await status('/answer/csv?q=FROM range(300000)')).toBe(413);
  });
});

describe('explore', () => {
  it('says in one line what keeps it from serving', async () => {
    const port = new URL(address).port;
    expect(await told(['explore', release('later'), '--port', port])).toMatchObject({ exitCode: 15 });
    expect(await told(['explore', release('nothing')])).toMatchObject({ exitCode: 11 });
    await writeMadeUpRelease(release('changed'), { day: '2026-06-01', rows: 20 });
    await writeFile(join(release('changed'), 'README.md'), 'changed');
    expect(await told(['explore', release('changed')])).toMatchObject({ exitCode: 11 });
  });

  it('writes a site once', async () => {
    const args = ['explore', release('later'), '--earlier', release('earlier'), '--static', release('site')];
    expect(await told(args)).toMatchObject({ exitCode: 0 });
    const names = await readdir(release('site'));
    expect(names).toEqual(
      expect.arrayContaining(['index.html', 'style.css', 'measure-measure_0.html', 'files']),
    );
    expect(await told(args)).toMatchObject({ exitCode: 15 });
    expect(await readdir(release('site'))).toEqual(names);
  });
});

describe.skipIf(chromiumPath === undefined)(`in a browser${needed}`, () => {
  const PAGES = [
    '/',
    '/measure/measure_0',
    '/table/cells',
    '/table/cells?is.status=withheld&sort=-total&page=1',
    '/sql',
    '/sql?q=SELECT+1',
    '/sql?q=nonsense',
    '/document/README.md',
  ];

  it.each(PAGES)('%s runs nothing, asks nothing of others and shows text as text', async (path) => {
    const { page, complaints } = await opened(browser, new URL(path, address).href);
    expect(complaints).toEqual([]);
    expect(await page.title()).not.toBe('run');
    expect(await faultsOf(page)).toEqual([]);
    expect((await tabbed(page, 8)).unseen).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await faultsOf(page)).toEqual([]);
    await page.close();
  });

  it('a person with a keyboard asks a question and reads the answer', async () => {
    const { page } = await opened(browser, new URL('/sql', address).href);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement?.textContent')).toBe('Skip to the content');
    for (let at = 0; at < 12; at += 1) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate('document.activeElement?.id')) === 'q') break;
    }
    await page.keyboard.type('SELECT status, count(*) AS n FROM cells GROUP BY ALL ORDER BY ALL');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=/);
    expect(await page.locator('table tbody tr').allInnerTexts()).toEqual(['published\t889', 'withheld\t111']);
    await page.close();
  });

  it('a person narrows a table down, and the address is the view', async () => {
    const { page } = await opened(browser, new URL('/table/cells', address).href);
    await page.getByText('Status', { exact: true }).click();
    await page.getByRole('link', { name: 'withheld', exact: true }).click();
    expect(await page.locator('caption').innerText()).toContain('100 of 111 rows');
    expect(await page.locator('td .withheld').count()).toBeGreaterThan(100);
    await page.getByRole('link', { name: 'Next' }).click();
    expect(await page.locator('tbody tr').count()).toBe(11);
    expect(new URL(page.url()).search).toBe('?is.status=withheld&page=2');
    await page.close();
  });

  it('a measure shows its groups, and that its definition changed between two releases', async () => {
    const { page } = await opened(browser, new URL('/measure/measure_1', address).href);
    expect(await page.locator('svg.chart').count()).toBe(2);
    expect(await page.getByText('The definition changed').count()).toBe(1);
    expect(await page.getByText('May 1, 2026').count()).toBeGreaterThan(0);
    await page.close();
  });

  it('a site of files has no dead link', async () => {
    await told(['explore', release('later'), '--static', release('linked')]);
    const site = release('linked');
    const names = (await readdir(site)).filter((name) => name.endsWith('.html'));
    expect(names.length).toBeGreaterThan(20);
    const { page, complaints } = await opened(browser, pathToFileURL(join(site, 'index.html')).href);
    for (const name of names) {
      await page.goto(pathToFileURL(join(site, name)).href);
      const links = await page
        .locator('a[href]')
        .evaluateAll((found) => found.map((each) => each.getAttribute('href') ?? ''));
      const dead = links.filter(
        (link) => !link.startsWith('#') && !existsSync(join(site, decodeURIComponent(link))),
      );
      expect([name, dead]).toEqual([name, []]);
    }
    expect(complaints).toEqual([]);
    await page.close();
  });

  it.each([
    ['a night', 'light', renderReport(exampleNight), 'Changes'],
    ['a night', 'dark', renderReport(exampleNight), 'Changes'],
    ['a desk that waits', 'light', renderDeskReport(waitingDesk), 'What arrived'],
  ] as const)('the report of %s opens from disk, %s', async (_, colorScheme, report, second) => {
    const path = join(folder, 'report.html');
    await writeFile(path, report);
    const { page, complaints } = await opened(browser, pathToFileURL(path).href, colorScheme);
    expect(complaints).toEqual([]);
    const { stops, unseen } = await tabbed(page, 16);
    expect(stops.slice(0, 3)).toEqual(['A Skip to the night at a glance', 'A At a glance', `A ${second}`]);
    expect(unseen).toEqual([]);
    for (const fold of await page.locator('summary').all()) await fold.click();
    expect(await faultsOf(page)).toEqual([]);
    expect(await page.locator('svg.chart').count()).toBeGreaterThan(3);
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await faultsOf(page)).toEqual([]);
    await page.close();
  });
});
