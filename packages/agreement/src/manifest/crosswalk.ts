import { codeListOf, payloadCodes, type SafeName, safeName, ThroughlineError } from '@throughline/core';
import { z } from 'zod';
import { documentId, sentence, version } from '../documents/terms.js';
import type { CodesBeside } from './field-manifest.js';

type List = keyof typeof payloadCodes | 'language';
const lists = [...(Object.keys(payloadCodes) as (keyof typeof payloadCodes)[]), 'language'] as const;

/** Languages at home have no list of ours: ISO 639-2, terminology codes of three letters. */
const LANGUAGE = /^[a-z]{3}$/;

const isWordOf = (list: List, word: string): boolean =>
  list === 'language' ? LANGUAGE.test(word) : (payloadCodes[list] as readonly string[]).includes(word);

/**
 * A crosswalk: what the codes of a source stand for in ours. A manifest or a preset names its hash, so that an approval
 * covers its exact bytes too.
 */
export const crosswalk = z
  .strictObject({
    kind: z.literal('crosswalk'),
    id: documentId,
    version,
    title: z.string().min(5).max(200),
    source: sentence.describe('where the codes are listed, and by whom'),
    becomes: z.enum(lists).describe('the list of codes that they become; language is ISO 639-2'),
    codes: z.record(z.string().min(1).max(80), z.string()).describe("the source's codes and ours"),
  })
  .superRefine(({ becomes, codes }, context) => {
    for (const [theirs, ours] of Object.entries(codes)) {
      const path = ['codes', theirs];
      if (!isWordOf(becomes, ours))
        context.addIssue({ code: 'custom', path, message: 'no word of the list' });
      if (theirs.trim() !== theirs)
        context.addIssue({ code: 'custom', path, message: 'a code without blanks around it' });
    }
  });
export type Crosswalk = z.infer<typeof crosswalk>;

/** A crosswalk with the hash of its file. */
export type CrosswalkFile = { readonly document: Crosswalk; readonly sha256: string };

/** The list of codes that a field becomes; undefined for one that becomes none. */
function listOfField({ column, identifier }: CodesBeside): List | undefined {
  if (column !== undefined) return column === 'home_language' ? 'language' : codeListOf[column];
  return identifier === 'sex' ? 'sex' : undefined;
}

type Where = { readonly file: SafeName; readonly crosswalks: readonly CrosswalkFile[] };

/**
 * The fields with the codes of the crosswalks that they name; a field's own codes go before them.
 *
 * @throws ThroughlineError DOCUMENT_MISSING, CROSSWALK_CHANGED, CONFIG_INVALID (it is for another kind of column).
 */
export function withCrosswalks<Field extends CodesBeside>(fields: readonly Field[], where: Where): Field[] {
  return fields.map((field) =>
    field.crosswalk === undefined
      ? field
      : { ...field, codes: { ...crosswalkFor(field, where).codes, ...field.codes } },
  );
}

function crosswalkFor(field: CodesBeside, { file, crosswalks }: Where): Crosswalk {
  const { id = '', sha256 = '' } = field.crosswalk ?? {};
  const named = crosswalks.filter(({ document }) => document.id === id);
  if (named.length === 0)
    throw new ThroughlineError('DOCUMENT_MISSING', { kind: safeName('crosswalk'), id: safeName(id), file });
  const approved = named.find((each) => each.sha256 === sha256)?.document;
  if (approved === undefined)
    throw new ThroughlineError('CROSSWALK_CHANGED', { file, crosswalk: safeName(id) });
  if (listOfField(field) === approved.becomes) return approved;
  throw new ThroughlineError('CONFIG_INVALID', {
    file,
    field: safeName(`fields.${field.name}.crosswalk`),
    rule: safeName(`a crosswalk to the codes of its column, not to ${approved.becomes}`),
  });
}
