import { join, resolve } from 'node:path';
import { documentOf, type FieldManifest } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import {
  appendToLog,
  bytesOfSmall,
  keyedIds,
  readKey,
  type SecretKey,
  writeDurably,
} from '@throughline/engine';
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
  const keys = await keysIn(resolve(effects.workingFolder, options.from));
  const secret = await readKey(project.pipeline.resolve(partner.record_key), effects.userId);
  try {
    const naming = namingOf(project, options, secret);
    const ids = idsOf(naming, keys);
    await locked(project, effects, () =>
      registerAll(project, { options, space: naming.space, ids }, effects),
    );
  } finally {
    secret.erase();
  }
}

/** How the owner calls the records of a kind: of what its key is made, and the id under which intake knows a record. */
type Naming = {
  readonly space: string;
  readonly key: readonly string[];
  readonly idOf: (key: readonly string[]) => string | undefined;
};

/** By the manifest that names records of the kind, or as the files of another system do. */
function namingOf({ pipeline, documents }: Project, options: WithdrawOptions, secret: SecretKey): Naming {
  const partners = pipeline.partners.filter(({ name }) => name === options.partner);
  const manifests = partners
    .flatMap(({ extracts }) => extracts)
    .map(({ manifest }) => documentOf(documents.manifests, manifest, 'manifest').document);
  const namings = [
    ...manifests.flatMap((manifest) => namedBy(manifest, secret)),
    ...partners.flatMap(({ name, interop }) => interop.map(({ space }) => named(name, space, secret))),
  ];
  const found = namings.filter(({ space }) => options.space === undefined || space === options.space);
  const [naming] = found;
  if (naming !== undefined && new Set(found.map(({ space }) => space)).size === 1) return naming;
  throw new ThroughlineError('USAGE', {
    spaces: [...new Set(namings.map(({ space }) => safeName(space)))],
    rule: safeName('--space names one of the kinds of record that have a key'),
  });
}

function namedBy(manifest: FieldManifest, secret: SecretKey): Naming[] {
  const { records } = manifest;
  if (records?.identifiers !== true || records.key.length === 0) return [];
  const idOf = (key: readonly string[]) => recordIdOf(secret, { manifest, key });
  return [{ space: records.space, key: records.key, idOf }];
}

/** Another system's file calls a record by one text, taken as it stands. */
function named(partner: string, space: string, secret: SecretKey): Naming {
  const ids = keyedIds(secret, 'record');
  const idOf = ([record = '', ...others]: readonly string[]) =>
    others.length > 0 || record.trim() === '' ? undefined : ids(partner, space, record.trim());
  return { space, key: ['RecordId'], idOf };
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
function idsOf({ key, idOf }: Naming, lines: readonly Line[]): string[] {
  const ids = lines.map((each) => ({ line: each.line, id: idOf(each.key) }));
  const unread = ids.filter(({ id }) => id === undefined).map(({ line }) => line);
  if (unread.length > 0 || ids.length === 0) {
    throw new ThroughlineError('WITHDRAWAL_UNREADABLE', {
      lines: unread.slice(0, 20).map((line) => safeName(String(line))),
      count: unread.length,
      key: key.map(safeName),
    });
  }
  return [...new Set(ids.flatMap(({ id }) => id ?? []))];
}

type Registering = {
  readonly options: WithdrawOptions;
  readonly space: string;
  readonly ids: readonly string[];
};

async function registerAll(
  project: Project,
  { options, space, ids }: Registering,
  effects: Effects,
): Promise<void> {
  const counted = await countedIn(project, ids);
  for (const record_id of ids) {
    const made = withdrawalOf({
      partner: options.partner,
      record_id,
      space,
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
