import { dirname, join } from 'node:path';
import { safeName, ThroughlineError } from '@throughline/core';
import {
  appendToLog,
  exists,
  makePrivateFolder,
  readText,
  removeFolder,
  runStage,
  type StageOutcome,
  type StageRequest,
  sha256Of,
  writeDurably,
} from '@throughline/engine';
import { forgetHouseholdsStage, forgetPeopleStage } from '@throughline/link';
import { forgetCountedStage } from '@throughline/release';
import { z } from 'zod';
import { locked } from '../commands/run.js';
import type { Effects } from '../effects.js';
import { forgetAnswers } from '../linkage/reviews.js';
import { certificatePaper } from '../papers/certificate-paper.js';
import { forgetRequest } from '../pipeline/index-requests.js';
import { logPlace } from '../pipeline/requests.js';
import type { Project } from '../project/project.js';
import { type Duty, duties, type Holding, holdingsOf } from './holdings.js';

/** What was destroyed, when, and under which agreement: written before anything goes, and finished when all is gone. */
const destruction = z.strictObject({
  kind: z.literal('destruction'),
  agreement: z.string(),
  version: z.int(),
  sha256: z.string(),
  partner: z.string(),
  ended: z.iso.date(),
  by: z.iso.date(),
  method: z.string(),
  certificate_to: z.string(),
  begun: z.iso.date(),
  finished: z.iso.date().nullable(),
  holdings: z.array(z.strictObject({ what: z.string(), sha256: z.string().nullable() })),
});
export type Destruction = z.infer<typeof destruction>;

/** Says of every agreement until when its records may be there, and what is there that must go. */
export async function listDuties(project: Project, { stdout }: Effects): Promise<void> {
  stdout(`on ${project.day}\n`);
  for (const { dsa, standing, ends, by, holdings } of await duties(project)) {
    const { id, partner } = dsa.document;
    const state = standing === 'none' ? `in force until ${ends}` : `ended ${ends}; destroy by ${by}`;
    const left =
      standing === 'none' ? '' : holdings.length === 0 ? ', nothing is left' : `, ${standing.toUpperCase()}`;
    stdout(`  ${id} of ${partner}: ${state}${left}\n`);
    for (const { what } of holdings) stdout(`          ${safeName(what)}\n`);
  }
}

/**
 * Destroys what is there of a partner's records once its agreement has ended. Killed at any moment, it can be run
 * again: what was there at the start stands in the record of the destruction.
 *
 * @throws ThroughlineError DESTRUCTION_NOT_DUE, DOCUMENT_MISSING, RUN_LOCKED.
 */
export async function destroy(project: Project, partner: string, effects: Effects): Promise<void> {
  await locked(project, effects, async () => {
    const duty = await dutyOf(project, partner);
    const begun = await begin(project, duty);
    for (const holding of duty.holdings) await remove(project, { partner, holding }, effects);
    const left = await holdingsOf(project, partner);
    if (left.length > 0)
      throw new ThroughlineError('OUTPUT_UNWRITABLE', { left: left.map(({ what }) => safeName(what)) });
    const finished = { ...begun, finished: project.day };
    const sha256 = await keep(project, finished);
    await appendToLog(
      logPlace(project),
      {
        event: 'destroyed',
        stage: 'destroy',
        of: partner,
        at: effects.now().toISOString(),
        outputs: [],
        about: [{ name: finished.agreement, sha256 }],
      },
      effects.userId,
    );
    effects.stdout(`${finished.agreement}: ${finished.holdings.length} holdings of ${partner} destroyed\n`);
    for (const { what } of finished.holdings) effects.stdout(`  ${safeName(what)}\n`);
    effects.stdout(
      '  not touched: keys and the inbox, which are the owner’s, and back-ups, which are yours\n',
    );
  });
}

async function dutyOf(project: Project, partner: string): Promise<Duty> {
  const all = (await duties(project)).filter(({ dsa }) => dsa.document.partner === partner);
  const [duty] = all;
  if (duty === undefined)
    throw new ThroughlineError('DOCUMENT_MISSING', { kind: safeName('dsa'), partner: safeName(partner) });
  if (duty.standing === 'none') {
    throw new ThroughlineError('DESTRUCTION_NOT_DUE', {
      document: safeName(duty.dsa.document.id),
      until: safeName(duty.ends),
    });
  }
  return duty;
}

async function begin(project: Project, duty: Duty): Promise<Destruction> {
  const { dsa, ends, by, holdings } = duty;
  const { id, version, partner, destruction: terms } = dsa.document;
  const before = await readDestruction(project, partner);
  const carriedOn = before?.finished === null && before.sha256 === dsa.sha256 ? before.holdings : [];
  const now = holdings.map(({ what, sha256 }) => ({ what, sha256 }));
  const begun: Destruction = {
    kind: 'destruction',
    agreement: id,
    version,
    sha256: dsa.sha256,
    partner,
    ended: ends,
    by,
    method: terms.method,
    certificate_to: terms.certificate_to,
    begun: project.day,
    finished: null,
    holdings: [...carriedOn, ...now.filter(({ what }) => !carriedOn.some((each) => each.what === what))],
  };
  await keep(project, begun);
  return begun;
}

const placeOf = ({ folders }: Project, partner: string): string =>
  join(folders.state, 'destruction', `${partner}.json`);

async function keep(project: Project, record: Destruction): Promise<string> {
  const place = placeOf(project, record.partner);
  const text = `${JSON.stringify(record, undefined, 2)}\n`;
  await makePrivateFolder(dirname(place));
  await writeDurably(place, text);
  return sha256Of(text);
}

async function readDestruction(project: Project, partner: string): Promise<Destruction | undefined> {
  const place = placeOf(project, partner);
  if (!(await exists(place))) return undefined;
  const parsed = destruction.safeParse(asJson(await readText(place)));
  if (parsed.success) return parsed.data;
  throw new ThroughlineError('CONFIG_INVALID', {
    file: safeName(`${partner}.json`),
    rule: safeName('the record that throughline destruction do wrote'),
  });
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Removing = { readonly partner: string; readonly holding: Holding };

async function remove(
  project: Project,
  { partner, holding: { how } }: Removing,
  effects: Effects,
): Promise<void> {
  if ('answersIn' in how) return forgetAnswers(how.answersIn, partner);
  if (!('rowsOf' in how)) return removeFolder(how.folder);
  const request = forgetRequest(project, { partner, ...how }, effects);
  await forget(how.rowsOf, request);
}

const forget = (rowsOf: 'people' | 'households' | 'frozen', request: StageRequest): Promise<StageOutcome> =>
  rowsOf === 'people'
    ? runStage(forgetPeopleStage, request)
    : rowsOf === 'households'
      ? runStage(forgetHouseholdsStage, request)
      : runStage(forgetCountedStage, request);

/**
 * Writes the certificate of a finished destruction, as a page to print and sign.
 *
 * @throws ThroughlineError DESTRUCTION_NOT_DUE where none is finished, or something is there again.
 */
export async function certify(
  project: Project,
  { partner, out }: { readonly partner: string; readonly out: string },
  effects: Effects,
): Promise<void> {
  const record = await readDestruction(project, partner);
  const left = await holdingsOf(project, partner);
  if (record === undefined || record.finished === null || left.length > 0) {
    throw new ThroughlineError('DESTRUCTION_UNFINISHED', {
      partner: safeName(partner),
      holdings: left.length,
    });
  }
  const { city, synthetic } = project.pipeline;
  const sha256 = sha256Of(await readText(placeOf(project, partner)));
  await writeDurably(out, certificatePaper({ record, sha256, city, synthetic }), 0o644);
  effects.stdout(
    `${record.agreement}: certificate for ${safeName(record.certificate_to)}\n  page   ${out}\n`,
  );
}
