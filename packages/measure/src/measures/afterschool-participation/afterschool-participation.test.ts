import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeasuresInput } from '../../config/config.js';
import { type Cell, type City, type Coverage, id, measured, type Row } from '../../reference/city.js';

const config: MeasuresInput = {
  period: { from: '2025-09-01', to: '2026-06-15' },
  snapshot: '2026-06-15',
  bands: [{ name: '1-5', grades: ['04'] }],
  dimensions: ['school'],
  two_way: [],
  measures: [{ measure: 'afterschool_participation', preset: 'any_session' }],
  partners: { enrolment: ['district'], afterschool: ['clubs', 'library'] },
};

type Participant = { readonly partner?: string; readonly basis?: string; readonly rows: readonly Row[] };
type Child = {
  readonly what: string;
  /** Last day enrolled; null: still is. Undefined: no school knows the child. */
  readonly exit?: string | null;
  readonly participants: readonly Participant[];
  readonly expect: 'yes' | 'no' | 'unknown' | null;
};

const session = (row: Row = {}): Row => ({
  site: 'ymca',
  activity: 'chess',
  status: 'enrolled',
  day: '2025-10-01',
  attended: 'yes',
  ...row,
});
const attending = (row: Row = {}, about: Omit<Participant, 'rows'> = {}): Participant => ({
  ...about,
  rows: [session(row)],
});

const children: readonly Child[] = [
  { what: 'attended once', exit: null, participants: [attending()], expect: 'yes' },
  { what: 'no linked record', exit: null, participants: [], expect: 'no' },
  { what: 'never came', exit: null, participants: [attending({ attended: 'no' })], expect: 'no' },
  {
    what: 'only on the waiting list',
    exit: null,
    participants: [attending({ status: 'waitlisted' })],
    expect: 'no',
  },
  {
    what: 'waiting at one site, attending at another',
    exit: null,
    participants: [
      attending({ status: 'waitlisted' }),
      attending({ site: 'library' }, { partner: 'library', basis: 'probable' }),
    ],
    expect: 'yes',
  },
  {
    what: 'two sites, and twice at one',
    exit: null,
    participants: [
      attending(),
      attending({ activity: 'dance' }),
      attending({ site: 'elm' }, { basis: 'probable' }),
    ],
    expect: 'yes',
  },
  {
    what: 'nobody took attendance',
    exit: null,
    participants: [attending({ attended: 'unknown' })],
    expect: 'unknown',
  },
  {
    what: 'absent once, and once nobody took attendance',
    exit: null,
    participants: [
      { rows: [session({ attended: 'no' }), session({ day: '2025-10-02', attended: 'unknown' })] },
    ],
    expect: 'unknown',
  },
  {
    what: 'attended on a day nobody knows',
    exit: null,
    participants: [attending({ day: null })],
    expect: 'unknown',
  },
  {
    what: 'attended the day before the period',
    exit: null,
    participants: [attending({ day: '2025-08-31' })],
    expect: 'no',
  },
  {
    what: 'attended on the first day',
    exit: null,
    participants: [attending({ day: '2025-09-01' })],
    expect: 'yes',
  },
  {
    what: 'attended on the last day',
    exit: null,
    participants: [attending({ day: '2026-06-15' })],
    expect: 'yes',
  },
  {
    what: 'a no takes no yes away',
    exit: null,
    participants: [{ rows: [session({ attended: 'no' }), session()] }],
    expect: 'yes',
  },
  { what: 'left on the snapshot', exit: '2026-06-15', participants: [attending()], expect: 'yes' },
  { what: 'left before the snapshot', exit: '2026-06-14', participants: [attending()], expect: null },
  { what: 'goes to no school here', participants: [attending(), attending()], expect: null },
];

const schoolId = (index: number): string => id(index + 1);
const participants = children.flatMap(({ participants: own }, index) =>
  own.map((participant, place) => ({
    partner: 'clubs',
    basis: 'exact',
    ...participant,
    person: id(500 + index),
    record: id(100 * (index + 1) + place),
  })),
);
const person = (record: string, index: number, about: { partner: string; basis: string }): Row => ({
  record_id: record,
  person_id: id(500 + index),
  space: 'records',
  ...about,
});
const enrolled = children.flatMap((child, index) => (child.exit === undefined ? [] : [{ ...child, index }]));
const unknowns = Object.fromEntries(
  ['grade', 'race', 'hispanic', 'sex', 'low_income', 'disability', 'english_learner'].map((each) => [
    each,
    'unknown',
  ]),
);
const sessionsOf = (partner: string): Row[] =>
  participants
    .filter((each) => each.partner === partner)
    .flatMap(({ record, rows }) => rows.map((row) => ({ ...row, record_id: record })));

const city: City = {
  partners: {
    district: {
      students: enrolled.map(({ index }) => ({ ...unknowns, record_id: schoolId(index), active: 'yes' })),
      enrolments: enrolled.map(({ index, what, exit }) => ({
        record_id: schoolId(index),
        school: what,
        grade: '04',
        entry_date: '2025-09-01',
        exit_date: exit ?? null,
        no_show: 'no',
      })),
    },
    clubs: { sessions: sessionsOf('clubs') },
    library: { sessions: sessionsOf('library') },
  },
  people: [
    ...enrolled.map(({ index }) => person(schoolId(index), index, { partner: 'district', basis: 'exact' })),
    ...participants.map(({ record, person: own, partner, basis }) => ({
      ...person(record, 0, { partner, basis }),
      person_id: own,
    })),
  ],
};

let folder: string;
let cells: readonly Cell[];
let coverage: readonly Coverage[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterschool-'));
  ({ cells, coverage } = await measured({ folder, city, config }));
});
afterAll(() => rm(folder, { recursive: true }));

const counted = (name: string) =>
  Object.fromEntries(coverage.filter((row) => row.name === name).map((row) => [row.by ?? 'all', row.count]));

describe('afterschool participation', () => {
  it.each(children.filter(({ exit }) => exit !== undefined))('$what', ({ what, expect: expected }) => {
    const cell = cells.find((each) => each.table_name.endsWith('.school') && each.level_1 === what);
    const found = (['yes', 'no', 'unknown'] as const).find((verdict) => cell?.[verdict] === 1);
    expect(found ?? null).toBe(expected);
    expect(cell?.total).toBe(expected === null ? 0 : 1);
  });

  it('keeps unlinked participants beside the rates', () => {
    expect(counted('records')).toEqual({ all: 12 });
    expect(counted('records_linked')).toEqual({ all: 10 });
    expect(counted('records_linked_by_basis')).toEqual({ exact: 8, probable: 2 });
    expect(counted('records_linked_not_enrolled')).toEqual({ all: 1 });
    expect(counted('records_unlinked')).toEqual({ all: 2 });
  });

  it('tells waiting, enrolled and attending apart', () => {
    expect(counted('records_left_out')).toEqual({ all: 2 });
    expect(counted('records_never')).toEqual({ all: 2 });
    expect(counted('records_open')).toEqual({ all: 3 });
    expect(counted('rows')).toEqual({ all: 12 });
  });

  it('counts a person once over sites, and bounds the yes', () => {
    expect(counted('persons_unduplicated')).toEqual({ all: 9 });
    expect(counted('persons_summed_over_sites')).toEqual({ all: 10 });
    expect(counted('persons_yes_by_basis')).toEqual({ exact: 6, probable: 1 });
    expect(counted('persons_yes_at_least')).toEqual({ all: 6 });
    expect(counted('persons_yes_at_most')).toEqual({ all: 7 + 3 + 1 });
  });
});
