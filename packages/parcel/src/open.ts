import {
  type AgreedHost,
  hostSignersOf,
  noonOf,
  PARCEL_NAMESPACE,
  verifySshSignature,
} from '@throughline/agreement';
import { type ErrorDetails, safeName, ThroughlineError } from '@throughline/core';
import { bytesOf, openOrdinary, primitives, sha256OfFile, writePieces } from '@throughline/engine';
import { Decrypter, identityToRecipient } from 'age-encryption';
import { LONGEST_HEADER, type ParcelContent, type ParcelHeader, parcelId, parseHeader } from './header.js';
import { type PieceReader, pieceReader } from './pieces.js';
import { OUTER_MARK } from './write.js';

const PARCEL = safeName('parcel');
const refusal = { missing: 'PARCEL_UNREADABLE', refused: 'PARCEL_UNREADABLE', name: PARCEL } as const;

const LONGEST_OUTER_LINE = 64;
/** A header of age with its stanzas and its MAC; longer ones are nothing that anybody sends. */
const LONGEST_AGE_HEADER = 64 * 1024;
const LONGEST_INNER_LINE = 64;
const LONGEST_SIGNATURE = 16 * 1024;

/** Whether a file in the inbox is there to its last byte; the first line says how many there must be. */
export type Arrived = { readonly state: 'whole' | 'landing'; readonly bytes: number };

/**
 * Looks at the outside of a parcel, without a key.
 *
 * @param largest the most bytes that this host takes.
 * @throws ThroughlineError PARCEL_UNREADABLE (no parcel, a link, a second name, longer than it says), PARCEL_OVER_LIMIT.
 */
export async function arrival(path: string, largest: number): Promise<Arrived> {
  const { bytes, stats, close } = await openOrdinary(path, refusal);
  close();
  if (stats.nlink > 1) throw refused('PARCEL_UNREADABLE', 'a file of one name: no hard link');
  if (bytes > largest + LONGEST_OUTER_LINE)
    throw refused('PARCEL_OVER_LIMIT', 'the size of the file', { bytes, largest });
  const reader = pieceReader(bytesOf(path, refusal));
  try {
    const line = await reader.line(LONGEST_OUTER_LINE);
    // A file that ends within its first line has only begun to arrive.
    if (line === undefined && bytes <= LONGEST_OUTER_LINE) return { state: 'landing', bytes };
    const announced = numberIn(/^throughline parcel 1 ([1-9][0-9]{0,15})$/, line ?? '');
    if (announced === undefined) throw refused('PARCEL_UNREADABLE', 'the first line of a parcel');
    if (announced > largest)
      throw refused('PARCEL_OVER_LIMIT', 'the size that it announces', { bytes: announced, largest });
    const whole = OUTER_MARK.length + String(announced).length + 1 + announced;
    if (bytes > whole) throw refused('PARCEL_UNREADABLE', 'no byte behind the parcel');
    return { state: bytes === whole ? 'whole' : 'landing', bytes };
  } finally {
    await reader.close();
  }
}

/** A parcel whose header is read and whose sender is known; its files are not read yet. */
export type OpenedParcel = {
  readonly header: ParcelHeader;
  readonly id: string;
  /**
   * Writes every file where it belongs and compares each with the header, then that nothing follows.
   *
   * @throws ThroughlineError PARCEL_ALTERED, PARCEL_UNREADABLE, OUTPUT_UNWRITABLE.
   */
  readonly unpack: (placeOf: (content: ParcelContent, name: string) => string) => Promise<void>;
  readonly close: () => Promise<void>;
};

export type Opening = {
  /** Of this host, `AGE-SECRET-KEY-1…`. */
  readonly identity: string;
  /** The hosts of the memorandum. */
  readonly hosts: readonly AgreedHost[];
  readonly day: string;
};

/**
 * Opens a whole parcel: decrypts as much as its header takes, and verifies the signature over it.
 *
 * @throws ThroughlineError PARCEL_UNREADABLE, PARCEL_MALFORMED, PARCEL_UNSIGNED.
 */
export async function openParcel(path: string, opening: Opening): Promise<OpenedParcel> {
  const reader = pieceReader(decrypted(path, opening.identity));
  try {
    const front = await frontOf(reader);
    requireSigned(front, opening);
    const { header, bytes } = front;
    return {
      header,
      id: parcelId(bytes),
      unpack: (placeOf) => unpack(reader, header, placeOf),
      close: reader.close,
    };
  } catch (thrown) {
    await reader.close();
    throw thrown;
  }
}

type Front = { readonly header: ParcelHeader; readonly bytes: Uint8Array; readonly armored: string };

async function frontOf(reader: PieceReader): Promise<Front> {
  const line = (await reader.line(LONGEST_INNER_LINE)) ?? '';
  const [, headerBytes = '', signatureBytes = ''] =
    /^header ([1-9][0-9]{0,8}) signature ([1-9][0-9]{0,5})$/.exec(line) ?? [];
  if (headerBytes === '') throw refused('PARCEL_MALFORMED', 'a line with the sizes of header and signature');
  if (Number(headerBytes) > LONGEST_HEADER || Number(signatureBytes) > LONGEST_SIGNATURE)
    throw refused('PARCEL_OVER_LIMIT', 'the size of header or signature', { largest: LONGEST_HEADER });
  const bytes = await reader.bytes(Number(headerBytes));
  const signature = await reader.bytes(Number(signatureBytes));
  const header = bytes === undefined ? undefined : parseHeader(bytes);
  if (bytes === undefined || signature === undefined || header === undefined)
    throw refused('PARCEL_MALFORMED', 'a header of the form, and a signature');
  return { header, bytes, armored: Buffer.from(signature).toString('latin1') };
}

/** The signer must be the host that the header names, with a key that counts on the day. */
function requireSigned({ header, bytes, armored }: Front, { hosts, day }: Opening): void {
  const signed = { message: bytes, armored, allowed: hostSignersOf(hosts) };
  const verified = verifySshSignature(primitives, signed, { namespace: PARCEL_NAMESPACE, at: noonOf(day) });
  if ('refusal' in verified)
    throw refused('PARCEL_UNSIGNED', verified.refusal, { from: safeName(header.from) });
  if (verified.signer.principal !== header.from)
    throw refused('PARCEL_UNSIGNED', 'the key of the sender that it names', { from: safeName(header.from) });
}

async function unpack(
  reader: PieceReader,
  header: ParcelHeader,
  placeOf: (content: ParcelContent, name: string) => string,
): Promise<void> {
  for (const content of header.contents) {
    for (const { name, bytes, sha256 } of content.files) {
      const place = placeOf(content, name);
      await writePieces(place, reader.pieces(bytes));
      const found = await sha256OfFile(place, {
        missing: 'PARCEL_ALTERED',
        refused: 'PARCEL_ALTERED',
        name: safeName(name),
      });
      if (found !== sha256)
        throw refused('PARCEL_ALTERED', 'the hash that the header names', {
          kind: safeName(content.kind),
          file: safeName(name),
        });
    }
  }
  if (!(await reader.ended())) throw refused('PARCEL_ALTERED', 'no byte behind the last file');
}

/** What age decrypts, without the words with which it fails. */
async function* decrypted(path: string, identity: string): AsyncGenerator<Uint8Array> {
  const reader = pieceReader(bytesOf(path, refusal));
  try {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    yield* await decrypter.decrypt(ReadableStream.from(await ageFile(reader)));
  } catch (thrown) {
    if (thrown instanceof ThroughlineError) throw thrown;
    throw refused('PARCEL_UNREADABLE', 'an age file for this host, unchanged and to its last byte');
  } finally {
    await reader.close();
  }
}

/** The file behind the first line. age reads its header line by line: one without an end would be read into memory whole. */
async function ageFile(reader: PieceReader): Promise<AsyncGenerator<Uint8Array>> {
  await reader.line(LONGEST_OUTER_LINE);
  const begin: Uint8Array[] = [];
  for await (const piece of reader.pieces(LONGEST_AGE_HEADER)) begin.push(piece);
  const start = Buffer.concat(begin);
  if (!start.includes('\n--- ')) throw refused('PARCEL_UNREADABLE', 'the header of an age file');
  return inTurns(start, reader.pieces(Number.MAX_SAFE_INTEGER));
}

/**
 * A stream that fails forgets what it has not handed on yet. So whoever reads has its turn before more is read: the header
 * of a parcel is known, and who sent it, also where a later byte is broken.
 */
async function* inTurns(start: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield start;
  for await (const piece of rest) {
    yield piece;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function numberIn(form: RegExp, text: string): number | undefined {
  const [, digits] = form.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

type ParcelCode =
  | 'PARCEL_UNREADABLE'
  | 'PARCEL_MALFORMED'
  | 'PARCEL_OVER_LIMIT'
  | 'PARCEL_UNSIGNED'
  | 'PARCEL_ALTERED';

const refused = (code: ParcelCode, rule: string, details: ErrorDetails = {}): ThroughlineError =>
  new ThroughlineError(code, { ...details, rule: safeName(rule) });

/** The recipient to which others encrypt for an identity. @throws ThroughlineError KEY_WEAK */
export const recipientOf = (identity: string): Promise<string> =>
  identityToRecipient(identity).catch(() => {
    throw new ThroughlineError('KEY_WEAK', { name: safeName('age_identity') });
  });
