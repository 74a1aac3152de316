import { join } from 'node:path';
import { type Answer, readableFile, readText } from '@throughline/engine';
import { documentPage, missingPage } from '../pages/document.js';
import { documentsOf, type Site } from '../pages/frame.js';
import { measurePage } from '../pages/measure.js';
import type { DownloadFormat } from '../pages/place.js';
import { type Allowance, questionPage } from '../pages/question.js';
import { startPage } from '../pages/start.js';
import { siteStyle } from '../pages/style.js';
import { tablePage } from '../pages/table.js';
import { rowsOf } from '../view/query.js';
import { viewFrom } from '../view/view.js';
import { type Address, addressOf, formatNamed } from './addresses.js';
import { DOWNLOAD_ROWS, downloadOf } from './download.js';
import type { Asked, Reply } from './server.js';

export type Explorer = { readonly site: Site; readonly allowance: Allowance };

const HTML = 'text/html; charset=utf-8';
const LONGEST_QUESTION = 8_000;

const shown = (body: string, status: Reply['status'] = 200): Reply => ({ status, type: HTML, body });

/** The answer to a request. */
export async function respond(explorer: Explorer, { url }: Pick<Asked, 'url'>): Promise<Reply> {
  const address = addressOf(url);
  const room = address === undefined || !Object.hasOwn(ROOMS, address.room) ? undefined : ROOMS[address.room];
  const found = address === undefined ? undefined : await room?.(explorer, address);
  return found ?? shown(missingPage(explorer.site), 404);
}

type Room = (explorer: Explorer, address: Address) => Promise<Reply | undefined>;

const ROOMS: Readonly<Record<string, Room>> = {
  '': async ({ site }) => shown(await startPage(site)),
  'style.css': async () => ({ status: 200, type: 'text/css; charset=utf-8', body: siteStyle }),
  measure: async ({ site }, { name }) => {
    const page = await measurePage(site, name);
    return page === undefined ? undefined : shown(page);
  },
  table: async ({ site }, { name, query }) => {
    const table = tableNamed(site, name);
    return table === undefined ? undefined : shown(await tablePage(site, table, viewFrom(table, query)));
  },
  sql: async (explorer, { query }) => asked(explorer, query.get('q') ?? ''),
  document: async ({ site }, { name }) =>
    documentsOf(site.release).includes(name)
      ? shown(documentPage(site, name, await readText(join(site.release.folder, name))))
      : undefined,
  file: async ({ site: { release } }, { name }) =>
    release.files.includes(name)
      ? {
          status: 200,
          type: 'application/octet-stream',
          body: await readableFile(join(release.folder, name), name),
          saveAs: name,
        }
      : undefined,
  download: tableDownload,
  answer: async (explorer, { name, query }) => {
    const format = formatNamed(name);
    const question = query.get('q') ?? '';
    if (format === undefined || question.length > LONGEST_QUESTION) return undefined;
    const answer = await explorer.site.release.database.ask(question, {
      rows: DOWNLOAD_ROWS,
      ms: explorer.allowance.ms,
    });
    return 'refused' in answer
      ? shown(questionPage(explorer.site, explorer.allowance, { question, answer }), 400)
      : kept(explorer, answer, { name: 'answer', format });
  },
};

const tableNamed = ({ release }: Site, name: string) => release.tables.find((table) => table.name === name);

async function asked({ site, allowance }: Explorer, question: string): Promise<Reply> {
  if (question.length > LONGEST_QUESTION) return shown(missingPage(site), 413);
  const answer = question.trim() === '' ? undefined : await site.release.database.ask(question, allowance);
  return shown(questionPage(site, allowance, { question, answer }));
}

async function tableDownload(explorer: Explorer, { name, more, query }: Address): Promise<Reply | undefined> {
  const format = formatNamed(name);
  const table = tableNamed(explorer.site, more);
  if (format === undefined || table === undefined) return undefined;
  const view = viewFrom(table, query);
  const rows = await rowsOf(explorer.site.release, table, { view, most: DOWNLOAD_ROWS + 1 });
  return kept(
    explorer,
    { columns: table.columns, rows, cut: rows.length > DOWNLOAD_ROWS },
    { name: more, format },
  );
}

async function kept(
  { site }: Explorer,
  answer: Answer,
  { name, format }: { readonly name: string; readonly format: DownloadFormat },
): Promise<Reply> {
  // Half an answer under the name of a whole one would be worse than none.
  if (answer.cut) return shown(missingPage(site), 413);
  const { bytes, type } = await downloadOf(answer, format);
  return { status: 200, type, body: bytes, saveAs: `${name}.${format}` };
}
