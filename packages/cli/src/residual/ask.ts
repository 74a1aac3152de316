import { writeDurably } from '@throughline/engine';
import { locked } from '../commands/run.js';
import type { Effects } from '../effects.js';
import { requireRole } from '../project/host.js';
import type { Project } from '../project/project.js';
import { type Agreed, type Ask, agreedOn, requireWrapOutOfReach } from './agreed.js';
import { mostOfEach, requireFew } from './comparisons.js';
import { keepOpened, type Opened, openedWith, readOpened } from './opened.js';
import { type UnlinkedRows, unlinkedRows } from './rows.js';

/**
 * Writes for the keyholder which rows the linkage unit wants to have opened: nonces of records that nothing has linked,
 * no more of a partner than the memorandum allows, no more of all than can be compared at once, and no record id.
 *
 * @throws ThroughlineError RESIDUAL_REFUSED, KEY_WITHIN_REACH, ARTIFACT_MISSING, HOST_ROLE, RUN_LOCKED.
 */
export async function residualAsk(project: Project, out: string, effects: Effects): Promise<void> {
  requireRole(project.here, 'linkage-unit');
  const agreed = await agreedOn(project);
  await requireWrapOutOfReach(project, effects);
  await locked(project, effects, () => askFor(project, { agreed, out }, effects));
}

async function askFor(
  project: Project,
  { agreed, out }: { readonly agreed: Agreed; readonly out: string },
  effects: Effects,
): Promise<void> {
  const { agreement, epoch, check } = agreed.card;
  const found = await unlinkedRows(project, agreed);
  const path = project.folders.residualAsked;
  const before = await readOpened(path, check);
  const partners = chosenOf(found, before.partners, agreed.share);
  requireFew(partners.map(({ nonces }) => nonces.length));
  const ask: Ask = { agreement, epoch, check, partners };
  const asked = partners.map(({ partner, nonces }) => [
    partner,
    openedWith(before.partners[partner], nonces),
  ]);
  await keepOpened(path, { check, partners: { ...before.partners, ...Object.fromEntries(asked) } });
  await writeDurably(out, `${JSON.stringify(ask, undefined, 1)}\n`);
  for (const [at, { partner, nonces }] of partners.entries()) {
    const { rows = 0, unlinked = [] } = found[at] ?? {};
    effects.stdout(
      `${partner}: ${nonces.length} of ${unlinked.length} unlinked rows are asked for, of ${rows}\n`,
    );
  }
}

/** What is asked for of each partner: at most so many that all can be compared, those of before first. */
export function chosenOf(
  found: readonly UnlinkedRows[],
  before: Opened['partners'],
  share: number,
): Ask['partners'] {
  const allowed = found.map((each) => allowedOf(each, before[each.partner] ?? [], share));
  const most = mostOfEach(allowed.map(({ length }) => length));
  return found.map(({ partner }, at) => ({
    partner,
    nonces: openedWith(allowed[at]?.slice(0, most)),
  }));
}

/** Those that were asked for before, which count no more, then others as far as the share of the epoch reaches. */
function allowedOf({ rows, unlinked }: UnlinkedRows, before: readonly string[], share: number): string[] {
  const known = new Set(before);
  const nonces = unlinked.map(({ nonce }) => nonce);
  const left = Math.max(0, Math.floor(share * rows) - known.size);
  const fresh = nonces.filter((nonce) => !known.has(nonce)).slice(0, left);
  return [...nonces.filter((nonce) => known.has(nonce)), ...fresh];
}
