import { basename, resolve } from 'node:path';
import { safeName, ThroughlineError } from '@throughline/core';
import { freshKey } from '@throughline/engine';
import { serve } from '@throughline/explore';
import type { PagesOptions, ServeOptions } from '../command-line/review.js';
import type { Effects } from '../effects.js';
import type { Project } from '../project/project.js';
import { answerReview } from '../review-pages/answer.js';
import { serverLinks } from '../review-pages/links.js';
import { writeReviewPages } from '../review-pages/write-pages.js';

/**
 * Shows what waits for a person to the browsers of this machine, until it is stopped; holds can be decided there.
 *
 * @throws ThroughlineError PORT_TAKEN, USAGE
 */
export async function reviewServe(
  project: Project,
  { pipeline, partner, port }: ServeOptions & { readonly pipeline: string },
  effects: Effects,
): Promise<void> {
  requirePartner(project, partner);
  const token = Buffer.from(freshKey()).toString('base64url');
  const reviewing = { pipeline, partner, links: serverLinks(token), effects };
  const answer = inTurn((asked: Parameters<typeof answerReview>[1]) => answerReview(reviewing, asked));
  const { address } = await serve(answer, { port, token, forms: true });
  effects.stdout(
    `What waits for a person: ${address}\nOnly this machine can reach it, and only who has the whole address: keep it to yourself. Ctrl+C ends it.\n`,
  );
}

/** One page at a time: two previews would share a folder for what they spill. */
function inTurn<Question, Answer>(
  answer: (question: Question) => Promise<Answer>,
): (question: Question) => Promise<Answer> {
  let last: Promise<unknown> = Promise.resolve();
  return (question) => {
    const next = last.then(() => answer(question));
    last = next.catch(() => undefined);
    return next;
  };
}

/** Writes the same pages as files, on which nothing can be decided. @throws ThroughlineError OUTPUT_*, USAGE */
export async function reviewPages(
  project: Project,
  { pipeline, partner, out }: PagesOptions & { readonly pipeline: string },
  effects: Effects,
): Promise<void> {
  requirePartner(project, partner);
  const folder = resolve(effects.workingFolder, out);
  const pages = await writeReviewPages(project, { pipeline, partner, folder }, effects);
  effects.stdout(`Wrote ${pages} pages. Begin with ${basename(out)}/index.html\n`);
}

function requirePartner({ pipeline }: Project, partner: string | undefined): void {
  if (partner === undefined || pipeline.partners.some(({ name }) => name === partner)) return;
  throw new ThroughlineError('USAGE', { unknown_partner: safeName(partner) });
}
