import { fromBase64, toBase64 } from '../base64.js';

/** What OpenSSH puts between BEGIN and END. */
export type ArmorLabel = 'SSH SIGNATURE' | 'OPENSSH PRIVATE KEY';

// What ssh-keygen writes; PROTOCOL.sshsig lets a line have up to 76.
const LINE_LENGTH = 70;
const LONGEST_LINE = 76;

/** Bytes as OpenSSH armors them: a line BEGIN, Base64 in lines of 70, a line END. */
export function armor(label: ArmorLabel, bytes: Uint8Array): string {
  const lines = toBase64(bytes).match(new RegExp(`.{1,${LINE_LENGTH}}`, 'g')) ?? [];
  return `${[`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n')}\n`;
}

/** Why a text is not an armored value. */
export type ArmorRefusal = 'not-armored' | 'not-base64';

/**
 * The bytes of an armored text. Anything before the first or after the last line, and Base64 that is not the
 * one way to write its bytes, is refused, though OpenSSH lets some of it pass.
 */
export function dearmor(label: ArmorLabel, text: string): Uint8Array | ArmorRefusal {
  const lines = text.replace(/\n$/, '').split('\n');
  const body = lines.slice(1, -1);
  const isFramed = lines[0] === `-----BEGIN ${label}-----` && lines.at(-1) === `-----END ${label}-----`;
  if (!isFramed || body.length === 0) return 'not-armored';
  if (body.some((line) => line.length === 0 || line.length > LONGEST_LINE)) return 'not-base64';
  return fromBase64(body.join('')) ?? 'not-base64';
}
