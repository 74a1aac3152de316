import { documentOf } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { landedFile, namesIn } from '@throughline/engine';
import type { Effects } from '../effects.js';
import { isResting } from '../holds/deliveries.js';
import type { Project } from '../project/project.js';

type Partner = Project['pipeline']['partners'][number];
/** `landed`, or the code of the error that the delivery would be held with. */
type Place = {
  readonly partner: string;
  readonly extract: string;
  readonly state: string;
  readonly sha256: string;
};

/**
 * Looks at every file that the partners should deliver. Files that no manifest names are counted, never named: names
 * of files have been seen to hold names of children.
 */
async function lookAt(project: Project, partner: Partner): Promise<Place[]> {
  const places: Place[] = [];
  for (const { manifest, file } of partner.extracts) {
    const { extract } = documentOf(project.documents.manifests, manifest, 'manifest').document;
    const inbox = project.pipeline.resolve(partner.inbox);
    const found = await landedFile(inbox, file, safeName(extract)).then(
      ({ sha256 }) => ({ state: 'landed', sha256 }),
      (thrown: unknown) => ({ state: codeOf(thrown), sha256: '' }),
    );
    places.push({ partner: partner.name, extract, ...found });
  }
  return places;
}

function codeOf(thrown: unknown): string {
  if (thrown instanceof ThroughlineError) return thrown.code;
  throw thrown;
}

/** Prints the state of every extract, and how many other files lie in each inbox. */
export async function inboxList(project: Project, effects: Effects): Promise<void> {
  for (const partner of project.pipeline.partners) {
    for (const { extract, state } of await lookAt(project, partner))
      effects.stdout(`${partner.name}  ${extract}  ${state}\n`);
    const strangers = await strangersIn(project, partner);
    if (strangers > 0) effects.stdout(`${partner.name}  ${strangers} other files, not looked at\n`);
  }
}

async function strangersIn({ pipeline }: Project, { inbox, extracts }: Partner): Promise<number> {
  const expected = new Set(extracts.map(({ file }) => file));
  return (await namesIn(pipeline.resolve(inbox))).filter((name) => !expected.has(name)).length;
}

export type WaitOptions = {
  /** Minutes to wait at most. */
  readonly minutes: number;
  /** Seconds for which every file must stand still. */
  readonly still: number;
};

/**
 * Watches the inboxes until every extract has landed and stands still. Partners of whom nothing is due are not
 * waited for.
 *
 * @throws ThroughlineError as the first extract that has not landed in time.
 */
export async function inboxWait(project: Project, options: WaitOptions, effects: Effects): Promise<void> {
  const due = project.pipeline.partners.filter((partner) => !isResting(project, partner));
  const until = effects.elapsed() + options.minutes * 60_000;
  let before = '';
  for (;;) {
    const places = (await Promise.all(due.map((partner) => lookAt(project, partner)))).flat();
    const awaited = places.find(({ state }) => state !== 'landed');
    const now = JSON.stringify(places);
    if (awaited === undefined && now === before) break;
    before = now;
    if (effects.elapsed() + options.still * 1000 > until) throw notInTime(awaited);
    await effects.pause(options.still * 1000);
  }
  effects.stdout('Every delivery has landed.\n');
}

function notInTime(awaited: Place | undefined): ThroughlineError {
  if (awaited === undefined) return new ThroughlineError('EXTRACT_LANDING', {});
  const { partner, extract, state } = awaited;
  const code = state === 'EXTRACT_REFUSED' || state === 'EXTRACT_MISSING' ? state : 'EXTRACT_LANDING';
  return new ThroughlineError(code, { partner: safeName(partner), name: safeName(extract) });
}
