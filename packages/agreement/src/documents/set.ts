import { type SafeName, type Sha256, safeName, ThroughlineError } from '@throughline/core';
import type { FieldManifest } from '../manifest/field-manifest.js';
import {
  type AgreementDocument,
  type Approval,
  type Dsa,
  type Dul,
  documentSchema,
  type Emou,
  type ReleasePolicy,
} from './documents.js';
import { parseYaml } from './parse.js';

/** A document with the hash of its file's exact bytes. */
export type Filed<Document> = {
  readonly document: Document;
  readonly sha256: Sha256;
  readonly file: SafeName;
};

/** A document's file before it is parsed. */
export type DocumentFile = { readonly file: SafeName; readonly text: string; readonly sha256: Sha256 };

/** All documents of a pipeline, the latest version of each. */
export type DocumentSet = {
  readonly emous: readonly Filed<Emou>[];
  readonly dsas: readonly Filed<Dsa>[];
  readonly duls: readonly Filed<Dul>[];
  readonly policies: readonly Filed<ReleasePolicy>[];
  readonly manifests: readonly Filed<FieldManifest>[];
  readonly approvals: readonly Filed<Approval>[];
};

/**
 * Parses the documents and keeps the latest version of each.
 *
 * @throws ThroughlineError CONFIG_INVALID (file:line:column), DOCUMENT_DUPLICATE.
 */
export function readDocuments(files: readonly DocumentFile[]): DocumentSet {
  const filed = files.map((each) => ({ ...each, document: parseYaml(each, documentSchema) }));
  const of = <Kind extends AgreementDocument['kind']>(kind: Kind) =>
    filed.flatMap(({ document, sha256, file }) =>
      document.kind === kind
        ? [{ document: document as Extract<AgreementDocument, { kind: Kind }>, sha256, file }]
        : [],
    );
  return {
    emous: latest(of('emou')),
    dsas: latest(of('dsa')),
    duls: latest(of('dul')),
    policies: latest(of('release-policy')),
    manifests: latest(of('manifest')),
    approvals: of('approval'),
  };
}

type Versioned = { readonly id: string; readonly version: number };

function latest<Document extends Versioned>(filed: readonly Filed<Document>[]): Filed<Document>[] {
  const inOrder = filed.toSorted(
    (a, b) => compare(a.document.id, b.document.id) || a.document.version - b.document.version,
  );
  return inOrder.filter((each, index) => {
    const next = inOrder[index + 1];
    if (next?.document.id !== each.document.id) return true;
    if (next.document.version === each.document.version) throw duplicate(each, next);
    return false;
  });
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const duplicate = (one: Filed<Versioned>, other: Filed<Versioned>) =>
  new ThroughlineError('DOCUMENT_DUPLICATE', {
    files: [one.file, other.file],
    id: safeName(one.document.id),
    version: one.document.version,
  });

/**
 * The one document with an id.
 *
 * @throws ThroughlineError DOCUMENT_MISSING.
 */
export function documentOf<Document extends Versioned>(
  filed: readonly Filed<Document>[],
  id: string,
  kind: string,
): Filed<Document> {
  const found = filed.find(({ document }) => document.id === id);
  if (found === undefined)
    throw new ThroughlineError('DOCUMENT_MISSING', { kind: safeName(kind), id: safeName(id) });
  return found;
}
