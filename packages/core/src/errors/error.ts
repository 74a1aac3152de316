import type { SafeName } from '../names/safe-name.js';
import { type ErrorCode, errorCodes } from './codes.js';

/** What may be said about an error: counts, flags, and names from configuration or schema. Never a row's value. */
export type ErrorDetails = Readonly<Record<string, number | boolean | SafeName | readonly SafeName[]>>;

/** The one error class. Its message is its code and details; it never has a `cause`, which could hold values. */
export class ThroughlineError extends Error {
  override readonly name = 'ThroughlineError';
  readonly code: ErrorCode;
  readonly exitCode: number;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    super(describe(code, details));
    this.code = code;
    this.exitCode = errorCodes[code].exit;
    this.details = details;
  }
}

function describe(code: ErrorCode, details: ErrorDetails): string {
  const said = Object.entries(details).map(
    ([name, value]) => `${name}=${Array.isArray(value) ? value.join(',') : value}`,
  );
  return said.length === 0 ? code : `${code} (${said.join(' ')})`;
}
