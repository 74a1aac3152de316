import type { AgreedHost } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { mayGo, type Route } from './flows.js';
import type { ParcelDocument, ParcelHeader } from './header.js';

/** The last parcel of a sender that was taken in, and the ids of those before it that are remembered. */
export type Last = { readonly sequence: number; readonly id: string; readonly ids: readonly string[] };

/** What a host holds a parcel against. */
export type Standpoint = {
  /** The name of this host in the memorandum. */
  readonly here: string;
  readonly pipeline: string;
  readonly hosts: readonly AgreedHost[];
  readonly memorandum: ParcelDocument;
  readonly epoch: string;
  /** Every document that is in force here. */
  readonly documents: readonly ParcelDocument[];
};

type Named = { readonly header: ParcelHeader; readonly id: string };

/**
 * Whether a parcel whose signature counts may be taken in here. Its place in the order of its sender's comes last.
 *
 * @throws ThroughlineError PARCEL_MISDIRECTED, PARCEL_OTHER_AGREEMENT, PARCEL_OTHER_EPOCH, PARCEL_REPLAYED,
 *   PARCEL_ROLLED_BACK, PARCEL_GAP.
 */
export function requireAcceptable(parcel: Named, at: Standpoint, { last, afterGap }: Following): void {
  requireDirected(parcel.header, at);
  requireSameGround(parcel.header, at);
  requireNext(parcel, { last, afterGap });
}

function requireDirected({ from, to, contents }: ParcelHeader, { here, hosts, pipeline }: Standpoint): void {
  const [sender, recipient] = [from, to].map((name) => hosts.find(({ host }) => host === name));
  if (to !== here || sender === undefined || recipient === undefined)
    throw new ThroughlineError('PARCEL_MISDIRECTED', { from: safeName(from), to: safeName(to) });
  const route: Route = { from: sender, to: recipient, pipeline };
  const allowed = mayGo(route);
  const stray = contents.find(
    ({ kind, of }) => !allowed.some((each) => each.kind === kind && each.of === of),
  );
  if (stray !== undefined)
    throw new ThroughlineError('PARCEL_MISDIRECTED', {
      from: safeName(from),
      kind: safeName(stray.kind),
      of: safeName(stray.of),
    });
}

/** Both hosts have the same bytes of every document that both have. */
function requireSameGround({ from, memorandum, documents, epoch }: ParcelHeader, at: Standpoint): void {
  const known = new Map(at.documents.map((each) => [`${each.kind} ${each.id}`, each]));
  const other = [memorandum, ...documents].find((each) => {
    const here = each === memorandum ? at.memorandum : known.get(`${each.kind} ${each.id}`);
    return here !== undefined && (here.id !== each.id || here.sha256 !== each.sha256);
  });
  if (other !== undefined)
    throw new ThroughlineError('PARCEL_OTHER_AGREEMENT', {
      from: safeName(from),
      document: safeName(other.id),
      version: other.version,
      version_here:
        (other === memorandum ? at.memorandum : known.get(`${other.kind} ${other.id}`))?.version ?? 0,
    });
  if (epoch !== at.epoch)
    throw new ThroughlineError('PARCEL_OTHER_EPOCH', {
      from: safeName(from),
      epoch: safeName(epoch),
      epoch_here: safeName(at.epoch),
    });
}

/** @param afterGap whether a person has said that those between are lost. */
export type Following = { readonly last: Last | undefined; readonly afterGap: boolean };

function requireNext(
  { header: { from, sequence, previous }, id }: Named,
  { last, afterGap }: Following,
): void {
  const taken = last?.sequence ?? 0;
  const about = { from: safeName(from), sequence, taken };
  if (last?.ids.includes(id) === true) throw new ThroughlineError('PARCEL_REPLAYED', about);
  if (sequence <= taken) throw new ThroughlineError('PARCEL_ROLLED_BACK', about);
  if (sequence > taken + 1) {
    if (afterGap) return;
    throw new ThroughlineError('PARCEL_GAP', about);
  }
  if (previous !== (last?.id ?? null)) throw new ThroughlineError('PARCEL_ROLLED_BACK', about);
}
