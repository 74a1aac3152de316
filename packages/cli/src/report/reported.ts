import { everyoneOf } from '@throughline/pages';
import { z } from 'zod';
import type { Night } from './night.js';
import { cellsOfMeasure, linksOfNight, rowsOfPartner } from './totals.js';

const count = z.int().nonnegative();

/** What of a report the next one is compared with: counts of records, and figures of the protected candidate. */
export const reported = z.strictObject({
  day: z.string(),
  partners: z.record(
    z.string(),
    z.strictObject({ rows: count, rejected: count, records: count, linked: count }),
  ),
  links: count,
  persons: count,
  /** Changes to persons on record, by their kind. */
  people: z.record(z.string(), count),
  measures: z.record(
    z.string(),
    z.strictObject({ title: z.string(), rate: z.string().nullable(), cells: count, withheld: count }),
  ),
  agreements: z.record(
    z.string(),
    z.strictObject({ title: z.string(), version: count, expires: z.string() }),
  ),
  holds: z.array(z.string()),
  candidate: z.string(),
  latest: count,
});
export type Reported = z.infer<typeof reported>;

const entriesOf = <Item, Value>(
  items: readonly Item[],
  entry: (item: Item) => readonly [string, Value],
): Record<string, Value> => Object.fromEntries(items.map(entry));

type Told = Omit<Night, 'changes'>;

/** What a night leaves behind for the next report. */
export const reportedOf = (night: Told): Reported => ({
  day: night.day,
  partners: entriesOf(night.partners, (partner) => {
    const { rowsIn: rows, rejected } = rowsOfPartner(partner);
    return [partner.name, { rows, rejected, records: partner.records, linked: partner.linked }];
  }),
  links: linksOfNight(night),
  persons: night.people.persons,
  people: entriesOf(night.people.changes, ({ name, value }) => [name, value]),
  measures: entriesOf(night.measures, (measure) => {
    const rate = everyoneOf(measure.rows)?.ratePercent ?? null;
    return [measure.name, { title: measure.title, rate, ...cellsOfMeasure(measure) }];
  }),
  agreements: entriesOf(night.agreements, ({ id, title, version, expires }) => [
    id,
    { title, version, expires },
  ]),
  holds: night.holds.map(({ id }) => id),
  candidate: night.candidate.state,
  latest: night.candidate.latest?.number ?? 0,
});

/** The latest report, and the one that it is compared with: the last of an earlier day, or else the first of all. */
export const reportedFile = z.strictObject({ before: reported.nullable(), latest: reported });
export type ReportedFile = z.infer<typeof reportedFile>;

/** The file once a night is reported. A second report of a day is compared with the same one as the first. */
export function rolled(file: ReportedFile | undefined, latest: Reported): ReportedFile {
  if (file === undefined) return { before: null, latest };
  if (file.latest.day !== latest.day) return { before: file.latest, latest };
  const isSame = JSON.stringify(file.latest) === JSON.stringify(latest);
  return { before: file.before ?? (isSame ? null : file.latest), latest };
}
