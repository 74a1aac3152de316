import { type SlotLayout, safeName, slotLayout, ThroughlineError } from '@throughline/core';
import type { ReadArtifact, Session, Sql } from '@throughline/engine';
import { sql, sqlJoin } from '@throughline/engine';
import type { Listing } from '../admit/admit.js';

export type SealedDelivery = Pick<ReadArtifact<'slots'>, 'of' | 'table'> & Listing;

/** A pass that all who seal use: its place in `SealedFiles.passes`, and where its slot begins in a row of slots. */
export type SealedPass = { readonly place: number; readonly name: string; readonly starts: number };

/** What partners have sealed, all in one way. */
export type SealedFiles = {
  readonly deliveries: readonly SealedDelivery[];
  readonly passes: readonly SealedPass[];
  readonly layout: SlotLayout;
};

/**
 * Reads how slots are laid out, which the gate has decided for all alike.
 *
 * @throws ThroughlineError CONFIG_INVALID where two partners have sealed other passes or fields: of two gates.
 */
export async function readSealedFiles(
  session: Session,
  deliveries: readonly SealedDelivery[],
): Promise<SealedFiles> {
  const layouts = [];
  for (const delivery of deliveries) layouts.push(await layoutOf(session, delivery));
  const [first = { passes: [], similar: [], exact: [] }] = layouts;
  const other = layouts.findIndex((layout) => JSON.stringify(layout) !== JSON.stringify(first));
  if (other >= 0) {
    throw new ThroughlineError('CONFIG_INVALID', {
      field: safeName(`slots ${deliveries[other]?.of ?? ''}`),
      rule: safeName('the passes and fields that the others have sealed, by one gate'),
    });
  }
  return { deliveries, passes: first.passes, layout: slotLayout(first) };
}

async function layoutOf(session: Session, delivery: SealedDelivery) {
  const passes = await session.rows(
    'slot passes',
    sql`SELECT pass, starts FROM ${delivery.table('passes')} ORDER BY starts`,
  );
  const fields = await session.rows(
    'slot fields',
    sql`SELECT field, kind FROM ${delivery.table('fields')} ORDER BY position`,
  );
  const ofKind = (kind: string) =>
    fields.flatMap((row) => (row['kind'] === kind ? [String(row['field'])] : []));
  return {
    passes: passes.map(
      (row, place): SealedPass => ({ place, name: String(row['pass']), starts: Number(row['starts']) }),
    ),
    similar: ofKind('similar'),
    exact: ofKind('exact'),
  };
}

/**
 * Table `sealed`: the slots of every record of table `records` that has some. A partner's slots count for its own records
 * only.
 */
export const sealedRecords = ({ deliveries }: SealedFiles): Sql =>
  sqlJoin(
    deliveries.map(
      (delivery) =>
        sql`SELECT record, source, partner, slots FROM ${delivery.table('slots')}
            JOIN (SELECT * FROM records WHERE partner = ${delivery.of}) USING (record_id)`,
    ),
    sql` UNION ALL `,
  );

/** Bytes of a row of slots, from an offset on. */
export const bytesAt = (slots: Sql, from: number, length: number): Sql =>
  sql`array_slice(${slots}, ${from + 1}::BIGINT, ${from + length}::BIGINT)`;
