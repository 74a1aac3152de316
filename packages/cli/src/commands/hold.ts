import { relative } from 'node:path';
import { errorCodes, safeName, ThroughlineError } from '@throughline/core';
import { appendToLog, exists } from '@throughline/engine';
import { type HoldReason, holdReasons } from '@throughline/ingest';
import type { Effects } from '../effects.js';
import { lastTaken } from '../holds/deliveries.js';
import {
  type Decided,
  decisionSha256,
  type HoldRecord,
  isAcceptable,
  isStanding,
  readHolds,
  writeHolds,
} from '../holds/hold-records.js';
import { logPlace } from '../pipeline/requests.js';
import type { Project } from '../project/project.js';
import { locked } from './run.js';

type Held = { readonly partner: string; readonly hold: HoldRecord };

async function allHolds(project: Project): Promise<Held[]> {
  const held: Held[] = [];
  for (const { name } of project.pipeline.partners) {
    for (const hold of await readHolds(project, name)) held.push({ partner: name, hold });
  }
  return held;
}

/** Prints the holds that stand, or all that there ever were: id, status, day, code, number of reasons. */
export async function holdList(project: Project, all: boolean, effects: Effects): Promise<void> {
  const held = (await allHolds(project)).filter(({ hold }) => all || isStanding(hold));
  if (held.length === 0) effects.stdout('No delivery is held.\n');
  for (const { partner, hold } of held) {
    const last = await lastTaken(project, partner);
    const stale = last === undefined ? 'no good data yet' : `data of ${last.taken} in use`;
    effects.stdout(`${hold.id}  ${hold.status}  since ${hold.opened}  ${hold.code}  ${stale}\n`);
  }
}

/** Prints one hold: what it means, its reasons in counts, and what may be done. @throws ThroughlineError HOLD_UNKNOWN */
export async function holdShow(project: Project, id: string, effects: Effects): Promise<void> {
  const { partner, hold } = await holdOf(project, id);
  const last = await lastTaken(project, partner);
  const refused = project.folders.owner(partner, 'refused');
  const lines = [
    `hold    ${hold.id}, ${hold.status}, since ${hold.opened}`,
    `partner ${partner}`,
    `in use  ${last === undefined ? 'nothing yet' : `the delivery of ${last.taken}`}`,
    `what    ${hold.code}: ${errorCodes[hold.code].meaning}`,
    ...Object.entries(hold.details).flatMap(([name, value]) => detailLines(name, value)),
    ...Object.entries(hold.files).map(([extract, sha256]) => `file    ${extract} ${sha256}`),
    ...((await exists(refused)) ? [`lines   ${relative(effects.workingFolder, refused)}/`] : []),
    ...decisionLines(hold),
    `to do   ${isStanding(hold) ? errorCodes[hold.code].remedy : 'Nothing: this hold no longer stands.'}`,
  ];
  effects.stdout(`${lines.join('\n')}\n`);
}

/** The decision, and where the log has it; one of an older version of the software is in no log. */
function decisionLines(hold: HoldRecord): string[] {
  const { decision } = hold;
  if (decision === null) return [];
  const { at, reason, logged } = decision;
  const told = `decided ${at}: ${reason}`;
  if (logged === undefined) return [told];
  const sha256 = decisionSha256(hold, { ...decision, verdict: logged.verdict });
  return [told, `log     entry ${logged.entry}, hold-${logged.verdict} ${sha256}`];
}

function detailLines(name: string, value: HoldRecord['details'][string]): string[] {
  if (!Array.isArray(value)) return [`        ${name.replaceAll('_', ' ')} ${value}`];
  if (name !== 'reasons') return [`        ${name.replaceAll('_', ' ')} ${value.join(', ')}`];
  return value.flatMap((reason) => [`reason  ${reason}`, ...explained(reason)]);
}

function explained(reason: string): string[] {
  const word = reason.split(' ')[0] ?? '';
  if (!Object.hasOwn(holdReasons, word)) return [];
  const { meaning, look } = holdReasons[word as HoldReason];
  return [`        ${meaning}`, `        ${look}`];
}

async function holdOf(project: Project, id: string): Promise<Held> {
  const found = (await allHolds(project)).find(({ hold }) => hold.id === id);
  if (found === undefined) throw new ThroughlineError('HOLD_UNKNOWN', { hold: safeName(id) });
  return found;
}

export type Decision = { readonly id: string } & Pick<Decided, 'verdict' | 'reason'>;

/**
 * Decides an open hold, for the bytes that were held and no others. The decision is in the log before it counts.
 *
 * @throws ThroughlineError HOLD_UNKNOWN, HOLD_NOT_ACCEPTABLE, RUN_LOCKED, LOG_*, KEY_*.
 */
export async function holdDecide(
  project: Project,
  { id, verdict, reason }: Decision,
  effects: Effects,
): Promise<void> {
  await locked(project, effects, async () => {
    const { partner, hold } = await holdOf(project, id);
    if (!isStanding(hold)) throw new ThroughlineError('HOLD_UNKNOWN', { hold: safeName(id) });
    if (verdict === 'accepted' && !isAcceptable(hold))
      throw new ThroughlineError('HOLD_NOT_ACCEPTABLE', { hold: safeName(id), code: safeName(hold.code) });
    const at = effects.now().toISOString();
    const entry = await logDecision(project, { partner, hold, decided: { at, verdict, reason } }, effects);
    const decision = { at, reason, logged: { entry, verdict } };
    const holds = await readHolds(project, partner);
    const decided = holds.map((each) => (each.id === id ? { ...each, status: verdict, decision } : each));
    await writeHolds(project, partner, decided);
  });
  effects.stdout(
    verdict === 'accepted'
      ? `${id} is accepted: \`throughline run\` takes in these files as they are.\n`
      : `${id} is rejected: these files stay out, and the last good data in use, until others are delivered.\n`,
  );
}

type Logged = Held & { readonly decided: Decided };

/** The reason itself stays at the owner: the log has the hash of the decision and those of the files. */
const logDecision = (
  project: Project,
  { partner, hold, decided }: Logged,
  { userId }: Effects,
): Promise<number> =>
  appendToLog(
    logPlace(project),
    {
      event: `hold-${decided.verdict}`,
      stage: 'hold',
      of: partner,
      at: decided.at,
      outputs: [],
      about: [
        { name: hold.id, sha256: decisionSha256(hold, decided) },
        ...Object.entries(hold.files).map(([name, sha256]) => ({ name, sha256 })),
      ],
    },
    userId,
  );
