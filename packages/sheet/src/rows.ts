import {
  type Dsa,
  type FieldManifest,
  leavingOf,
  type ManifestField,
  narrowerTreatments,
  treatmentWords,
  type Written,
} from '@throughline/agreement';
import type { About, FieldRow } from './layout.js';

/**
 * What differs between an export and its manifest: columns that have come, and columns that are gone. `unnamed`: where
 * columns have come whose names were not told, since they could be values.
 */
export type HeaderChange = {
  readonly added: readonly string[];
  readonly missing: readonly string[];
  readonly unnamed?: readonly string[];
};

export type SheetSource = {
  readonly manifest: Written<FieldManifest>;
  readonly dsa: Written<Dsa>;
  /** The measures that use a payload column. */
  readonly measuresOf: (column: string) => readonly string[];
  readonly change?: HeaderChange | undefined;
};

export const aboutOf = ({ manifest, dsa }: SheetSource): About => ({
  Manifest: manifest.document.id,
  Version: String(manifest.document.version),
  'SHA-256': manifest.sha256,
  Agreement: dsa.document.id,
  'Agreement SHA-256': dsa.sha256,
});

/** The rows of the sheet: the columns of the manifest, then those that the latest export has besides. */
export function fieldRows(source: SheetSource): FieldRow[] {
  const { fields } = source.manifest.document;
  const { added, unnamed } = { added: [], unnamed: [], ...source.change };
  const places = unnamed.map((position) => `at ${position}: write its name here`);
  return [
    ...fields.map((field, index) => listedRow(source, field, String(index + 1))),
    ...added.map((column, index) => newRow(source, column, `N${index + 1}`)),
    ...places.map((column, index) => ({
      ...newRow(source, column, `N${added.length + index + 1}`),
      asksName: true,
    })),
  ];
}

function listedRow(source: SheetSource, field: ManifestField, number: string): FieldRow {
  const { dsa } = source;
  const measures = field.column === undefined ? [] : source.measuresOf(field.column);
  return {
    number,
    decision: 'agree',
    column: field.name,
    inExport: source.change?.missing.includes(field.name) === true ? 'missing' : 'as listed',
    description: oneLine(field.description),
    purpose: oneLine(field.purpose),
    measures: field.treatment.includes('link') ? ['linkage', ...measures].join(', ') : measures.join(', '),
    treatment: treatmentWords(field),
    seenBy: seenBy(field, source),
    kept: keptHowLong(field, dsa.document),
    basis: field.basis,
    renamedFrom: '',
    note: '',
    choices: { treatment: narrowerTreatments(field), basis: basesOf(dsa.document, field.basis) },
  };
}

export const NEW_DESCRIPTION = 'New in the export; nobody has said what it is.';
export const NEW_PURPOSE = 'Not asked for.';

function newRow({ dsa, manifest }: SheetSource, column: string, number: string): FieldRow {
  const basis = manifest.document.fields[0]?.basis ?? '';
  return {
    number,
    decision: 'agree',
    column,
    inExport: 'new',
    description: NEW_DESCRIPTION,
    purpose: NEW_PURPOSE,
    measures: '',
    treatment: 'refuse',
    seenBy: NOBODY.refuse,
    kept: 'not taken in',
    basis,
    renamedFrom: '',
    note: '',
    choices: { treatment: ['refuse', 'drop'], basis: basesOf(dsa.document, basis) },
  };
}

/** A spreadsheet changes line breaks and runs of spaces at will. */
export const oneLine = (text: string): string => text.trim().replace(/\s+/g, ' ');

const basesOf = ({ basis }: Dsa, own: string): string[] => [...new Set([own, ...basis])];

const NOBODY = {
  refuse: 'nobody: it must not be in the file',
  drop: 'nobody: it is read over and never stored',
} as const;

/** Who sees what of a column, in words. */
export function seenBy(
  field: ManifestField,
  { manifest, dsa }: Pick<SheetSource, 'manifest' | 'dsa'>,
): string {
  const { partner } = manifest.document;
  if (field.treatment.includes('refuse')) return NOBODY.refuse;
  if (field.treatment.includes('drop')) return NOBODY.drop;
  const { tokens, value } = leavingOf(field);
  const people = dsa.document.authorised_people.map(({ name }) => name).join(', ');
  return [
    ...(value === 'nothing'
      ? [`${partner} alone`]
      : [`${partner}; the analyst desk (${people}) under a record id`]),
    ...(tokens ? ['the linkage unit sees keyed tokens'] : []),
  ].join('; ');
}

const ENDS = {
  expiry: 'the agreement ends',
  revocation: 'the agreement is revoked or ends',
  'purpose-fulfilled': 'the purpose is fulfilled or the agreement ends',
} as const;

function keptHowLong({ treatment, ...field }: ManifestField, dsa: Dsa): string {
  if (treatment.includes('refuse')) return 'not taken in';
  if (treatment.includes('drop')) return 'not kept';
  const { tokens, value } = leavingOf({ treatment, band: field.band });
  if (!tokens && value === 'nothing') return 'not kept beyond the run';
  const { trigger, within_days } = dsa.destruction;
  return `until ${ENDS[trigger]} (last day ${dsa.expires}), then destroyed within ${within_days} days`;
}
