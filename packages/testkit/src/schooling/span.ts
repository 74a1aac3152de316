import type { Day } from '../calendar/days.js';

export type SchoolSystem = 'district' | 'charter';

/** One enrolment. Both ends are days in membership; a null exit is still enrolled. */
export type Span = {
  readonly system: SchoolSystem;
  readonly school: string;
  readonly grade: number;
  readonly entry: Day;
  readonly exit: Day | null;
  readonly exitCode: string;
  readonly noShow: boolean;
  /** From this day the child is already at another school and is marked absent here; null otherwise. */
  readonly goneFrom: Day | null;
  /** Exactly this many absences; null lets chance decide. */
  readonly absences: number | null;
};
