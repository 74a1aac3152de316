import { type SafeName, safeName } from '@throughline/core';

/** What a reason means to the person who decides; docs/reference/holds.md is printed from this table. */
export type ReasonEntry = { readonly meaning: string; readonly look: string };

/** Why a delivery that can be read is held all the same. */
export const holdReasons = {
  unchanged: {
    meaning: 'The file has the bytes of an earlier delivery, for longer than a new one is due, in term.',
    look: 'Did the export run? Systems often send the last file again when it failed.',
  },
  old: {
    meaning: 'The file was written longer ago than its manifest allows, in term.',
    look: 'Did the export run? Is it copied from the right folder?',
  },
  truncated: {
    meaning: 'The last line has no end, and that of the last good delivery had one.',
    look: 'Was the transfer cut off?',
  },
  empty: {
    meaning: 'There is no row that can be used, and the last good delivery had some.',
    look: 'An export for a year that has not begun, or a filter that matches nobody.',
  },
  rows: {
    meaning: 'The number of rows that can be used moved by more than the limits. Opt-outs do not count.',
    look: 'A filter, another school year, a school that is missing or new.',
  },
  coverage: {
    meaning: 'The share of rows that have a field moved by more than the limits.',
    look: 'A column that is no longer filled, or is filled with something else.',
  },
  code: {
    meaning: 'The share of rows that have a code moved by more than the limits.',
    look: 'A code that means something else than before; a group of children that is missing.',
  },
  gone: {
    meaning: 'More records of the last good delivery are missing than the limits allow.',
    look: 'A filter on active children, a school that is missing, or ids that were issued anew.',
  },
  same_value: {
    meaning: 'One value stands in more records of an identifying number than the limits allow.',
    look: 'A column that holds the name of the state or zeros instead of a number.',
  },
  unfilled: {
    meaning:
      'More records than the manifest bears lack a name or a birth date that it links, or have one that cannot be read.',
    look: 'A column that is empty, another format of dates, or a system that has no birth dates: then the owner may raise `limits.unfilled`.',
  },
  active_only: {
    meaning:
      'The rows contradict `active_only`. Where it is declared false: children who have left have hardly any of the absences that they would have if they were exported like the others, or nobody has left at all. Where it is declared true: they have them.',
    look: 'Does the export leave out those who have left? Then their absences are unknown, and the manifest must say so.',
  },
  exceptions_only: {
    meaning:
      'The rows contradict `exceptions_only`. Where it is declared true: most membership days have a row, so that a day without one may be lost rather than attended. Where it is declared false: most have none.',
    look: 'Does the export list every day, or only absences and lates?',
  },
  current_year_only: {
    meaning:
      'The dates contradict `current_year_only`. Where it is declared true: rows begin before the first day covered. Where it is declared false: none does.',
    look: 'Does the export hold earlier years?',
  },
  one_row_per_enrolment: {
    meaning:
      'Rows of one record at one school overlap, though each time at a school is declared to be one row.',
    look: 'Partial, special-education and second enrolments are often rows of their own.',
  },
  covers: {
    meaning: 'More rows are dated outside the days that the manifest covers than the limits allow.',
    look: 'Has the year rolled over? The manifest of the new year must be approved.',
  },
} as const satisfies Record<string, ReasonEntry>;
export type HoldReason = keyof typeof holdReasons;

/** A reason with its place and its counts. */
export type Found = {
  readonly reason: HoldReason;
  /** An extract or a space; with a field or code of the manifest after dots. */
  readonly place: string;
  /** Counts in words, such as `rows 2629 then, 1500 now`. */
  readonly counts: string;
};

/** As an error says it: `rows students: 2629 then, 1500 now`. */
export const reasonName = ({ reason, place, counts }: Found): SafeName =>
  safeName(`${reason} ${place}: ${counts}`);
