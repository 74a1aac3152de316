import type { Use } from '@throughline/agreement';
import type { PayloadTable } from '@throughline/core';
import { measuresOf } from '../compile/compile.js';
import type { MeasureConfig } from '../config/config.js';
import { partnersIn } from '../definition/measure.js';

import { needsOf } from './needs.js';

/** That a measure may read a payload column of a partner. */
export type Reading = {
  /** What the measure's cells are called, such as `chronic_absence_ma`. */
  readonly name: string;
  /** What a licence calls it, such as `chronic_absence`. */
  readonly measure: string;
  readonly use: Use;
  readonly partner: string;
  readonly table: PayloadTable;
  readonly column: string;
};

/** Everything that the measures asked for may read, of every partner used. */
export const readingsOf = (config: MeasureConfig): Reading[] =>
  measuresOf(config).flatMap((each) => {
    const { name, measure, use } = each;
    return needsOf(each, config.dimensions).flatMap(({ role, table, columns }) =>
      partnersIn(config.partners, role).flatMap((partner) =>
        [...new Set(columns.flat())].map((column) => ({ name, measure, use, partner, table, column })),
      ),
    );
  });
