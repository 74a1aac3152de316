import type { PayloadTable } from '@throughline/core';
import type { Found } from './reasons.js';

/** A count of an arrival: one row of the table `arrivals`. */
export type ArrivalCount = {
  readonly extract: string;
  readonly what: string;
  readonly field: string | null;
  readonly code: string | null;
  readonly count: number;
};

export type Limit = { readonly share: number; readonly count: number };

/** An extract whose arrivals are compared. */
export type Compared = {
  readonly extract: string;
  readonly table: PayloadTable | null;
  readonly change: Limit;
};

/** Events pile up over a year, so that their number may double; it may not fall, as that of anything else. */
const EVENTS: ReadonlySet<string> = new Set(['absences', 'sessions', 'plan_services', 'encounters']);
const EVENT_GROWTH: Limit = { share: 1, count: 1000 };

const MILLION = 1_000_000;

/** Over the share of a whole and over the count; whole numbers, so that a tenth of 100 is 10. */
export const isOver = (moved: number, whole: number, { share, count }: Limit): boolean =>
  moved > count && moved * MILLION > Math.round(share * MILLION) * whole;

/** What moved between two arrivals of an extract by more than its limits. */
export function movesOf(
  compared: Compared,
  before: readonly ArrivalCount[],
  now: readonly ArrivalCount[],
): Found[] {
  const past = countsOf(compared.extract, before);
  const here = countsOf(compared.extract, now);
  const rows = { before: past.get(ROWS) ?? 0, now: here.get(ROWS) ?? 0 };
  if (rows.before === 0) return [];
  if (rows.now === 0) {
    return [{ reason: 'empty', place: compared.extract, counts: `${rows.before} then, 0 now` }];
  }
  return [...rowMoves(compared, rows), ...shareMoves(compared, { past, here, rows })];
}

const ROWS = keyOf({ what: 'rows', field: null, code: null });

function keyOf({ what, field, code }: Pick<ArrivalCount, 'what' | 'field' | 'code'>): string {
  return JSON.stringify([what, field, code]);
}

const countsOf = (extract: string, counts: readonly ArrivalCount[]): ReadonlyMap<string, number> =>
  new Map(counts.filter((each) => each.extract === extract).map((each) => [keyOf(each), each.count]));

type Rows = { readonly before: number; readonly now: number };

function rowMoves({ extract, table, change }: Compared, { before, now }: Rows): Found[] {
  const limit = now > before && EVENTS.has(table ?? '') ? EVENT_GROWTH : change;
  return isOver(Math.abs(now - before), before, limit)
    ? [{ reason: 'rows', place: extract, counts: `${before} then, ${now} now` }]
    : [];
}

type Counts = {
  readonly past: ReadonlyMap<string, number>;
  readonly here: ReadonlyMap<string, number>;
  readonly rows: Rows;
};

/** Shares are compared at the size of the new delivery: what is missing or too much of what was to be expected. */
function shareMoves({ extract, change }: Compared, { past, here, rows }: Counts): Found[] {
  const keys = [...new Set([...past.keys(), ...here.keys()])].sort();
  return keys.flatMap((key): Found[] => {
    const [what, field, code] = JSON.parse(key) as [string, string | null, string | null];
    if (what !== 'present' && what !== 'code') return [];
    const [before, now] = [past.get(key) ?? 0, here.get(key) ?? 0];
    const expected = Math.round((before * rows.now) / rows.before);
    if (!isOver(Math.abs(now - expected), rows.now, change)) return [];
    const place = [extract, field, ...(code === null ? [] : [code])].join('.');
    const counts = `${before} of ${rows.before} then, ${now} of ${rows.now} now`;
    return [{ reason: what === 'code' ? 'code' : 'coverage', place, counts }];
  });
}
