/** Canonical CSV in the making: UTF-8, of which the first `size` bytes are written. */
export type CanonicalBytes = { bytes: Buffer; size: number };

const AT_FIRST = 1 << 19;

export const canonicalBytes = (): CanonicalBytes => ({ bytes: Buffer.allocUnsafe(AT_FIRST), size: 0 });

/** Makes room for so many bytes more. */
export function makeRoom(canonical: CanonicalBytes, more: number): void {
  const { bytes, size } = canonical;
  if (size + more <= bytes.length) return;
  canonical.bytes = Buffer.allocUnsafe(Math.max(bytes.length * 2, size + more));
  bytes.copy(canonical.bytes, 0, 0, size);
}

export function putText(canonical: CanonicalBytes, text: string): void {
  makeRoom(canonical, text.length * 3);
  canonical.size += canonical.bytes.write(text, canonical.size);
}

/** Takes out what is written so far. */
export function takeOut(canonical: CanonicalBytes): Uint8Array {
  const written = canonical.bytes.subarray(0, canonical.size);
  Object.assign(canonical, canonicalBytes());
  return written;
}

const SPECIAL = /[\t\n\r",]/;
const BREAKS = /[\t\n\r]+/g;

/** Trimmed, since a code padded with spaces is the same code; line breaks and tabs within are spaces. */
export function canonicalCell(cell: string): string {
  if (!SPECIAL.test(cell)) return cell.trim();
  const text = cell.replace(BREAKS, ' ').trim();
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
