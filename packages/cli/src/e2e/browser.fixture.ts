import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

export const chromiumPath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
  .find((path) => existsSync(path));

/** For the name of a suite: a skipped test says why. */
export const needed = chromiumPath === undefined ? ' (SKIPPED: no chromium on this machine)' : '';

export const launched = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] });

export type Opened = { readonly page: Page; readonly complaints: string[] };

/** Opens a page; whatever it complains of, or asks of any other host, is collected. */
export async function opened(
  browser: Browser,
  url: string,
  scheme: 'light' | 'dark' = 'light',
): Promise<Opened> {
  const page = await browser.newPage({ colorScheme: scheme });
  const complaints: string[] = [];
  page.on('console', (message) => void complaints.push(`console ${message.type()}`));
  page.on('pageerror', () => void complaints.push('page error'));
  page.on('dialog', () => void complaints.push('dialog'));
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    const home = new URL(url);
    const own = protocol === 'data:' || (protocol === home.protocol && host === home.host);
    if (!own) complaints.push('a request to elsewhere');
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`status ${response.status()}`);
  });
  await page.goto(url);
  return { page, complaints };
}

/** Runs in the page: what somebody who reads, hears or tabs through it would stumble over. */
const FAULTS = `(() => {
  const faults = [];
  const levels = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((each) => Number(each.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) faults.push('not one h1');
  levels.forEach((level, at) => { if (at > 0 && level > levels[at - 1] + 1) faults.push('heading skips to h' + level); });
  if (document.documentElement.lang === '') faults.push('no language');
  if (document.documentElement.scrollWidth > window.innerWidth) faults.push('wider than the window');
  if (document.querySelector('script') !== null) faults.push('a script');
  for (const drawing of document.querySelectorAll('svg')) {
    const isNamed = drawing.getAttribute('role') === 'img' && drawing.querySelector('title') !== null;
    if (!isNamed && drawing.getAttribute('aria-hidden') !== 'true') faults.push('a drawing without a name');
  }
  for (const field of document.querySelectorAll('input,textarea'))
    if (field.labels.length === 0) faults.push('a field without a label');
  for (const each of document.querySelectorAll('table'))
    if (each.querySelector('caption') === null || each.querySelector('th[scope]') === null) faults.push('a table without caption or heads');
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (element) => {
    for (let each = element; each !== null; each = each.parentElement) {
      const colour = parts(getComputedStyle(each).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = words.nextNode(); node !== null; node = words.nextNode()) {
    const element = node.parentElement;
    if (node.textContent.trim() === '' || element.closest('defs,title,desc,details:not([open])') !== null) continue;
    const style = getComputedStyle(element);
    const ink = parts(element.namespaceURI.endsWith('svg') ? style.fill : style.color);
    const [one, other] = [light(ink), light(ground(element))].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    if ((one + 0.05) / (other + 0.05) < least) faults.push('contrast of ' + element.tagName + '.' + (element.getAttribute('class') ?? ''));
  }
  return [...new Set(faults)];
})()`;

export const faultsOf = async (page: Page): Promise<readonly string[]> =>
  (await page.evaluate(FAULTS)) as string[];

const FOCUSED = `(() => {
  const element = document.activeElement;
  if (element === document.body || element === null) return undefined;
  const style = getComputedStyle(element);
  return { shows: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    what: element.tagName + ' ' + (element.textContent ?? '').trim().slice(0, 40) };
})()`;

/** Presses Tab so many times. @returns the stops, and those of them on which nobody would see where they are. */
export async function tabbed(page: Page, times: number): Promise<{ stops: string[]; unseen: string[] }> {
  const stops: string[] = [];
  const unseen: string[] = [];
  for (let time = 0; time < times; time += 1) {
    await page.keyboard.press('Tab');
    const focused = (await page.evaluate(FOCUSED)) as { shows: boolean; what: string } | undefined;
    if (focused === undefined) break;
    stops.push(focused.what);
    if (!focused.shows) unseen.push(focused.what);
  }
  return { stops, unseen };
}
