import type { IncomingMessage } from 'node:http';

/** A decision and its reason; nothing that is sent is longer. */
const LONGEST_FORM = 8_000;

/** The fields of a form. */
export async function formOf(request: IncomingMessage): Promise<URLSearchParams | 'too-long'> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Uint8Array>) {
    length += piece.length;
    if (length > LONGEST_FORM) return 'too-long';
    pieces.push(piece);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return new URLSearchParams(new TextDecoder().decode(bytes));
}
