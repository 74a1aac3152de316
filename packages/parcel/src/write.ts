import { PARCEL_NAMESPACE, type SshSigningKey, signSsh } from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import { bytesOf, primitives, writePieces } from '@throughline/engine';
import { Encrypter } from 'age-encryption';
import { bytesWithin, formatHeader, type ParcelHeader, parcelHeader, parcelId } from './header.js';

/** The first line of a parcel, before its length in bytes. */
export const OUTER_MARK = `throughline parcel 1 `;

export type Packing = {
  readonly header: ParcelHeader;
  /** Where each file of the header lies, in its order. */
  readonly files: readonly string[];
  readonly key: SshSigningKey;
  /** The age recipient of the host to which it goes. */
  readonly recipient: string;
};

/**
 * Seals a parcel: signed, then encrypted, written whole or not at all.
 *
 * @returns its id.
 * @throws ThroughlineError OUTPUT_UNWRITABLE, ARTIFACT_ALTERED; BUG where the header is not of the form.
 */
export async function sealParcel(path: string, packing: Packing): Promise<string> {
  if (!parcelHeader.safeParse(packing.header).success) throw new ThroughlineError('BUG', {});
  const header = formatHeader(packing.header);
  const armored = signSsh(primitives, header, { key: packing.key, namespace: PARCEL_NAMESPACE });
  const signature = new TextEncoder().encode(armored);
  const front = Buffer.concat([
    Buffer.from(`header ${header.length} signature ${signature.length}\n`),
    header,
    signature,
  ]);
  const encrypter = new Encrypter();
  encrypter.addRecipient(packing.recipient);
  const sealed = await encrypter.encrypt(ReadableStream.from(plaintext(front, packing.files)));
  const bytes = sealed.size(front.length + bytesWithin(packing.header));
  await writePieces(path, withMark(bytes, sealed), 0o640);
  return parcelId(header);
}

async function* plaintext(front: Uint8Array, files: readonly string[]): AsyncGenerator<Uint8Array> {
  yield front;
  for (const file of files)
    yield* bytesOf(file, {
      missing: 'ARTIFACT_ALTERED',
      refused: 'ARTIFACT_ALTERED',
      name: safeName('parcel'),
    });
}

async function* withMark(bytes: number, sealed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${OUTER_MARK}${bytes}\n`);
  yield* sealed;
}
