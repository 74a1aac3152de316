import { ident, type Sql, sql, sqlJoin } from '@throughline/engine';
import type { PlannedExtract } from '../plan/plan.js';

/** The table `rejects`, for the owner to look the lines up: rows that cannot be used, and lines that are none. */
export const rejectsOf = (extracts: readonly PlannedExtract[]): Sql =>
  sqlJoin(
    extracts.map(
      ({ name, tables }) => sql`
        SELECT ${name} AS extract, line, reason FROM ${ident(tables.outcomes)} WHERE outcome = 'rejected'
        UNION ALL SELECT ${name}, line, reason FROM ${ident(tables.rejected)}`,
    ),
    sql` UNION ALL `,
  );
