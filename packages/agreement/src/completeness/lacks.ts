import { safeName, ThroughlineError } from '@throughline/core';
import type { Dsa, Dul } from '../documents/documents.js';
import type { Filed } from '../documents/set.js';
import type { FieldManifest } from '../manifest/field-manifest.js';
import { basisRules, licenceRules, massachusettsRules, type Requires } from './rules.js';

/** Something that a document does not say and must: its clause, and the provision that asks for it. */
export type Lack = { readonly clause: string; readonly cites: string };

/** What an agreement lacks for each basis that it claims, on a day. */
export function lacksOf(dsa: Dsa, day: string): Lack[] {
  const rules = [
    ...dsa.basis.flatMap((basis) => basisRules[basis]),
    ...(dsa.massachusetts === undefined ? [] : massachusettsRules),
  ];
  return rules
    .filter((rule: Requires) => !rule.says(dsa, day))
    .map(({ clause, cites }) => ({ clause, cites }));
}

/** What a licence lacks for the bases of the agreements whose records it releases. */
export function licenceLacks(dul: Dul, dsas: readonly Dsa[]): Lack[] {
  const bases = new Set(dsas.flatMap(({ basis }) => basis));
  return licenceRules
    .filter(({ under, says }) => under.some((basis) => bases.has(basis)) && !says(dul))
    .map(({ clause, cites }) => ({ clause, cites }));
}

/** Bases on which health records go on without each person's word, so that every field is looked at by the list. */
const BY_THE_LIST: ReadonlySet<string> = new Set(['hipaa-limited-data-set', 'hipaa-expert-determination']);

/**
 * 45 CFR 164.514(e)(2): what a limited data set may not hold. The letters are those of 164.514(b)(2)(i); B
 * (geography), C (dates) and R (other codes) may stay in part.
 */
const NOT_IN_A_LIMITED_DATA_SET: ReadonlySet<string> = new Set('ADEFGHIJKLMNOPQ');

/** What a manifest lacks under its agreement: a class for each field where HIPAA's list decides, and no forbidden one kept. */
export function manifestLacks(manifest: FieldManifest, { basis }: Pick<Dsa, 'basis'>): Lack[] {
  if (!basis.some((each) => BY_THE_LIST.has(each))) return [];
  const limited = basis.includes('hipaa-limited-data-set');
  return manifest.fields.flatMap(({ name, hipaa_class, treatment }) => {
    const clause = `fields: ${name}`;
    if (hipaa_class === undefined) return [{ clause, cites: '45 CFR 164.514(b)(2)(i)' }];
    const goesOn = treatment.includes('keep') || treatment.includes('band');
    const forbidden = limited && goesOn && NOT_IN_A_LIMITED_DATA_SET.has(hipaa_class);
    return forbidden ? [{ clause, cites: '45 CFR 164.514(e)(2)' }] : [];
  });
}

/** @throws ThroughlineError BASIS_INCOMPLETE with the clauses that are missing and the provisions that ask for them. */
export function requireComplete(
  { document, file }: Pick<Filed<Dsa>, 'document' | 'file'>,
  day: string,
): void {
  refuse({ id: document.id, file }, lacksOf(document, day));
}

/** @throws ThroughlineError BASIS_INCOMPLETE */
export function requireManifestComplete(
  { document, file }: Pick<Filed<FieldManifest>, 'document' | 'file'>,
  dsa: Pick<Dsa, 'basis'>,
): void {
  refuse({ id: document.id, file }, manifestLacks(document, dsa));
}

/** @throws ThroughlineError BASIS_INCOMPLETE */
export function requireLicenceComplete(
  { document, file }: Pick<Filed<Dul>, 'document' | 'file'>,
  dsas: readonly Dsa[],
): void {
  refuse({ id: document.id, file }, licenceLacks(document, dsas));
}

function refuse({ id, file }: { id: string; file: Filed<unknown>['file'] }, lacks: readonly Lack[]): void {
  if (lacks.length === 0) return;
  throw new ThroughlineError('BASIS_INCOMPLETE', {
    document: safeName(id),
    file,
    lacks: lacks.slice(0, 8).map(({ clause, cites }) => safeName(`${clause} (${cites})`)),
    ...(lacks.length > 8 ? { more: lacks.length - 8 } : {}),
  });
}
