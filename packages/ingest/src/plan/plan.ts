import {
  approvedManifest,
  type DocumentSet,
  type FieldManifest,
  type Filed,
  termsOf,
} from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import type { ExtractFile, GoverningDocument } from '@throughline/engine';
import { type Layout, layoutOf } from '../read/layout.js';
import type { IngestConfig } from './config.js';

type Asked = { readonly of: string; readonly day: string; readonly config: IngestConfig };

/**
 * What governs the intake of a partner's extracts: its agreements and each manifest.
 *
 * @throws ThroughlineError as `termsOf` and `approvedManifest`; CONFIG_INVALID where manifests contradict one another.
 */
export function governing(documents: DocumentSet, { of, day, config }: Asked): GoverningDocument[] {
  const { emou, dsa } = termsOf(documents, of, { day, use: 'linkage' });
  const approved = config.manifests.map((id) => approvedManifest(documents, id, day));
  for (const manifest of approved) requireOwn(manifest, { partner: of, agreement: dsa.document.id });
  requireAgreement(approved.map(({ document }) => document));
  return [emou, dsa, ...approved];
}

function requireOwn(
  { document, file }: Filed<FieldManifest>,
  { partner, agreement }: { partner: string; agreement: string },
): void {
  const clause = document.partner !== partner ? 'partner' : 'agreement';
  if (document.partner === partner && document.agreement === agreement) return;
  throw new ThroughlineError('PARTY_NOT_COVERED', {
    partner: safeName(partner),
    document: safeName(document.id),
    file,
    clause: safeName(clause),
  });
}

/** An extract with the manifest that governs it and the names of its tables in the database. */
export type PlannedExtract = {
  readonly name: string;
  readonly manifest: FieldManifest;
  readonly layout: Layout;
  readonly file: ExtractFile;
  readonly tables: ExtractTables;
};

/**
 * - `values`: `line`, each field's text as `c0`, `c1`, …, null where nothing is known, its value as `v0`, `v1`, …, and
 *   why the row cannot be kept
 * - `records`: the record's id, by the texts of its key or by `line`
 * - `rejected`: lines that never became rows
 * - `identity`: the identifiers in normal form, one row for each of a record's spellings
 * - `identity_notes`: values set aside on the way to the normal form
 * - `outcomes`: `line`, the record's id, the values, which texts are there (true or null), and what became of the row
 */
export type ExtractTables = Readonly<
  Record<'values' | 'records' | 'rejected' | 'identity' | 'identity_notes' | 'outcomes', string>
>;

/**
 * Brings the delivered extracts and the manifests together.
 *
 * @throws ThroughlineError EXTRACT_MISSING, EXTRACT_REFUSED (nobody has approved it).
 */
export function plannedExtracts(
  documents: DocumentSet,
  { config, day }: Asked,
  files: readonly ExtractFile[],
): PlannedExtract[] {
  const manifests = config.manifests.map((id) => approvedManifest(documents, id, day).document);
  requireListed(manifests, files);
  return manifests.map((manifest, index) => {
    const file = files.find(({ name }) => name === manifest.extract);
    if (file === undefined)
      throw new ThroughlineError('EXTRACT_MISSING', { name: safeName(manifest.extract) });
    return plannedExtract(manifest, file, index);
  });
}

export const plannedExtract = (
  manifest: FieldManifest,
  file: ExtractFile,
  index: number,
): PlannedExtract => ({
  name: manifest.extract,
  manifest,
  layout: layoutOf(manifest),
  file,
  tables: tablesOf(index),
});

const tablesOf = (index: number): ExtractTables => ({
  values: `values_${index}`,
  records: `records_${index}`,
  rejected: `rejected_${index}`,
  identity: `identity_${index}`,
  identity_notes: `identity_notes_${index}`,
  outcomes: `outcomes_${index}`,
});

function requireListed(manifests: readonly FieldManifest[], files: readonly ExtractFile[]): void {
  for (const { name } of files) {
    if (manifests.some(({ extract }) => extract === name)) continue;
    throw new ThroughlineError('EXTRACT_REFUSED', {
      name: safeName(name),
      rule: safeName('a manifest that lists it'),
    });
  }
}

/** Manifests of one partner must agree with one another about extracts, keys and what is left out. */
function requireAgreement(manifests: readonly FieldManifest[]): void {
  const extracts = manifests.map(({ extract }) => extract);
  const twice = extracts.find((extract, index) => extracts.indexOf(extract) !== index);
  if (twice !== undefined) throw contradiction(twice, 'one manifest an extract');
  for (const { space, members } of spacesOf(manifests)) {
    if (new Set(members.map(keyShape)).size > 1) throw contradiction(space, 'the same key in all extracts');
    const asks = members.some(({ excludes }) => excludes.includes('opted-out'));
    const lists = members.some(({ opt_out_list }) => opt_out_list);
    if (asks && !lists) throw contradiction(space, 'an opt-out list, since opted-out records are left out');
  }
}

const contradiction = (name: string, rule: string) =>
  new ThroughlineError('CONFIG_INVALID', { name: safeName(name), rule: safeName(rule) });

/** The kinds of record of some manifests, and the manifests of each. */
export function spacesOf<Member extends FieldManifest>(
  manifests: readonly Member[],
): { readonly space: string; readonly members: readonly Member[] }[] {
  const names = new Set(manifests.flatMap(({ records }) => records?.space ?? []));
  return [...names].map((space) => ({
    space,
    members: manifests.filter(({ records }) => records?.space === space),
  }));
}

/** Two extracts name the same records only if their keys are read alike. */
const keyShape = ({ records, fields }: FieldManifest): string =>
  JSON.stringify(
    records?.key.map((key) => {
      const field = fields.find(({ name }) => name === key);
      return [field?.type, field?.pattern, field?.width];
    }),
  );
