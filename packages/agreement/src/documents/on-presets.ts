import { type SafeName, safeName, ThroughlineError } from '@throughline/core';
import { z } from 'zod';
import { type CrosswalkFile, crosswalk, withCrosswalks } from '../manifest/crosswalk.js';
import type { FieldManifest } from '../manifest/field-manifest.js';
import { manifestOn } from '../manifest/on-preset.js';
import { type Preset, preset, presetManifest } from '../manifest/preset.js';
import { documentSchema } from './documents.js';
import { parseYaml } from './parse.js';
import type { DocumentFile, ParsedFile } from './set.js';

/**
 * The documents of some files; presets and crosswalks, which nobody signs, are none of them. A manifest on a preset
 * becomes the whole manifest that it stands for, and one that names crosswalks has their codes; its hash stays that of
 * its file, which names theirs.
 *
 * @throws ThroughlineError CONFIG_INVALID (file:line:column), DOCUMENT_MISSING (a preset, a crosswalk),
 *   PRESET_CHANGED, CROSSWALK_CHANGED.
 */
export function parsedFiles(files: readonly DocumentFile[]): ParsedFile[] {
  const presets = files.flatMap((file) => presetIn(file) ?? []);
  const crosswalks = files.flatMap((file) => crosswalkIn(file) ?? []);
  return files
    .filter((file) => !isPreset(file) && !isCrosswalk(file))
    .map((file) => {
      const document =
        presetOf(file) === undefined ? parseYaml(file, documentSchema) : wholeManifest(file, presets);
      return {
        ...file,
        document:
          document.kind === 'manifest'
            ? manifestWithCodes(document, { file: file.file, crosswalks })
            : document,
      };
    });
}

type CrosswalkSource = DocumentFile & CrosswalkFile;

const isCrosswalk = ({ text }: DocumentFile): boolean => /^kind: crosswalk\s*$/m.test(text);

const crosswalkIn = (file: DocumentFile): CrosswalkSource | undefined =>
  isCrosswalk(file) ? { ...file, document: parseYaml(file, crosswalk) } : undefined;

type Codes = { readonly file: SafeName; readonly crosswalks: readonly CrosswalkFile[] };

/** With the codes of its crosswalks a manifest keeps the rules of manifests, as its own codes must. */
function manifestWithCodes(manifest: FieldManifest, codes: Codes): FieldManifest {
  if (manifest.fields.every((field) => field.crosswalk === undefined)) return manifest;
  return { ...manifest, fields: withCrosswalks(manifest.fields, codes) };
}

const namingCrosswalks = z.looseObject({
  fields: z.array(z.looseObject({ crosswalk: z.looseObject({ id: z.string() }).optional() })).default([]),
});

/** The crosswalks that manifests and presets name and that no file holds, in order. */
export function crosswalksMissing(files: readonly DocumentFile[]): string[] {
  const asked = files.filter(({ text }) => /\bcrosswalk:/.test(text)).flatMap(crosswalksNamed);
  const held = new Set(files.flatMap((file) => crosswalkIn(file)?.document.id ?? []));
  return [...new Set(asked)].filter((id) => !held.has(id)).sort();
}

function crosswalksNamed(file: DocumentFile): string[] {
  const parsed = namingCrosswalks.safeParse(parseYaml(file, z.unknown()));
  return parsed.success ? parsed.data.fields.flatMap((field) => field.crosswalk?.id ?? []) : [];
}

/** The presets that manifests build on and that no file holds, in order. */
export function presetsMissing(files: readonly DocumentFile[]): string[] {
  const asked = new Set(files.flatMap((file) => presetOf(file) ?? []));
  const held = new Set(files.flatMap((file) => presetIn(file)?.document.id ?? []));
  return [...asked].filter((id) => !held.has(id)).sort();
}

const reference = z.looseObject({ kind: z.literal('manifest'), preset: z.string() });

/** The preset that a manifest builds on. */
function presetOf(file: DocumentFile): string | undefined {
  if (!/^preset:/m.test(file.text)) return undefined;
  const parsed = reference.safeParse(parseYaml(file, z.unknown()));
  return parsed.success ? parsed.data.preset : undefined;
}

type PresetFile = DocumentFile & { readonly document: Preset };

const isPreset = ({ text }: DocumentFile): boolean => /^kind: preset\s*$/m.test(text);

function presetIn(file: DocumentFile): PresetFile | undefined {
  return isPreset(file) ? { ...file, document: parseYaml(file, preset) } : undefined;
}

function wholeManifest(file: DocumentFile, presets: readonly PresetFile[]) {
  const manifest = parseYaml(file, presetManifest);
  const named = presets.filter(({ document }) => document.id === manifest.preset);
  if (named.length === 0) {
    throw new ThroughlineError('DOCUMENT_MISSING', {
      kind: safeName('preset'),
      id: safeName(manifest.preset),
      file: file.file,
    });
  }
  const approved = named.find(({ sha256 }) => sha256 === manifest.preset_sha256);
  if (approved === undefined) {
    throw new ThroughlineError('PRESET_CHANGED', { file: file.file, preset: safeName(manifest.preset) });
  }
  return manifestOn(approved.document, manifest, file.file);
}
