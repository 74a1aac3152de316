import { type SafeName, safeName, ThroughlineError } from '@throughline/core';
import { type FieldManifest, fieldManifest } from './field-manifest.js';
import type { Preset, PresetManifest } from './preset.js';

/**
 * The whole manifest that a manifest on a preset stands for.
 *
 * @throws ThroughlineError CONFIG_INVALID with the file and the field: what it says does not fit the preset, or the
 *   whole breaks a rule of manifests.
 */
export function manifestOn(preset: Preset, manifest: PresetManifest, file: SafeName): FieldManifest {
  const stranger = strangerIn(preset, manifest);
  if (stranger !== undefined) throw invalid(file, stranger, 'a column of the preset');
  const parsed = fieldManifest.safeParse(wholeOf(preset, manifest));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path ?? [];
  throw invalid(file, placeIn(preset, manifest, path), issue?.message ?? '', parsed.error.issues.length - 1);
}

const invalid = (file: SafeName, field: string, rule: string, more = 0): ThroughlineError =>
  new ThroughlineError('CONFIG_INVALID', {
    file,
    field: safeName(field),
    rule: safeName(rule.replaceAll('"', '')),
    ...(more === 0 ? {} : { more }),
  });

/** A name that should be the preset's and is not. */
function strangerIn({ fields, splits }: Preset, { rename, without }: PresetManifest): string | undefined {
  const names = new Set([...fields.map(({ name }) => name), ...splits.map(({ column }) => column)]);
  return [...Object.keys(rename), ...without].find((name) => !names.has(name));
}

type Named = Readonly<Record<string, unknown>> & { readonly name: string };

function wholeOf(preset: Preset, manifest: PresetManifest): Record<string, unknown> {
  const {
    kind: _kind,
    id: _id,
    version: _version,
    title: _title,
    system: _system,
    notes: _notes,
    ...from
  } = preset;
  const {
    preset: _preset,
    preset_sha256: _hash,
    basis,
    space,
    rename,
    without,
    drop,
    fields,
    ...own
  } = manifest;
  const said = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  const name = (theirs: string) => (Object.hasOwn(rename, theirs) ? (rename[theirs] ?? theirs) : theirs);
  const records = manifest.records === undefined ? renamedKey(preset.records, name) : manifest.records;
  return {
    ...from,
    ...said,
    format: isOtherType(preset, manifest)
      ? manifest.format
      : { ...renamedFormat(preset.format, name), ...manifest.format },
    constants: { ...preset.constants, ...manifest.constants },
    splits:
      manifest.splits ??
      preset.splits.map((split) => ({ ...split, column: name(split.column), into: split.into.map(name) })),
    unpivot: manifest.unpivot ?? renamedUnpivot(preset.unpivot, name),
    records: records === null || space === undefined ? records : { ...records, space },
    fields: fieldsOf({ preset, manifest, name }),
  };
}

const renamedKey = (records: Preset['records'], name: (theirs: string) => string): Preset['records'] =>
  records === null ? null : { ...records, key: records.key.map(name) };

/** The same columns may come as a workbook instead of a text, for example: then the manifest says all of the format. */
const isOtherType = ({ format }: Preset, manifest: PresetManifest): boolean =>
  manifest.format['type'] !== undefined && manifest.format['type'] !== format.type;

const renamedUnpivot = (unpivot: Preset['unpivot'], name: (theirs: string) => string): Preset['unpivot'] =>
  unpivot === undefined
    ? undefined
    : { ...unpivot, heading: name(unpivot.heading), cell: name(unpivot.cell) };

/** The columns of a format without a header of its own, or with sections. */
function renamedFormat(format: Preset['format'], name: (theirs: string) => string): Record<string, unknown> {
  if (format.type === 'fixed-width')
    return { ...format, columns: format.columns.map((column) => ({ ...column, name: name(column.name) })) };
  if (format.type === 'delimited' && format.columns !== undefined)
    return { ...format, columns: format.columns.map(name) };
  if (format.type === 'sectioned')
    return {
      ...format,
      sections: format.sections.map((each) => ({ ...each, columns: each.columns.map(name) })),
    };
  return format;
}

type Merging = {
  readonly preset: Preset;
  readonly manifest: PresetManifest;
  readonly name: (theirs: string) => string;
};

/** The preset's columns under the export's names, each with what the manifest says of it; then those it adds. */
function fieldsOf({ preset, manifest, name }: Merging): Record<string, unknown>[] {
  const { without, drop, fields, basis } = manifest;
  const known = preset.fields
    .filter((field) => !without.includes(field.name))
    .map((field): Named => ({ ...field, name: name(field.name) }));
  const saidOf = (column: string) => fields.find((field) => field.name === column) ?? {};
  const added = fields.filter((field) => !known.some((each) => each.name === field.name));
  return [
    ...known.map((field) => ({ basis, ...field, ...saidOf(field.name) })),
    ...added.map((field) => ({ basis, ...field })),
    ...drop.map((column) => ({ basis, ...dropped(column) })),
  ];
}

const dropped = (name: string): Named => ({
  name,
  description: 'A column of this export that is not used.',
  type: 'text',
  sensitivity: 'indirect',
  treatment: ['drop'],
  purpose: 'No measure uses it.',
});

/** The place of an issue in words of the export: a field by its name. */
function placeIn(preset: Preset, manifest: PresetManifest, path: readonly PropertyKey[]): string {
  const [list, index, ...rest] = path;
  if (list !== 'fields' || typeof index !== 'number') return path.join('.');
  const whole = wholeOf(preset, manifest)['fields'] as readonly Named[];
  return ['fields', whole[index]?.name ?? index, ...rest].join('.');
}
