import { bytesToHex } from '@noble/hashes/utils.js';
import { fromBase64, type OltToken } from '@throughline/agreement';
import { uuidForm } from '@throughline/core';
import type { ExtractFile } from '@throughline/engine';
import { readOlt2 } from '../olt2/delivery.js';
import { extractNamed, foreignText, refused } from './foreign-text.js';
import type { ForeignRows } from './interop-stage.js';

const TOKEN_BYTES = 16;

/**
 * A file of OpenLinkToken. Of a token of 32 bytes the first 16 are kept, as of our own; blank ones, and those of rules
 * that nobody asks for, are left out.
 *
 * @throws ThroughlineError INTEROP_REFUSED with the line.
 */
export async function readTokens(
  extracts: readonly ExtractFile[],
  name: string,
  ruleOf: (rule: OltToken) => string | undefined,
): Promise<ForeignRows> {
  const rows = readOlt2(await foreignText(extractNamed(extracts, name)));
  if ('line' in rows) throw refused(name, rows);
  return {
    keys: [...new Set(rows.map(({ record }) => record))],
    tokens: rows.flatMap(({ record, rule, token }) => {
      const named = ruleOf(rule);
      return named === undefined || token === null ? [] : [{ key: record, rule: named, token: kept(token) }];
    }),
    filters: [],
  };
}

const kept = (token: string): string =>
  uuidForm(bytesToHex((fromBase64(token) ?? new Uint8Array()).subarray(0, TOKEN_BYTES)));
