import { CERTAINTY_PARTS } from '@throughline/core';
import { type Sql, sql } from '@throughline/engine';
import type { FoundTables } from '../night/findings.js';
import { LEAST_ODDS } from '../sealed/judge.js';
import { inUnits, isLinked, UNIT } from '../sealed/keep.js';

/*
 * What the desk needs to know to expect precision and recall of a group of children, and no more: of each record how many
 * of its links may be false and how many matches may be missing. Of each pair both records count, so that neither side has to
 * be told who the other is.
 */

/** A pair that is less likely is no match, and may be of records that nothing else connects. */
const plausible = sql`probability >= ${LEAST_ODDS}`;

const ends = (pairs: Sql): Sql => sql`
  SELECT record_id_a AS record_id, probability, ${isLinked} AS linked FROM ${pairs}
  UNION ALL SELECT record_id_b AS record_id, probability, ${isLinked} AS linked FROM ${pairs}`;

const PART = UNIT / CERTAINTY_PARTS;

/**
 * A sum in whole parts: up or down by a point that is the record's own, even over all of them, so that sums over many records
 * come out right, and the same every night, so that no mean of nights tells more.
 */
const inParts = (value: Sql, of: 'false_links' | 'missed'): Sql =>
  sql`CAST((coalesce(sum(${inUnits(value)}), 0) + md5_number_lower(record_id::VARCHAR || ${of}) % ${PART}::UBIGINT) // ${PART}::BIGINT AS INTEGER)`;

/** Rows of table `certainty` of the artifact, of the records whose persons were looked at, from table `pairs`. */
export const certaintyRows = ({ pairs }: Pick<FoundTables, 'pairs'>): Sql => sql`
  SELECT record_id, links, false_links, missed FROM (
    SELECT record_id, CAST(count(*) FILTER (linked) AS INTEGER) AS links,
      ${inParts(sql`if(linked, 1 - probability, 0)`, 'false_links')} AS false_links,
      ${inParts(sql`if(linked, 0, probability)`, 'missed')} AS missed
    FROM (${ends(pairs)}) SEMI JOIN placed_anew USING (record_id)
    WHERE linked OR ${plausible}
    GROUP BY record_id
  ) WHERE links > 0 OR missed > 0`;
