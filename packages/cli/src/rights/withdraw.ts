import { join, resolve } from 'node:path';
import { documentOf, type FieldManifest } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { appendToLog, bytesOfSmall, readKey, type SecretKey, writeDurably } from '@throughline/engine';
import { recordIdOf } from '@throughline/ingest';
import type { WithdrawOptions } from '../command-line/rights.js';
import { locked } from '../commands/run.js';
import type { Effects } from '../effects.js';
import { receiptPaper } from '../papers/receipt-paper.js';
import { logPlace } from '../pipeline/requests.js';
import type { Project } from '../project/project.js';
import { type CountedIn, countedIn } from './counted.js';
import { keepWithdrawal, type RegisteredWithdrawal, withdrawalOf } from './withdrawals.js';

const LARGEST_LIST = 1024 ** 2;

/**
 * Registers that families withdraw records, or that they come back, with a receipt for each. The file names the
 * records as their owner does, one a line; what is kept is the keyed id alone.
 *
 * @throws ThroughlineError USAGE, WITHDRAWAL_UNREADABLE (line numbers), KEY_*, RUN_LOCKED.
 */
export async function withdraw(project: Project, options: WithdrawOptions, effects: Effects): Promise<void> {
  const partner = project.pipeline.partners.find(({ name }) => name === options.partner);
  if (partner === undefined)
    throw new ThroughlineError('USAGE', { unknown_partner: safeName(options.partner) });
  const manifest = manifestOf(project, options);
  const keys = await keysIn(resolve(effects.workingFolder, options.from));
  const secret = await readKey(project.pipeline.resolve(partner.record_key), effects.userId);
  try {
    const ids = idsOf(secret, manifest, keys);
    await locked(project, effects, () => registerAll(project, { options, manifest, ids }, effects));
  } finally {
    secret.erase();
  }
}

/** The manifest by which records of the kind are named. */
function manifestOf({ pipeline, documents }: Project, { partner, space }: WithdrawOptions): FieldManifest {
  const manifests = pipeline.partners
    .filter(({ name }) => name === partner)
    .flatMap(({ extracts }) => extracts)
    .map(({ manifest }) => documentOf(documents.manifests, manifest, 'manifest').document)
    .filter(({ records }) => records?.identifiers === true && records.key.length > 0);
  const found = manifests.filter(({ records }) => space === undefined || records?.space === space);
  const [manifest] = found;
  if (manifest !== undefined && new Set(found.map(({ records }) => records?.space)).size === 1)
    return manifest;
  throw new ThroughlineError('USAGE', {
    spaces: [...new Set(manifests.map(({ records }) => safeName(records?.space ?? '')))],
    rule: safeName('--space names one of the kinds of record that have a key'),
  });
}

type Line = { readonly line: number; readonly key: readonly string[] };

async function keysIn(path: string): Promise<Line[]> {
  const name = safeName('the list of records');
  const refusal = { missing: 'CONFIG_UNREADABLE', refused: 'CONFIG_UNREADABLE', name } as const;
  const text = new TextDecoder().decode(await bytesOfSmall(path, refusal, LARGEST_LIST));
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ line: index + 1, key: line.split('\t') }))
    .filter(({ key }) => key.some((part) => part.trim() !== ''));
}

/** All or none: a list of which half is heard would be half forgotten. */
function idsOf(secret: SecretKey, manifest: FieldManifest, lines: readonly Line[]): string[] {
  const ids = lines.map(({ line, key }) => ({ line, id: recordIdOf(secret, { manifest, key }) }));
  const unread = ids.filter(({ id }) => id === undefined).map(({ line }) => line);
  if (unread.length > 0 || ids.length === 0) {
    throw new ThroughlineError('WITHDRAWAL_UNREADABLE', {
      lines: unread.slice(0, 20).map((line) => safeName(String(line))),
      count: unread.length,
      key: manifest.records?.key.map(safeName) ?? [],
    });
  }
  return [...new Set(ids.flatMap(({ id }) => id ?? []))];
}

type Registering = {
  readonly options: WithdrawOptions;
  readonly manifest: FieldManifest;
  readonly ids: readonly string[];
};

async function registerAll(
  project: Project,
  { options, manifest, ids }: Registering,
  effects: Effects,
): Promise<void> {
  const counted = await countedIn(project, ids);
  for (const record_id of ids) {
    const made = withdrawalOf({
      partner: options.partner,
      record_id,
      space: manifest.records?.space ?? '',
      effective: options.effective ?? project.day,
      registered: project.day,
      ...(options.back === true ? { ended: project.day } : {}),
    });
    await register(project, made, effects);
    const releases = counted.get(record_id) ?? [];
    const page = join(project.folders.withdrawals(options.partner), `${made.receipt}.html`);
    await writeDurably(page, receiptPaper({ withdrawal: made, releases, project: project.pipeline }));
    for (const line of receiptLines(made, releases, page)) effects.stdout(`${line}\n`);
  }
}

/** What is registered stands in the log by its hash; the log says nothing of whom it is about. */
async function register(project: Project, made: RegisteredWithdrawal, effects: Effects): Promise<void> {
  const before = project.withdrawals.get(made.partner)?.find(({ record_id }) => record_id === made.record_id);
  const kept = before === undefined || made.ended === undefined ? made : { ...before, ended: made.ended };
  const sha256 = await keepWithdrawal(project.folders.withdrawals(made.partner), kept);
  await appendToLog(
    logPlace(project),
    {
      event: 'withdrawn',
      stage: 'withdraw',
      of: made.partner,
      at: effects.now().toISOString(),
      outputs: [],
      about: [{ name: kept.receipt, sha256 }],
    },
    effects.userId,
  );
}

function receiptLines(
  { receipt, partner, effective, ended }: RegisteredWithdrawal,
  releases: readonly CountedIn[],
  page: string,
): string[] {
  return [
    `receipt ${receipt}`,
    ended === undefined
      ? `  withdrawn  from ${effective} on the record is left out at ${partner} before tokens exist; the next night`
      : `  back       from ${ended} on the record is taken in again at ${partner}, as a new one`,
    ...(ended === undefined ? ['             takes it out of the people index and leaves a tombstone'] : []),
    `  counted    in ${releases.filter(({ counted }) => counted).length} of ${releases.length} frozen releases, which stay as they were published`,
    ...releases
      .filter(({ counted }) => counted)
      .map(({ number, on, measures }) => `             release ${number} of ${on}: in ${measures} measures`),
    `  page       ${page}`,
  ];
}
