import { safeName, ThroughlineError } from '@throughline/core';
import { bytesOfSmall, eraseKey, readIdentity } from '@throughline/engine';
import { alikePairs } from '@throughline/link';
import { unwrapRow } from '@throughline/tokenize';
import { Decrypter } from 'age-encryption';
import { locked } from '../commands/run.js';
import type { Effects } from '../effects.js';
import { requireRole } from '../project/host.js';
import type { Project } from '../project/project.js';
import {
  type Agreed,
  agreedOn,
  keysSchema,
  ofThisEpoch,
  type RowKeys,
  refused,
  requireWrapOutOfReach,
} from './agreed.js';
import { requireFew } from './comparisons.js';
import { LARGEST } from './long-text.js';
import { keepPairs, type ResidualPair } from './pairs.js';
import { type UnlinkedRows, unlinkedRows } from './rows.js';

type CompareOptions = { readonly keys: string; readonly identity?: string };

/**
 * Opens the rows whose keys the keyholder gave, in memory alone, and compares those of every two partners. Pairs that
 * stand out are asked of their owners as possible pairs; none is a link by itself. The keys are erased afterwards.
 *
 * @throws ThroughlineError RESIDUAL_REFUSED, RESIDUAL_UNOPENED, RESIDUAL_TOO_LARGE, KEY_*, HOST_ROLE, RUN_LOCKED. Then nothing
 *   was compared, and the keys are still there.
 */
export async function residualCompare(
  project: Project,
  options: CompareOptions,
  effects: Effects,
): Promise<void> {
  requireRole(project.here, 'linkage-unit');
  const agreed = await agreedOn(project);
  await requireWrapOutOfReach(project, effects);
  await locked(project, effects, () => compareOpened(project, { agreed, ...options }, effects));
}

async function compareOpened(
  project: Project,
  { agreed, ...options }: CompareOptions & { readonly agreed: Agreed },
  effects: Effects,
): Promise<void> {
  const given = ofThisEpoch(keysSchema, await keysText(options, effects), agreed);
  const delivered = await unlinkedRows(project, agreed);
  const opened = openRows(delivered, given, agreed);
  try {
    const pairs = comparedAll(opened);
    await keepPairs(project.folders.residualPairs, pairs);
    const rows = opened.reduce((sum, { records }) => sum + records.length, 0);
    effects.stdout(
      `${rows} rows of ${given.keys.length} keys opened; the others have changed or are linked by now\n`,
    );
    effects.stdout(`${pairs.length} possible pairs: ask their owners with \`review export\`\n`);
  } finally {
    for (const { words } of opened) words.fill(0);
  }
  await eraseKey(options.keys);
}

const AGE = 'age-encryption.org/';

async function keysText({ keys, identity }: CompareOptions, { userId }: Effects): Promise<string> {
  const refusal = {
    missing: 'KEY_UNREADABLE',
    refused: 'RESIDUAL_REFUSED',
    name: safeName('row keys'),
  } as const;
  const bytes = await bytesOfSmall(keys, refusal, LARGEST);
  const isSealed = Buffer.from(bytes.subarray(0, AGE.length)).toString('latin1') === AGE;
  if (!isSealed) return new TextDecoder().decode(bytes);
  if (identity === undefined) throw refused('--identity, as the keys are encrypted');
  const decrypter = new Decrypter();
  decrypter.addIdentity(await readIdentity(identity, userId));
  return decrypter.decrypt(bytes, 'text').catch(() => {
    throw new ThroughlineError('KEY_SEALED_FOR_ANOTHER', {});
  });
}

/** The encodings of a partner's opened rows, one after the other, 64 words each. */
type Opened = { readonly partner: string; readonly records: readonly string[]; readonly words: Uint32Array };

function openRows(delivered: readonly UnlinkedRows[], given: RowKeys, agreed: Agreed): Opened[] {
  const keys = new Map(given.keys.map(({ nonce, key }) => [nonce, Buffer.from(key, 'hex')]));
  const asked = delivered.map(({ partner, unlinked }) => ({
    partner,
    rows: unlinked.filter(({ nonce }) => keys.has(nonce)),
  }));
  requireFew(asked.map(({ rows }) => rows.length));
  const { agreement, epoch } = agreed.card;
  try {
    return asked.map(({ partner, rows }): Opened => {
      const bytes = new Uint8Array(rows.length * 256);
      for (const [at, { record, nonce, wrapped }] of rows.entries()) {
        const of = { agreement, epoch, partner, record };
        const vector = unwrapRow(keys.get(nonce) ?? new Uint8Array(32), of, wrapped);
        if (vector === undefined)
          throw new ThroughlineError('RESIDUAL_UNOPENED', { of: safeName(partner), row: at + 1 });
        bytes.set(vector, at * 256);
        vector.fill(0);
      }
      return { partner, records: rows.map(({ record }) => record), words: new Uint32Array(bytes.buffer) };
    });
  } finally {
    for (const key of keys.values()) key.fill(0);
  }
}

const comparedAll = (opened: readonly Opened[]): ResidualPair[] =>
  opened.flatMap((one, at) =>
    opened.slice(at + 1).flatMap((other) =>
      alikePairs(one.words, other.words).map(({ left, right }) => ({
        a: one.records[left] ?? '',
        b: other.records[right] ?? '',
      })),
    ),
  );
