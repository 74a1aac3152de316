import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeasuresInput } from '../config/config.js';
import { type Cell, type City, type Coverage, id, measured, type Row } from '../reference/city.js';
import { dimensionNames } from './dimensions.js';

const [, ...attributes] = dimensionNames;
const config: MeasuresInput = {
  period: { from: '2025-09-01', to: '2026-06-15' },
  snapshot: '2026-06-15',
  bands: [
    { name: 'PK-K', grades: ['PK', 'K'] },
    { name: '1-5', grades: ['01', '02', '03', '04', '05'] },
  ],
  dimensions: [...dimensionNames],
  two_way: attributes.map((attribute) => ['school', attribute]),
  measures: [{ measure: 'afterschool_participation', preset: 'any_session' }],
  partners: { enrolment: ['district', 'charter'], afterschool: ['clubs'] },
};

type Place = { readonly partner: 'district' | 'charter'; readonly student?: Row; readonly enrolment?: Row };
type Child = {
  /** Also the name of its schools, unless an enrolment names another; the charter's begin with `c`. */
  readonly what: string;
  readonly places: readonly Place[];
  readonly linked?: false;
  /** The school at which it should stand, and its levels there. */
  readonly school: string;
  readonly levels?: Readonly<Record<string, string>>;
};

const moving = (exit: string, entry: string, later: Row = {}): Place[] => [
  {
    partner: 'district',
    student: { low_income: 'yes', race: 'white', active: 'no' },
    enrolment: { exit_date: exit },
  },
  { partner: 'charter', student: later, enrolment: { entry_date: entry, grade: 'K' } },
];

const children: readonly Child[] = [
  {
    what: 'mover',
    places: moving('2026-01-09', '2026-01-12'),
    school: 'c mover',
    levels: { grade_band: 'PK-K', low_income: 'no', race_ethnicity: 'asian' },
  },
  {
    what: 'enrolled twice, records disagree',
    places: moving('2026-06-15', '2026-06-15'),
    school: 'c enrolled twice, records disagree',
    levels: { low_income: 'unknown', race_ethnicity: 'unknown', sex: 'F', disability: 'no' },
  },
  {
    what: 'enrolled twice, one record does not know',
    places: moving('2026-06-15', '2026-06-15', { low_income: 'unknown', race: 'unknown' }),
    school: 'c enrolled twice, one record does not know',
    levels: { low_income: 'yes', race_ethnicity: 'white' },
  },
  {
    what: 'equal entries',
    places: [{ partner: 'charter' }, { partner: 'district' }],
    school: 'equal entries',
  },
  {
    what: 'hispanic',
    places: [{ partner: 'district', student: { hispanic: 'yes', race: 'white' } }],
    school: 'hispanic',
    levels: { race_ethnicity: 'hispanic' },
  },
  {
    what: 'not asked whether hispanic',
    places: [{ partner: 'district', student: { hispanic: 'unknown', race: 'white' } }],
    school: 'not asked whether hispanic',
    levels: { race_ethnicity: 'unknown' },
  },
  {
    what: 'in no band',
    places: [{ partner: 'district', enrolment: { grade: '13' } }],
    school: 'in no band',
    levels: { grade_band: 'other' },
  },
  {
    what: 'grade unknown',
    places: [{ partner: 'district', enrolment: { grade: 'unknown' } }],
    school: 'grade unknown',
    levels: { grade_band: 'unknown' },
  },
  { what: 'one code', places: [{ partner: 'district', enrolment: { school: '10' } }], school: 'district 10' },
  {
    what: 'of two systems',
    places: [{ partner: 'charter', enrolment: { school: '10' } }],
    school: 'charter 10',
  },
  {
    what: 'closing row',
    places: [{ partner: 'district', enrolment: { school: 'Total' } }],
    school: 'unknown',
  },
  {
    what: 'not linked',
    places: [{ partner: 'district' }],
    linked: false,
    school: 'not linked',
    levels: { sex: 'F' },
  },
];

const student: Row = {
  grade: '04',
  race: 'asian',
  hispanic: 'no',
  sex: 'F',
  low_income: 'no',
  disability: 'no',
  english_learner: 'no',
  active: 'yes',
};
const enrolment: Row = { grade: '04', entry_date: '2025-09-01', exit_date: null, no_show: 'no' };
const records = children.flatMap(({ what, places, linked }, index) =>
  places.map((place) => ({
    ...place,
    linked,
    person: id(index + 1),
    own: { record_id: id(1000 * (index + 1) + (place.partner === 'charter' ? 1 : 0)) },
    school: place.partner === 'charter' ? `c ${what}` : what,
  })),
);
const schoolsOf = (partner: string) => {
  const own = records.filter((record) => record.partner === partner);
  return {
    students: own.map((record) => ({ ...student, ...record.student, ...record.own })),
    enrolments: own.map(({ school, ...record }) => ({
      ...enrolment,
      school,
      ...record.enrolment,
      ...record.own,
    })),
  };
};
const city: City = {
  partners: {
    district: schoolsOf('district'),
    charter: schoolsOf('charter'),
    clubs: { sessions: [{ record_id: id(999), status: 'enrolled', day: '2025-10-01', attended: 'no' }] },
  },
  people: records.flatMap(({ linked, own, partner, person }) =>
    linked === false ? [] : [{ ...own, partner, person_id: person, space: 'students', basis: 'exact' }],
  ),
};

let folder: string;
let cells: readonly Cell[];
let coverage: readonly Coverage[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'population-'));
  ({ cells, coverage } = await measured({ folder, city, config }));
});
afterAll(() => rm(folder, { recursive: true }));

const counted = (name: string) =>
  Object.fromEntries(
    coverage.filter((row) => row.name === name && row.count > 0).map((row) => [row.by ?? 'all', row.count]),
  );

describe('the population', () => {
  it.each(children)('$what', ({ school, levels = {} }) => {
    const here = cells.filter(
      ({ dim_1, level_1, total }) => dim_1 === 'school' && level_1 === school && total === 1,
    );
    const found = Object.fromEntries(
      here
        .filter(({ level_2 }) => level_2 !== 'Total')
        .map(({ dim_2, level_2 }) => [dim_2 ?? 'school', level_2]),
    );
    expect(found).toMatchObject({ school: null, ...levels });
  });

  it('holds everybody once', () => {
    expect(cells.find(({ table_name }) => table_name.endsWith('.total'))?.total).toBe(children.length);
    expect(counted('persons')).toEqual({ enrolled_on_snapshot: children.length });
    expect(counted('persons_in_several_systems')).toEqual({ all: 4 });
    expect(counted('records_without_person')).toEqual({ district: 1 });
  });

  it('counts the people whose records disagree', () => {
    expect(counted('persons_with_conflict')).toEqual({ low_income: 1, race_ethnicity: 1 });
  });
});
