import type { FieldManifest } from '@throughline/agreement';
import type { PayloadTable } from '@throughline/core';
import type { Landed } from '@throughline/engine';
import type { Found } from '../hold/reasons.js';
import { daysFrom, type SchoolYear, type Season, seasonOf, termDaysBetween } from '../hold/season.js';

/** What is remembered of the file of an extract that was taken in. */
export type Delivered = {
  readonly sha256: string;
  /** The day on which these bytes were taken in first. */
  readonly first_seen: string;
  readonly ends_with_break: boolean;
};

/** Every day of term brings rows to these; a week of the same bytes is no holiday. */
const DAILY: ReadonlySet<PayloadTable | null> = new Set<PayloadTable | null>(['absences', 'sessions']);
const LONGEST_UNCHANGED = 7;

type Delivery = {
  readonly manifest: FieldManifest;
  readonly landed: Landed;
  readonly last: Delivered | undefined;
  readonly today: string;
  readonly years: readonly SchoolYear[];
};

/** What is wrong with a delivery before it is read: the same again, too old, cut off. */
export function deliveryReasons({ manifest, landed, last, today, years }: Delivery): Found[] {
  const seasonOn = (day: string): Season => seasonOf(day, years, manifest.scope);
  const due = seasonOn(today) === 'term';
  return [
    ...(due ? unchanged(manifest, { landed, last, today, seasonOn }) : []),
    ...(due ? old(manifest, landed, today) : []),
    ...truncated(manifest, landed, last),
  ];
}

type Looking = Pick<Delivery, 'landed' | 'last' | 'today'> & { readonly seasonOn: (day: string) => Season };

function unchanged(
  { extract, delivery, payload_table }: FieldManifest,
  { landed, last, today, seasonOn }: Looking,
): Found[] {
  const longest = delivery.every_days ?? (DAILY.has(payload_table) ? LONGEST_UNCHANGED : undefined);
  if (longest === undefined || last?.sha256 !== landed.sha256) return [];
  const days = termDaysBetween(last.first_seen, today, seasonOn);
  return days > longest ? [{ reason: 'unchanged', place: extract, counts: `for ${days} days of term` }] : [];
}

function old({ extract, delivery }: FieldManifest, { modifiedAt }: Landed, today: string): Found[] {
  const written = new Date(modifiedAt).toISOString().slice(0, 10);
  const days = daysFrom(written, today);
  if (delivery.oldest_days === undefined || days <= delivery.oldest_days) return [];
  return [{ reason: 'old', place: extract, counts: `written ${days} days ago` }];
}

/** Formats of lines. What is packed or encrypted says itself where it ends. */
const LINES: ReadonlySet<string> = new Set(['delimited', 'sectioned', 'fixed-width', 'hl7']);

function truncated(
  { extract, format, delivery }: FieldManifest,
  landed: Landed,
  last: Delivered | undefined,
): Found[] {
  const plain = delivery.packed === undefined && delivery.encrypted === undefined;
  return plain && LINES.has(format.type) && last?.ends_with_break === true && !landed.endsWithBreak
    ? [{ reason: 'truncated', place: extract, counts: `${landed.bytes} bytes` }]
    : [];
}
