import { writeDurably } from '@throughline/engine';
import type { Effects } from '../effects.js';
import { requireRole } from '../project/host.js';
import type { Project } from '../project/project.js';
import { type Ask, agreedOn, requireWrapOutOfReach } from './agreed.js';
import { keepOpened, openedWith, readOpened } from './opened.js';
import { type UnlinkedRows, unlinkedRows } from './rows.js';

/**
 * Writes for the keyholder which rows the linkage unit wants to have opened: nonces of records that nothing has linked,
 * no more of a partner than the memorandum allows, and no record id.
 *
 * @throws ThroughlineError RESIDUAL_REFUSED, KEY_WITHIN_REACH, ARTIFACT_MISSING, HOST_ROLE.
 */
export async function residualAsk(project: Project, out: string, effects: Effects): Promise<void> {
  requireRole(project.here, 'linkage-unit');
  const agreed = await agreedOn(project);
  await requireWrapOutOfReach(project, effects);
  const { agreement, epoch, check } = agreed.card;
  const found = await unlinkedRows(project, agreed);
  const path = project.folders.residualAsked;
  const before = await readOpened(path, check);
  const partners = found.map((each) => ({
    partner: each.partner,
    nonces: chosenOf(each, before.partners[each.partner] ?? [], agreed.share),
  }));
  const ask: Ask = { agreement, epoch, check, partners };
  await writeDurably(out, `${JSON.stringify(ask, undefined, 1)}\n`);
  const asked = partners.map(({ partner, nonces }) => [
    partner,
    openedWith(before.partners[partner], nonces),
  ]);
  await keepOpened(path, { check, partners: { ...before.partners, ...Object.fromEntries(asked) } });
  for (const [at, { partner, nonces }] of partners.entries()) {
    const { rows = 0, unlinked = [] } = found[at] ?? {};
    effects.stdout(
      `${partner}: ${nonces.length} of ${unlinked.length} unlinked rows are asked for, of ${rows}\n`,
    );
  }
}

/** Those that were asked for before, which count no more, and others as far as the share of the epoch reaches. */
function chosenOf({ rows, unlinked }: UnlinkedRows, before: readonly string[], share: number): string[] {
  const known = new Set(before);
  const nonces = unlinked.map(({ nonce }) => nonce);
  const left = Math.max(0, Math.floor(share * rows) - known.size);
  const fresh = nonces.filter((nonce) => !known.has(nonce)).slice(0, left);
  return openedWith(
    nonces.filter((nonce) => known.has(nonce)),
    fresh,
  );
}
