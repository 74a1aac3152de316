import { z } from 'zod';
import { documentId, legalBasis, version } from '../documents/terms.js';
import { field, fieldManifest } from './field-manifest.js';

const { basis: _, ...presetField } = field.shape;
const own = fieldManifest.shape;

/**
 * A preset: how the usual export of a system is read, as far as that is the same for everybody who has the system. A
 * manifest builds on it and names its hash, so that an approval of the manifest covers the preset's exact bytes too.
 */
export const preset = z.strictObject({
  kind: z.literal('preset'),
  id: documentId,
  version,
  title: z.string().min(5).max(200),
  system: z.string().min(2).max(120).describe('the system, and which of its exports'),
  notes: z
    .string()
    .max(4000)
    .default('')
    .describe('what to ask the system for, and what is known to go wrong'),
  extract: own.extract.describe('what the extract is usually called'),
  format: own.format,
  delivery: own.delivery,
  nulls: own.nulls,
  records: own.records,
  splits: own.splits,
  unpivot: own.unpivot,
  payload_table: own.payload_table,
  constants: own.constants,
  excludes: own.excludes,
  opt_out_list: own.opt_out_list,
  fields: z
    .array(z.strictObject(presetField))
    .min(1)
    .max(512)
    .describe("the columns, as in a manifest but without a legal basis, which is the agreement's"),
});
export type Preset = z.infer<typeof preset>;

const columnName = z.string().min(1).max(120);
const optional = {
  extract: own.extract.optional(),
  delivery: z.unknown().optional(),
  nulls: own.nulls.unwrap().optional(),
  records: own.records.optional(),
  payload_table: own.payload_table.optional(),
  excludes: own.excludes.unwrap().optional(),
  opt_out_list: own.opt_out_list.unwrap().optional(),
  splits: own.splits.unwrap().optional(),
};

/** A manifest that builds on a preset: what is its own, and where the export differs. */
export const presetManifest = z.strictObject({
  ...own,
  ...optional,
  preset: documentId.describe('the preset that it builds on'),
  preset_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits')
    .describe('the preset as it is approved: `throughline presets` prints its hash'),
  basis: legalBasis.describe('the legal basis of every column that names no other'),
  space: documentId.optional().describe("the kind of record, if not the preset's"),
  format: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("what differs from the preset's format; all of it if its type is another"),
  rename: z
    .record(columnName, columnName)
    .default({})
    .describe("the preset's name of a column: the export's name of it"),
  without: z.array(columnName).default([]).describe('columns of the preset that the export lacks'),
  drop: z
    .array(columnName)
    .default([])
    .describe('columns of the export that the preset does not know and that nobody uses'),
  fields: z
    .array(z.looseObject({ name: columnName }))
    .default([])
    .describe('columns that the preset does not know; of those that it does, what differs'),
});
export type PresetManifest = z.infer<typeof presetManifest>;
