import {
  type Bearing,
  documentOf,
  type Filed,
  interopWarnings,
  isRefused,
  meetOf,
  policyWords,
  protectionOf,
  protectionWords,
  requireInForce,
} from '@throughline/agreement';
import { ThroughlineError } from '@throughline/core';
import { visible } from '@throughline/pages';
import type { Effects } from '../effects.js';
import type { Project } from '../project/project.js';
import { type ListedField, type Subject, subjectOf } from './subject.js';

/**
 * Says in words which agreements bear on a column, a measure or a table, and what they come to together.
 *
 * @throws ThroughlineError USAGE, DOCUMENT_MISSING.
 */
export function explainPolicy(project: Project, asked: string, { stdout }: Effects): void {
  const subject = subjectOf(project, asked);
  const bearing = bearingOn(project, subject);
  stdout(`${asked}, on ${project.day}\n`);
  for (const line of policyWords(bearing, meetOf(bearing))) stdout(`  ${line}\n`);
  if (bearing.policy !== undefined)
    for (const line of protectionWords(protectionOf(bearing))) stdout(`  ${line}\n`);
  for (const line of weakerWords(bearing)) stdout(`  ${line}\n`);
  stdout('the documents that bear on it\n');
  for (const line of documentLines(bearing, project.day)) stdout(`  ${line}\n`);
  stdout('the columns that it comes from\n');
  for (const each of subject.fields) stdout(`  ${fieldWords(each)}\n`);
  const readers = [...new Set(subject.readings.map(({ name }) => name))];
  stdout(`the measures that read them\n  ${readers.length === 0 ? 'none' : readers.join(', ')}\n`);
}

/**
 * A release is held to the agreements of every partner of the pipeline, so these bear on all that a licensed measure
 * reads; on a column that none reads, only those of the partner whose it is.
 */
function bearingOn({ pipeline, documents }: Project, { fields, readings }: Subject): Bearing {
  const dul = documentOf(documents.duls, pipeline.release.dul, 'dul');
  const isReleased = readings.some(({ measure }) => dul.document.measures.includes(measure));
  const partners = isReleased
    ? pipeline.partners.map(({ name }) => name)
    : [...fields.map(({ manifest }) => manifest.document.partner), ...readings.map(({ partner }) => partner)];
  const dsas = documents.dsas.filter(({ document }) => partners.includes(document.partner));
  const emous = documents.emous.filter(({ document }) =>
    dsas.some((dsa) => dsa.document.emou === document.id),
  );
  if (!isReleased) return { emous, dsas };
  const policy = documentOf(documents.policies, pipeline.release.policy, 'release-policy');
  return { emous, dsas, dul, policy };
}

/** Encodings that the agreements consent to although attacks on them are known. */
const weakerWords = ({ emous, dsas }: Bearing): string[] =>
  dsas.flatMap(({ document }) =>
    (document.weaker_encodings ?? [])
      .filter((profile) =>
        emous.some((emou) => emou.document.linkage.interop?.some((terms) => terms.profile === profile)),
      )
      .map(
        (profile) =>
          `identifiers of ${document.partner} may be encoded as ${profile}, which is weaker: ${interopWarnings[profile]}`,
      ),
  );

type Standing = Filed<{
  id: string;
  kind: string;
  title: string;
  effective: string;
  expires: string;
  status: string;
  version: number;
}>;

function documentLines({ emous, dsas, dul, policy }: Bearing, day: string): string[] {
  const all: Standing[] = [...emous, ...dsas, ...(dul ? [dul] : []), ...(policy ? [policy] : [])];
  return all.map((filed) => {
    const { kind, id, version, title, expires } = filed.document;
    return `${kind} ${id}, version ${version}: ${title}; ${standingWords(filed, day) ?? `until ${expires}, approved by ${approvers(filed)}`}`;
  });
}

const approvers = ({ standing }: Standing): string =>
  isRefused(standing) ? 'nobody' : standing.approvals.map(({ person }) => person).join(', ');

/** Why a document does not stand; undefined if it does. */
function standingWords(filed: Standing, day: string): string | undefined {
  try {
    requireInForce(filed, day);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof ThroughlineError) return `REFUSED ${thrown.message}`;
    throw thrown;
  }
}

const fieldWords = ({ manifest: { document }, field }: ListedField): string =>
  `${document.id}: ${visible(field.name)}, ${field.treatment.join(' and ')}, ${field.sensitivity}; ${visible(field.purpose)}; ${field.basis}`;
