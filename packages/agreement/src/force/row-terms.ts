import { safeName, ThroughlineError } from '@throughline/core';
import type { Dsa, Dul } from '../documents/documents.js';
import { type DocumentSet, documentOf, type Filed } from '../documents/set.js';
import { type ReleaseQuestion, type ReleaseTerms, releaseTerms } from './in-force.js';

/** What governs rows about single children: the terms of a release, and those of the licence for rows. */
export type RowReleaseTerms = ReleaseTerms & { readonly rows: NonNullable<Dul['rows']> };

/**
 * The terms under which a licensee may have rows: the licence has terms for rows and for their code, reaches
 * researchers and nobody further, and no agreement of a partner prohibits it.
 *
 * @throws ThroughlineError USE_NOT_PERMITTED naming the clause, and as `releaseTerms`.
 */
export function rowTerms(documents: DocumentSet, asked: ReleaseQuestion): RowReleaseTerms {
  const dul = documentOf(documents.duls, asked.dul, 'dul');
  const { rows, record_code, recipients, uses } = dul.document;
  if (rows === undefined) throw refused(dul, 'rows');
  if (record_code === undefined) throw refused(dul, 'record_code');
  if (!uses.includes('research-release') || uses.includes('public-release')) throw refused(dul, 'uses');
  if (recipients.some((each) => each !== 'researchers')) throw refused(dul, 'recipients');
  const isLicensed = (outcome: string) =>
    dul.document.measures.some((measure) => outcome.startsWith(`${measure}_`));
  if (!rows.outcomes.every(isLicensed)) throw refused(dul, 'rows.outcomes');
  const terms = releaseTerms(documents, asked);
  for (const { document, file } of terms.documents) {
    if (document.kind === 'dsa') requireRows({ document, file });
  }
  return { ...terms, rows };
}

/** 42 CFR 2.52(b)(3): what rests on part 2 records is told in aggregate only. */
function requireRows({ document, file }: Pick<Filed<Dsa>, 'document' | 'file'>): void {
  if (document.prohibited_uses.includes('row-level-release'))
    throw refused({ document, file }, 'prohibited_uses');
  if (document.basis.includes('42-cfr-part-2-research')) throw refused({ document, file }, 'basis');
}

const refused = ({ document, file }: Pick<Filed<Dsa | Dul>, 'document' | 'file'>, clause: string) =>
  new ThroughlineError('USE_NOT_PERMITTED', {
    use: safeName('row-level-release'),
    document: safeName(document.id),
    file,
    clause: safeName(clause),
  });
