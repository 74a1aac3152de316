import type { Measure, Need } from '../definition/measure.js';
import { attributesAmong, type Dimension, readingOf } from '../population/dimensions.js';

/** What every measure needs to know who is enrolled, where and when. */
const enrolments: Need = {
  role: 'enrolment',
  table: 'enrolments',
  columns: [['school', 'grade', 'entry_date', 'exit_date', 'no_show']],
  from: 'every',
};

/** All that a measure needs. An attribute that some partner does not share is unknown for its children. */
export const needsOf = (measure: Measure, dimensions: readonly Dimension[]): readonly Need[] => [
  enrolments,
  ...measure.needs,
  ...attributesAmong(dimensions).map(
    (attribute): Need => ({
      role: 'enrolment',
      table: 'students',
      columns: [readingOf(attribute).columns],
      from: 'some',
    }),
  ),
];
