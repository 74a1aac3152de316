import { safeName, ThroughlineError } from '@throughline/core';
import { appendToLog, exists, readKey, sha256Of, writeDurably } from '@throughline/engine';
import { requireWrapKey, rowKeys } from '@throughline/tokenize';
import { Encrypter } from 'age-encryption';
import { locked } from '../commands/run.js';
import type { Effects } from '../effects.js';
import { wrapKeyOf } from '../keys/wrap-key.js';
import { logPlace } from '../pipeline/requests.js';
import { requireRole } from '../project/host.js';
import type { Project } from '../project/project.js';
import { type Agreed, type Ask, agreedOn, askSchema, ofThisEpoch, type RowKeys, refused } from './agreed.js';
import { longText } from './long-text.js';
import { keepOpened, type Opened, openedWith, readOpened } from './opened.js';
import { deliveredRows } from './rows.js';

/**
 * At the keyholder, who has the wrap key and no row: gives out the keys of the rows that are asked for, if it is no more
 * of a partner than the memorandum allows in the epoch, and writes the counts into the log before.
 *
 * @throws ThroughlineError RESIDUAL_REFUSED, RESIDUAL_OVER_SHARE, KEY_*, ARTIFACT_MISSING, HOST_ROLE, RUN_LOCKED.
 */
export async function residualOpen(
  project: Project,
  options: { readonly ask: string; readonly out: string },
  effects: Effects,
): Promise<void> {
  requireRole(project.here, 'keyholder');
  const agreed = await agreedOn(project);
  await locked(project, effects, () => openAsked(project, options, { agreed, effects }));
}

async function openAsked(
  project: Project,
  options: { readonly ask: string; readonly out: string },
  { agreed, effects }: Around,
): Promise<void> {
  const text = await longText(options.ask);
  const ask = ofThisEpoch(askSchema, text, agreed);
  requireNamed(project, ask);
  if (await exists(options.out)) throw new ThroughlineError('KEY_EXISTS', { name: safeName('row keys') });
  const opened = await withAsked(project, ask, agreed);
  const keys = await keysOf(project, ask, { agreed, effects });
  const about = ask.partners.map(({ partner, nonces }) => ({
    name: `${partner}: ${nonces.length} rows, ${opened.partners[partner]?.length ?? 0} in this epoch`,
    sha256: sha256Of(text),
  }));
  await appendToLog(
    logPlace(project),
    {
      event: 'residual-opened',
      stage: 'residual',
      of: project.pipeline.pipeline,
      at: effects.now().toISOString(),
      outputs: [],
      about,
    },
    effects.userId,
  );
  await keepOpened(project.folders.residualOpened, opened);
  await writeKeys(project, keys, options.out);
  for (const { name } of about) effects.stdout(`opened  ${name}\n`);
}

/** Before a name of the ask goes into a path. @throws ThroughlineError RESIDUAL_REFUSED */
function requireNamed({ pipeline }: Project, { partners }: Ask): void {
  const named = new Set(pipeline.partners.map(({ name }) => name));
  if (!partners.every(({ partner }) => named.has(partner))) throw refused('partners that the pipeline names');
}

/** The cap holds for all asks of an epoch together. @throws ThroughlineError RESIDUAL_OVER_SHARE */
async function withAsked(project: Project, ask: Ask, agreed: Agreed): Promise<Opened> {
  const { partners } = await readOpened(project.folders.residualOpened, ask.check);
  for (const { partner, nonces } of ask.partners) {
    const all = openedWith(partners[partner], nonces);
    const most = Math.floor(agreed.share * (await deliveredRows(project, partner, agreed)));
    if (all.length > most)
      throw new ThroughlineError('RESIDUAL_OVER_SHARE', {
        partner: safeName(partner),
        asked: nonces.length,
        open: all.length,
        most,
      });
    partners[partner] = all;
  }
  return { check: ask.check, partners };
}

type Around = { readonly agreed: Agreed; readonly effects: Effects };

async function keysOf({ pipeline }: Project, ask: Ask, { agreed, effects }: Around): Promise<RowKeys> {
  const { agreement, epoch, check } = ask;
  const wrap = await readKey(wrapKeyOf(pipeline, pipeline.partners[0]), effects.userId);
  try {
    requireWrapKey({ root: wrap.bytes, terms: agreed.terms, card: agreed.card });
    const rows = rowKeys(wrap.bytes, agreed.terms);
    const keys = ask.partners
      .flatMap(({ partner, nonces }) => nonces.map((nonce) => ({ partner, nonce })))
      .map((row) => ({ nonce: row.nonce, key: hexAndErased(rows.of(row)) }));
    rows.erase();
    return { agreement, epoch, check, keys };
  } finally {
    wrap.erase();
  }
}

function hexAndErased(key: Uint8Array): string {
  const hex = Buffer.from(key).toString('hex');
  key.fill(0);
  return hex;
}

/** Encrypted to the linkage unit where the pipeline names its recipient. */
async function writeKeys({ pipeline }: Project, keys: RowKeys, out: string): Promise<void> {
  const text = `${JSON.stringify(keys, undefined, 1)}\n`;
  const { recipient } = pipeline.linkage_unit;
  if (recipient === undefined) return writeDurably(out, text);
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return writeDurably(out, await encrypter.encrypt(text));
}
