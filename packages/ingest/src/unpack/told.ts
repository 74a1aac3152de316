import { safeName, ThroughlineError } from '@throughline/core';

/** A value of a row; null where the source writes that there is none. */
type Cell = string | null;

/** What a task tells of a container, one JSON array a line. */
export type Told =
  | readonly ['header', readonly Cell[]]
  | readonly ['row', number, readonly Cell[]]
  | readonly ['reject', number, string]
  | readonly ['stripped', number]
  | readonly ['encoding', string]
  /** Members that were seen of those asked for, and names of others (no more than some), and how many. */
  | readonly ['members', readonly string[], readonly string[], number];

export type Tell = (told: Told) => void;

const ENOUGH = 1 << 17;

/** Collects lines and writes them in pieces. */
export function telling(write: (text: string) => void): { readonly tell: Tell; readonly flush: () => void } {
  let pending = '';
  const flush = () => {
    if (pending !== '') write(pending);
    pending = '';
  };
  const tell: Tell = (told) => {
    pending += `${JSON.stringify(told)}\n`;
    if (pending.length > ENOUGH) flush();
  };
  return { tell, flush };
}

/** A container that is not what it should be. */
export const malformed = (rule: string, where: Readonly<Record<string, number>> = {}): ThroughlineError =>
  new ThroughlineError('EXTRACT_MALFORMED', { rule: safeName(rule), ...where });

export const overLimit = (limit: string, most: number): ThroughlineError =>
  new ThroughlineError('EXTRACT_OVER_LIMIT', { limit: safeName(limit), most });
