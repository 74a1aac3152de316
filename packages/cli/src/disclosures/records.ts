import {
  type Dsa,
  type FieldManifest,
  leavingOf,
  type ManifestField,
  type ParsedFile,
} from '@throughline/agreement';
import type { MadeEntry, Numbered } from '@throughline/engine';
import type { Disclosed } from './schools.js';

/**
 * One disclosure of records of a partner: what 34 CFR 99.32(a)(3) and 603 CMR 23.07(1) ask to be written down, with
 * where the log proves it. The eight members of 23.07(1) come first.
 */
export type DisclosureRecord = {
  readonly released_by: string;
  readonly releaser_position: string;
  /** The signature files by which the releaser approved it, by hash. */
  readonly releaser_signature: string;
  readonly received_by: string;
  readonly recipient_position_and_affiliation: string;
  readonly date: string;
  readonly parts_accessed: string;
  readonly purpose: string;
  readonly legitimate_interest: string;
  readonly legal_basis: string;
  readonly agreement: string;
  readonly schools: string;
  readonly log_entry: number;
  readonly disclosed_sha256: string;
};

export const recordColumns = [
  'released_by',
  'releaser_position',
  'releaser_signature',
  'received_by',
  'recipient_position_and_affiliation',
  'date',
  'parts_accessed',
  'purpose',
  'legitimate_interest',
  'legal_basis',
  'agreement',
  'schools',
  'log_entry',
  'disclosed_sha256',
] as const satisfies readonly (keyof DisclosureRecord)[];

/** The documents of a project, every version, by the SHA-256 of their files. */
export type DocumentsByHash = ReadonlyMap<string, ParsedFile>;

export type Telling = {
  readonly entries: readonly Numbered[];
  readonly documents: DocumentsByHash;
  readonly partner: string;
  readonly schools: readonly Disclosed[];
  /** Only disclosures that may have held records of this school. */
  readonly school: string | undefined;
};

const NOT_NOTED = 'not noted: every school that the extracts cover';

/** The disclosures of a partner's records, the earliest first: payload to the analyst desk, tokens to the linkage unit. */
export function disclosureRecords({
  entries,
  documents,
  partner,
  schools,
  school,
}: Telling): DisclosureRecord[] {
  const manifestsOf = new Map<string, MadeEntry>();
  const records: DisclosureRecord[] = [];
  for (const { index, entry } of entries) {
    if (entry.event !== 'made' || entry.of !== partner || entry.stage === 'receive') continue;
    if (entry.stage === 'ingest') for (const { manifest } of entry.outputs) manifestsOf.set(manifest, entry);
    const disclosed = entry.outputs.find(({ kind }) => kind === 'payload' || kind === 'tokens');
    if (disclosed === undefined) continue;
    const intake = entry.stage === 'ingest' ? entry : intakeOf(entry, manifestsOf);
    const note = schools.find(({ payload, identifiers }) =>
      intake?.outputs.some(({ manifest }) => manifest === payload || manifest === identifiers),
    );
    if (school !== undefined && note !== undefined && !note.schools.includes(school)) continue;
    const known = { index, entry, disclosed, intake: intake ?? entry, note };
    records.push(recordOf(known, documents));
  }
  return records;
}

/** Tokens are made of the identifiers of an intake, which knows the manifests. */
const intakeOf = (entry: MadeEntry, intakes: ReadonlyMap<string, MadeEntry>): MadeEntry | undefined =>
  entry.inputs.flatMap(({ sha256 }) => intakes.get(sha256) ?? [])[0];

type Known = {
  readonly index: number;
  readonly entry: MadeEntry;
  readonly disclosed: MadeEntry['outputs'][number];
  readonly intake: MadeEntry;
  readonly note: Disclosed | undefined;
};

function recordOf(
  { index, entry, disclosed, intake, note }: Known,
  documents: DocumentsByHash,
): DisclosureRecord {
  const found = intake.documents.map(({ sha256 }) => documents.get(sha256)?.document);
  const dsa = found.find((each): each is Dsa => each?.kind === 'dsa');
  const manifests = found.filter((each): each is FieldManifest => each?.kind === 'manifest');
  const releasers = dsa?.approvers ?? [];
  const people = dsa?.authorised_people ?? [];
  const approvals = intake.documents
    .filter(({ kind }) => kind === 'manifest')
    .flatMap((each) => each.approvals ?? []);
  const toDesk = disclosed.kind === 'payload';
  return {
    released_by: joined(releasers.map(({ name }) => name)),
    releaser_position: joined(releasers.map(({ role }) => role)),
    releaser_signature: joined(approvals.map((hash) => `sha256:${hash}`)),
    received_by: joined(people.map(({ name }) => name)),
    recipient_position_and_affiliation: joined([
      ...people.map(({ role }) => role),
      toDesk ? 'analyst desk' : 'linkage unit',
    ]),
    date: entry.at.slice(0, 10),
    parts_accessed: partsOf(manifests, toDesk),
    purpose: dsa?.purpose ?? LOST,
    legitimate_interest: joined(people.map(({ interest }) => interest)),
    legal_basis: joined([...new Set(manifests.flatMap(({ fields }) => fields.map(({ basis }) => basis)))]),
    agreement: dsa === undefined ? LOST : `${dsa.id} version ${dsa.version}`,
    schools: note === undefined ? NOT_NOTED : joined(note.schools),
    log_entry: index,
    disclosed_sha256: disclosed.manifest,
  };
}

/** A document that the log names by hash and nobody has kept is said to be lost; the record is not left out. */
const LOST = 'the document is not at hand: see the log';

const joined = (parts: readonly string[]): string => (parts.length === 0 ? LOST : parts.join('; '));

function partsOf(manifests: readonly FieldManifest[], toDesk: boolean): string {
  const leaves = (field: ManifestField) =>
    toDesk ? leavingOf(field).value !== 'nothing' : leavingOf(field).tokens;
  const parts = manifests.flatMap(({ extract, fields }) => {
    const names = fields.filter(leaves).map(({ name }) => name);
    return names.length === 0 ? [] : [`${extract}: ${names.join(', ')}`];
  });
  return `${toDesk ? 'values' : 'keyed tokens'} of ${joined(parts)}`;
}

/** The same disclosure night after night, once: with its first and last day. */
export type RepeatedRecord = DisclosureRecord & { readonly last_date: string; readonly times: number };

export function repeated(records: readonly DisclosureRecord[]): RepeatedRecord[] {
  const found = new Map<string, RepeatedRecord>();
  for (const each of records) {
    const { date, log_entry, disclosed_sha256, ...terms } = each;
    const key = JSON.stringify(terms);
    const before = found.get(key);
    found.set(
      key,
      before === undefined
        ? { ...each, last_date: date, times: 1 }
        : { ...before, last_date: date, times: before.times + 1 },
    );
  }
  return [...found.values()];
}
