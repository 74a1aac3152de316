import { errorCodes, ThroughlineError } from '@throughline/core';
import type { Asked, Reply } from '@throughline/explore';
import { addressOf } from '@throughline/explore';
import { html } from '@throughline/pages';
import { holdDecide } from '../commands/hold.js';
import type { Effects } from '../effects.js';
import { isReason, REASON_RULE } from '../holds/reason.js';
import { openProject, type Project } from '../project/project.js';
import type { Desk } from './desk.js';
import type { Links } from './links.js';
import { candidatePage } from './pages/candidate.js';
import type { Site } from './pages/frame.js';
import { page } from './pages/frame.js';
import { holdPage } from './pages/hold.js';
import { manifestPage } from './pages/manifest.js';
import { startPage } from './pages/start.js';
import { reviewStyle } from './pages/style.js';
import { readDesk } from './read-desk.js';
import { readSample } from './read-sample.js';

/** What the pages are made of, anew for each of them: documents, holds and candidate change while they are read. */
export type Reviewing = {
  readonly pipeline: string;
  readonly partner: string | undefined;
  readonly links: Links;
  readonly effects: Effects;
};

type Room = { readonly site: Site; readonly project: Project; readonly reviewing: Reviewing };

const shown = (body: string, status: Reply['status'] = 200): Reply => ({
  status,
  type: 'text/html; charset=utf-8',
  body,
});

/** Answers one request. A form decides about a hold, by the way that `throughline hold` does it. */
export async function answerReview(reviewing: Reviewing, { url, form }: Asked): Promise<Reply> {
  const address = addressOf(url);
  if (address?.room === 'style.css')
    return { status: 200, type: 'text/css; charset=utf-8', body: reviewStyle };
  const project = await openProject(reviewing.pipeline, reviewing.effects);
  const desk: Desk = await readDesk(project, reviewing, reviewing.effects);
  const site: Site = { desk, links: reviewing.links, decides: true };
  const room = { site, project, reviewing };
  const found = address === undefined ? undefined : await pageAt(room, address, form);
  return found ?? shown(missing(site), 404);
}

const missing = (site: Site): string =>
  page(site, 'No such page', [html`<p>Nothing of this name is under review.</p>`]);

type At = { readonly room: string; readonly name: string };

async function pageAt(room: Room, at: At, form: URLSearchParams | undefined): Promise<Reply | undefined> {
  const { site, project, reviewing } = room;
  if (at.room === 'hold') return holdAt(room, at.name, form);
  if (form !== undefined) return undefined;
  if (at.room === '') return shown(startPage(site));
  if (at.room === 'candidate')
    return site.desk.candidate === undefined ? undefined : shown(candidatePage(site, site.desk.candidate));
  if (at.room !== 'manifest') return undefined;
  const under = site.desk.manifests.find(({ name }) => name === at.name);
  if (under === undefined) return undefined;
  const sample = await readSample(project, under.file, reviewing.effects);
  return shown(manifestPage(site, { under, sample }));
}

async function holdAt(room: Room, id: string, form: URLSearchParams | undefined): Promise<Reply | undefined> {
  const { site, project, reviewing } = room;
  const found = site.desk.holds.find(({ hold }) => hold.id === id);
  if (found === undefined) return undefined;
  if (form === undefined) return shown(holdPage(site, found));
  const reason = (form.get('reason') ?? '').trim();
  const why = await refusalOf(project, { id, form, reason }, reviewing.effects);
  if (why !== undefined) return shown(holdPage(site, { ...found, tried: { why, reason } }), 409);
  const location = site.links({ kind: 'hold', id });
  return { status: 303, type: 'text/plain; charset=utf-8', body: 'Decided.\n', location };
}

type Deciding = { readonly id: string; readonly form: URLSearchParams; readonly reason: string };

/** Decides; or says in words why it is not decided. */
async function refusalOf(
  project: Project,
  { id, form, reason }: Deciding,
  effects: Effects,
): Promise<string | undefined> {
  const verdict = form.get('verdict');
  if (verdict !== 'accepted' && verdict !== 'rejected') return 'Accept or reject.';
  if (!isReason(reason)) return REASON_RULE;
  try {
    await holdDecide(project, { id, verdict, reason }, effects);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof ThroughlineError)) throw thrown;
    const { meaning, remedy } = errorCodes[thrown.code];
    return `${meaning} ${remedy}`;
  }
}
