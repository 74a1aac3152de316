import {
  type DocumentSet,
  documentSchema,
  type FieldManifest,
  type Filed,
  fieldManifest,
} from '@throughline/agreement';
import { safeName } from '@throughline/core';
import { sha256Of } from '@throughline/engine';
import type { z } from 'zod';

type Written = z.input<typeof fieldManifest>;
export type WrittenField = Written['fields'][number];

const TERMS = { version: 1, title: 'A sample', effective: '2025-07-01', expires: '2030-06-30' } as const;

/** A field, for tests: a text that is dropped, unless told otherwise. */
export const field = (name: string, over: Partial<WrittenField> = {}): WrittenField => ({
  name,
  description: 'a sample column',
  type: 'text',
  sensitivity: 'low',
  treatment: ['drop'],
  purpose: 'a sample purpose',
  basis: 'owner-programme-records',
  ...over,
});

export const key = field('id', { type: 'id', pattern: 'digits', width: 4, treatment: ['internal'] });

export const COMMA = { type: 'delimited', encoding: 'utf-8', delimiter: ',', quote: '"' } as const;

/** A manifest, for tests: participants of one partner with their names and sessions, unless told otherwise. */
export function sampleManifest(over: Partial<Written> = {}): FieldManifest {
  const extract = over.extract ?? 'sessions';
  return fieldManifest.parse({
    kind: 'manifest',
    ...TERMS,
    id: `sample-${extract}`,
    partner: 'club',
    agreement: 'dsa-club',
    extract,
    purpose: 'A sample extract for tests.',
    format: COMMA,
    records: {
      space: 'participant',
      key: ['id'],
      identifiers: true,
      one_row_each: false,
      duplicate_free: false,
    },
    payload_table: 'sessions',
    scope: { covers_from: '2025-09-01', covers_to: '2026-06-30', active_only: false, exceptions_only: false },
    limits: { rejected_share: 1, unmapped_share: 1, few: 0 },
    fields: [
      key,
      field('last', { treatment: ['link'], identifier: 'last' }),
      field('first', { treatment: ['link'], identifier: 'first' }),
      field('born', { type: 'date', format: ['%m/%d/%Y'], treatment: ['link'], identifier: 'birth_date' }),
      field('day', { type: 'date', format: ['%m/%d/%Y'], treatment: ['keep'], column: 'day' }),
      field('came', {
        type: 'code',
        codes: { Y: 'yes', N: 'no' },
        treatment: ['keep'],
        column: 'attended',
      }),
      field('note'),
    ],
    ...over,
  } satisfies Written);
}

export const SAMPLE_HEADER = 'id,last,first,born,day,came,note';

/** Agreements of the partner `club` with its manifests, all approved. */
export function sampleDocuments(manifests: readonly FieldManifest[]): DocumentSet {
  return {
    emous: [filed('emou', EMOU)],
    dsas: [filed('dsa', DSA)],
    duls: [],
    policies: [],
    manifests: manifests.map((document) => ({
      document,
      sha256: sha256Of(document.id),
      file: safeName('sample'),
      standing: { approvals: [] },
    })),
  };
}

type Kind = 'emou' | 'dsa';
type Document<K extends Kind> = Extract<z.infer<typeof documentSchema>, { kind: K }>;

function filed<K extends Kind>(kind: K, written: unknown): Filed<Document<K>> {
  const document = documentSchema.parse(written);
  const isOfKind = (each: typeof document): each is Document<K> & typeof document => each.kind === kind;
  if (!isOfKind(document)) throw new RangeError(`filed: ${kind} expected`);
  return { document, sha256: sha256Of(kind), file: safeName(kind), standing: { approvals: [] } };
}

const ONE = { at_least: 1 };

const EMOU = {
  kind: 'emou',
  ...TERMS,
  id: 'emou-town',
  parties: ['club', 'school'],
  purpose: 'A sample memorandum for tests.',
  governance: { body: 'Board', decides: 'Everything that there is.', meets: 'monthly' },
  approvers: [
    { person: 'ann', name: 'Ann Example', role: 'registrar', party: 'club', approves: ['emou'], keys: [] },
  ],
  quorums: { emou: ONE, dsa: ONE, dul: ONE, 'release-policy': ONE },
  thresholds: { min_cell: 10 },
  linkage: { epoch: '2026-1', rules: [{ name: 'first_last', parts: ['first', 'last'], basis: 'exact' }] },
};

const DSA = {
  kind: 'dsa',
  ...TERMS,
  id: 'dsa-club',
  emou: 'emou-town',
  partner: 'club',
  basis: ['owner-programme-records'],
  purpose: 'A sample agreement for tests.',
  scope: 'Participants and sessions.',
  permitted_uses: ['linkage'],
  prohibited_uses: [],
  authorised_people: [{ name: 'Ann Example', role: 'analyst', interest: 'Runs the tests.' }],
  safeguards: ['All that there are.'],
  redisclosure: 'none',
  recipients: ['analyst-desk'],
  approvers: [{ person: 'ann', name: 'Ann Example', role: 'registrar', keys: [] }],
  quorum: ONE,
  destruction: { trigger: 'expiry', within_days: 30, method: 'Deletion of files.', certificate_to: 'Club' },
  oversight: { reviewer: 'Board', cadence: 'yearly' },
  thresholds: { min_cell: 10 },
};
