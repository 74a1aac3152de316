import { type SafeName, type Sha256, safeName, ThroughlineError } from '@throughline/core';
import type { Standing } from '../approvals/standing.js';
import type { FieldManifest } from '../manifest/field-manifest.js';
import type { AgreementDocument, Dsa, Dul, Emou, ReleasePolicy } from './documents.js';
import { parsedFiles } from './on-presets.js';

/** A document with the hash of its file's exact bytes. */
export type Written<Document> = {
  readonly document: Document;
  readonly sha256: Sha256;
  readonly file: SafeName;
};

/** A document, and whether its approvals count on the day. */
export type Filed<Document> = Written<Document> & { readonly standing: Standing };

/** A signature file beside a document: `<document>.sig` or `<document>.<anything>.sig`. */
export type SignatureFile = { readonly armored: string; readonly sha256: Sha256 };

/**
 * A document's file before it is parsed. What is signed are the file's exact bytes, of which `text` is the UTF-8
 * (with a byte order mark, if the file has one).
 */
export type DocumentFile = {
  readonly file: SafeName;
  readonly text: string;
  readonly sha256: Sha256;
  readonly signatures?: readonly SignatureFile[];
};

/** A document's file, parsed. */
export type ParsedFile<Document = AgreementDocument> = DocumentFile & { readonly document: Document };

/** Says of any version of a document whether its approvals count on a day. */
export type Judge = (all: readonly ParsedFile[], day: string) => (one: ParsedFile) => Standing;

/** The documents of a pipeline on one day: of each the version in force, or the first to come. */
export type DocumentSet = {
  readonly emous: readonly Filed<Emou>[];
  readonly dsas: readonly Filed<Dsa>[];
  readonly duls: readonly Filed<Dul>[];
  readonly policies: readonly Filed<ReleasePolicy>[];
  readonly manifests: readonly Filed<FieldManifest>[];
};

export type Reading = { readonly day: string; readonly judge: Judge };

/**
 * Parses the documents and finds the version of each that stands on the day: the highest that has taken effect. A
 * later one that has not, such as a renewal signed in time, changes nothing until its first day.
 *
 * @throws ThroughlineError CONFIG_INVALID (file:line:column), DOCUMENT_DUPLICATE.
 */
export function readDocuments(files: readonly DocumentFile[], { day, judge }: Reading): DocumentSet {
  const all = parseDocuments(files);
  const standing = judge(all, day);
  const of = <Kind extends AgreementDocument['kind']>(kind: Kind) =>
    ofKind(all, kind)
      .filter((one) => one === versionOn(all, one.document, day))
      .map((one) => ({
        document: one.document,
        sha256: one.sha256,
        file: one.file,
        standing: standing(one as ParsedFile),
      }))
      .toSorted((a, b) => compare(a.document.id, b.document.id));
  return {
    emous: of('emou'),
    dsas: of('dsa'),
    duls: of('dul'),
    policies: of('release-policy'),
    manifests: of('manifest'),
  };
}

/**
 * Every version of every document.
 *
 * @throws ThroughlineError CONFIG_INVALID (file:line:column), DOCUMENT_DUPLICATE, DOCUMENT_MISSING (a preset),
 *   PRESET_CHANGED.
 */
export function parseDocuments(files: readonly DocumentFile[]): ParsedFile[] {
  const all = parsedFiles(files);
  refuseDuplicates(all);
  return all;
}

type OfKind<Kind extends AgreementDocument['kind']> = Extract<AgreementDocument, { kind: Kind }>;

/** The documents of one kind. */
export const ofKind = <Kind extends AgreementDocument['kind']>(
  all: readonly ParsedFile[],
  kind: Kind,
): ParsedFile<OfKind<Kind>>[] =>
  all.filter((one): one is ParsedFile<OfKind<Kind>> => one.document.kind === kind);

type Named = { readonly kind: string; readonly id: string };

/** All versions of a document, the first version first. */
export const versionsOf = (all: readonly ParsedFile[], { kind, id }: Named): ParsedFile[] =>
  all
    .filter(({ document }) => document.kind === kind && document.id === id)
    .toSorted((a, b) => a.document.version - b.document.version);

/** The highest version that has taken effect by a day; if none has, the first. */
export function versionOn(all: readonly ParsedFile[], named: Named, day: string): ParsedFile | undefined {
  const versions = versionsOf(all, named);
  return (
    versions.findLast(({ document }) => !('effective' in document) || document.effective <= day) ??
    versions[0]
  );
}

function refuseDuplicates(all: readonly ParsedFile[]): void {
  const seen = new Map<string, ParsedFile>();
  for (const one of all) {
    const { kind, id, version } = one.document;
    const name = `${kind} ${id} ${version}`;
    const other = seen.get(name);
    if (other !== undefined) {
      throw new ThroughlineError('DOCUMENT_DUPLICATE', {
        files: [other.file, one.file],
        id: safeName(id),
        version,
      });
    }
    seen.set(name, one);
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

type Versioned = { readonly id: string; readonly version: number };

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
