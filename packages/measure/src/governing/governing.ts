import {
  approvedManifest,
  type DocumentSet,
  type FieldManifest,
  type Filed,
  termsOf,
} from '@throughline/agreement';
import { safeName, ThroughlineError } from '@throughline/core';
import type { Governed, GoverningDocument } from '@throughline/engine';
import { measuresOf } from '../compile/compile.js';
import type { MeasureConfig } from '../config/config.js';
import { type Measure, type Need, partnersIn, roles } from '../definition/measure.js';
import { needsOf } from './needs.js';

/**
 * The agreements of every partner used, permitting the use of each measure, and for each field needed an approved
 * manifest in force that keeps it.
 *
 * @throws ThroughlineError CONFIG_INVALID if the period is not over; FIELD_NOT_APPROVED (measure, partner and
 *   field); as `termsOf` and `approvedManifest`.
 */
export function governing(
  documents: DocumentSet,
  { day, config }: Governed<MeasureConfig>,
): readonly GoverningDocument[] {
  requireOver(config, day);
  const found = measuresOf(config).flatMap((measure) => {
    const needs = needsOf(measure, config.dimensions);
    const asking = { documents, day, measure, partners: config.partners };
    return [...terms(asking, needs), ...needs.flatMap((need) => manifests(asking, need))];
  });
  return [...new Map(found.map((each) => [`${each.document.kind} ${each.sha256}`, each])).values()];
}

/** School days to come would count as days present: in January, five absences of fifty would be five of 180. */
function requireOver({ period }: MeasureConfig, day: string): void {
  if (period.to <= day) return;
  throw new ThroughlineError('CONFIG_INVALID', {
    field: safeName('measures.period.to'),
    rule: safeName('the period must not run beyond the day of the run'),
  });
}

type Asking = {
  readonly documents: DocumentSet;
  readonly day: string;
  readonly measure: Measure;
  readonly partners: MeasureConfig['partners'];
};

function terms({ documents, day, measure, partners }: Asking, needs: readonly Need[]): GoverningDocument[] {
  const used = roles.filter((role) => needs.some((need) => need.role === role));
  return used
    .flatMap((role) => partnersIn(partners, role))
    .flatMap((partner) => {
      const { emou, dsa } = termsOf(documents, partner, { day, use: measure.use });
      return [emou, dsa];
    });
}

function manifests(asking: Asking, need: Need): GoverningDocument[] {
  const keeping = partnersIn(asking.partners, need.role).map((partner) => ({
    partner,
    found: approvedKeepers(asking, need, partner),
  }));
  const without = keeping.filter(({ found }) => found.length === 0);
  if (need.from === 'every' ? without.length > 0 : without.length === keeping.length) {
    throw fieldNotApproved(asking, need, without[0]?.partner ?? '');
  }
  return keeping.flatMap(({ found }) => found);
}

/**
 * The approved manifests of a partner that keep what is needed. One that lapsed or was never
 * approved does not stand in the way of another.
 */
function approvedKeepers({ documents, day }: Asking, need: Need, partner: string): GoverningDocument[] {
  const keepers = documents.manifests.filter(
    ({ document }) =>
      document.partner === partner && document.payload_table === need.table && keepsAll(document, need),
  );
  const refusals: unknown[] = [];
  const found = keepers.flatMap(({ document: { id } }) => {
    try {
      return [approvedManifest(documents, id, day)];
    } catch (refusal) {
      refusals.push(refusal);
      return [];
    }
  });
  if (found.length === 0 && refusals.length > 0) throw refusals[0];
  return found;
}

const keepsAll = (manifest: FieldManifest, { columns }: Need): boolean =>
  columns.some((alternative) => alternative.every((column) => keeps(manifest, column)));

/** Kept whole, or the same for every row. A banded date is too coarse for any measure here. */
const keeps = ({ fields, constants }: FieldManifest, wanted: string): boolean =>
  Object.hasOwn(constants, wanted) ||
  fields.some(({ column, treatment }) => column === wanted && treatment.includes('keep'));

function fieldNotApproved({ documents, measure }: Asking, need: Need, partner: string): ThroughlineError {
  const [wanted = []] = need.columns;
  const filed = documents.manifests.filter(
    ({ document }: Filed<FieldManifest>) =>
      document.partner === partner && document.payload_table === need.table,
  );
  const missing = wanted.filter((column) => !filed.some(({ document }) => keeps(document, column)));
  return new ThroughlineError('FIELD_NOT_APPROVED', {
    measure: safeName(measure.name),
    partner: safeName(partner),
    fields: (missing.length === 0 ? wanted : missing).map((column) => safeName(`${need.table}.${column}`)),
  });
}
