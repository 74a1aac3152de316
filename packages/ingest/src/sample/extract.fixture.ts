import { type ExtractFile, type ScratchFile, sha256Of } from '@throughline/engine';

/** An extract in memory, for tests: its bytes come in pieces of a size. */
export function extractOf(
  bytes: Uint8Array | string,
  { name = 'extract', pieces = 1 << 20 } = {},
): ExtractFile {
  const whole = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
  return {
    name,
    sha256: sha256Of(whole),
    bytes: whole.length,
    path: '',
    read: () => inPieces(whole, pieces),
  };
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.slice(from, from + size);
}

/** A scratch file in memory, for tests. */
export function memoryScratch(): ScratchFile & { readonly text: () => string } {
  const pieces: string[] = [];
  return {
    path: '',
    write: async (text) => {
      pieces.push(String(text));
    },
    close: async () => {},
    text: () => pieces.join(''),
  };
}

/** Bytes of a text in an encoding of single bytes. */
export const bytesOf = (...codes: readonly (number | string)[]): Uint8Array =>
  Uint8Array.from(
    codes.flatMap((code) => (typeof code === 'number' ? [code] : [...Buffer.from(code, 'latin1')])),
  );
