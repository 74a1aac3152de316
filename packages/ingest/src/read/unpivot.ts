import type { FieldManifest } from '@throughline/agreement';
import { dateReader } from '../normalise/dates.js';

type Cells = readonly (string | null)[];

/** Gives the rows that a row of the source is. */
export type Unfold = (cells: Cells) => readonly Cells[];

/**
 * Reads the heading of a column of a sheet with a column a day.
 *
 * @returns a function that gives the ISO date; null for a text that is no day covered, or is two of them.
 */
export function headingReader({ unpivot, fields, scope }: FieldManifest): (heading: string) => string | null {
  const formats = fields.find(({ name }) => name === unpivot?.heading)?.format ?? [];
  const readers = formats.map(dateReader);
  return (heading) => {
    const days = new Set(readers.flatMap((read) => read(heading.trim()) ?? []));
    const [day] = days;
    if (day === undefined || days.size > 1) return null;
    return scope.covers_from <= day && day <= scope.covers_to ? day : null;
  };
}

type Unfolding = {
  /** Undefined where each row of the source is one. */
  readonly unfold: Unfold | undefined;
  /** Columns that unfolded rows have behind those of the source. */
  readonly added: readonly string[];
  /** Columns of the source whose cells become rows. */
  readonly days: readonly number[];
};

const AS_IT_IS: Unfolding = { unfold: undefined, added: [], days: [] };

/** How the rows under a header are unfolded: each cell under a day is a row, with the heading and the cell behind it. */
export function unfolder(manifest: FieldManifest, header: Cells): Unfolding {
  const { unpivot } = manifest;
  if (unpivot === undefined) return AS_IT_IS;
  const dayOf = headingReader(manifest);
  const listed = new Set(manifest.fields.map(({ name }) => name));
  const days = header.flatMap((name, index) =>
    name !== null && !listed.has(name) && dayOf(name) !== null ? [index] : [],
  );
  return {
    unfold: (cells) =>
      days.map((index) => [...withWidth(cells, header.length), header[index] ?? null, cells[index] ?? null]),
    added: [unpivot.heading, unpivot.cell],
    days,
  };
}

/** A scanner gives no cells behind the last one that is wanted. */
const withWidth = (cells: Cells, width: number): Cells =>
  Array.from({ length: width }, (_, index) => cells[index] ?? null);
