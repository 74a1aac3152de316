import type { FieldManifest, ManifestField } from '@throughline/agreement';
import type { ExpectedHeader } from './header.js';
import { headingReader, type Unfold, unfolder } from './unpivot.js';

/** The name under which the section of a sheet is a column. */
const SECTION = 'section';

/** Where the columns of an extract go. */
export type Layout = {
  /** The fields that are read, in the order of the manifest: `c0`, `c1`, … of the canonical file. */
  readonly fields: readonly ManifestField[];
  /** The columns that the header must have, in no particular order. */
  readonly columns: readonly string[];
  /** Columns that must not be there at all. */
  readonly refused: readonly string[];
};

const isRead = ({ treatment }: ManifestField): boolean =>
  !treatment.includes('drop') && !treatment.includes('refuse');

/** Dropped columns must be in the header and are never written anywhere. */
export function layoutOf(manifest: FieldManifest): Layout {
  const { fields, splits, format, unpivot } = manifest;
  const parts = new Set([
    ...splits.flatMap(({ into }) => into),
    ...(unpivot === undefined ? [] : [unpivot.heading, unpivot.cell]),
  ]);
  const isPseudo = (name: string) => parts.has(name) || (format.type === 'sectioned' && name === SECTION);
  const refused = fields.filter(({ treatment }) => treatment.includes('refuse')).map(({ name }) => name);
  const own = fields.map(({ name }) => name).filter((name) => !isPseudo(name) && !refused.includes(name));
  return {
    fields: fields.filter(isRead),
    columns: [...own, ...splits.map(({ column }) => column)],
    refused,
  };
}

/** What the header of an extract must and must not have. */
export function expectedOf(extract: string, manifest: FieldManifest): ExpectedHeader {
  const { columns, refused } = layoutOf(manifest);
  const optional = manifest.fields.filter((field) => field.optional).map(({ name }) => name);
  const days = manifest.unpivot && { field: manifest.unpivot.heading, dayOf: headingReader(manifest) };
  return { extract, columns, optional, refused, ...(days === undefined ? {} : { days }) };
}

/** The same for records without a header, and the members that every row needs. */
export function expectedMembersOf(
  extract: string,
  manifest: FieldManifest,
): ExpectedHeader & { readonly required: readonly string[] } {
  const required = manifest.fields
    .filter((field) => field.required && !field.optional)
    .map(({ name }) => name);
  return { ...expectedOf(extract, manifest), required };
}

/** Gives a field's value from a row of the source. */
export type Pick = (cells: readonly (string | null)[]) => string | null;

export type Picked = {
  readonly picks: readonly Pick[];
  readonly wanted: ReadonlySet<number>;
  /** Which cells the picks are, if each is a whole cell of its row; -1 for none. */
  readonly sources: readonly number[] | undefined;
  /** The rows that a row of the source is, in a sheet with a column a day. */
  readonly unfold: Unfold | undefined;
};

/**
 * How to fill the canonical columns from rows under a header. A field whose column the header lacks, as may be in
 * one section of a sheet, has no value.
 */
export function picksOf(
  manifest: FieldManifest,
  { header, section }: { readonly header: readonly (string | null)[]; readonly section: string | null },
): Picked {
  const { unfold, added, days } = unfolder(manifest, header);
  const columns = [...header, ...added];
  const sources = layoutOf(manifest).fields.map(({ name }) => sourceOf(manifest, columns, name));
  const wanted = new Set([...sources.map(({ index }) => index).filter((index) => index >= 0), ...days]);
  const isSection = (name: string) => section !== null && name === SECTION;
  const picks = layoutOf(manifest).fields.map(({ name }, position) =>
    isSection(name) ? () => section : pickFrom(sources[position]),
  );
  const isWhole = section === null && unfold === undefined && sources.every(({ part }) => part === undefined);
  return { picks, wanted, sources: isWhole ? sources.map(({ index }) => index) : undefined, unfold };
}

/** A column, or one of the parts of a column that holds several values. */
type Source = {
  readonly index: number;
  readonly part?: { readonly at: string; readonly of: number; readonly position: number };
};

function sourceOf({ splits }: FieldManifest, header: readonly (string | null)[], name: string): Source {
  const split = splits.find(({ into }) => into.includes(name));
  if (split === undefined) return { index: header.indexOf(name) };
  const part = { at: split.at, of: split.into.length, position: split.into.indexOf(name) };
  return { index: header.indexOf(split.column), part };
}

function pickFrom(source: Source | undefined): Pick {
  if (source === undefined || source.index < 0) return () => null;
  const { index, part } = source;
  if (part === undefined) return (cells) => cells[index] ?? null;
  return (cells) => partOf(cells[index] ?? null, part);
}

/** A text that does not fall into so many parts is each of them, so that it is counted as unreadable, not lost. */
function partOf(text: string | null, { at, of, position }: NonNullable<Source['part']>): string | null {
  const parts = text?.split(at) ?? [];
  return parts.length === of ? (parts[position]?.trim() ?? null) : text;
}
