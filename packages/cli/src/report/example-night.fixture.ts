import type { Night, NightExtract, NightMeasure, NightStanding } from './night.js';

const extract = (name: string, rowsIn: number, counts: Partial<NightExtract> = {}): NightExtract => {
  const { rejected = [], quarantined = [], excluded = [], noted = [] } = counts;
  const aside = [...rejected, ...quarantined, ...excluded].reduce((sum, { value }) => sum + value, 0);
  return { name, rowsIn, kept: rowsIn - aside, rejected, quarantined, excluded, noted };
};

const current: NightStanding = { state: 'current', since: '2026-06-16', hold: '', reasons: [] };

type Rates = readonly (readonly [
  level: string,
  rate: string | null,
  known: string | null,
  total: number | null,
])[];

const rows = (dimension: string, rates: Rates): NightMeasure['rows'] =>
  rates.map(([level, ratePercent, coveragePercent, total]) => ({
    dimension,
    level,
    ratePercent,
    coveragePercent,
    total,
  }));

const chronicAbsence: NightMeasure = {
  name: 'chronic_absence',
  title: 'Chronic absence',
  tables: [
    { name: 'chronic_absence.total', cells: 1, withheld: 0 },
    { name: 'chronic_absence.school', cells: 9, withheld: 2 },
    { name: 'chronic_absence.grade_band', cells: 5, withheld: 0 },
    { name: 'chronic_absence.race_ethnicity', cells: 8, withheld: 2 },
    { name: 'chronic_absence.school_x_grade_band', cells: 45, withheld: 17 },
  ],
  rows: [
    ...rows('', [['', '19', '96', 3021]]),
    ...rows('school', [
      ['Brackett School', '21', '97', 377],
      ['Elm Street School', '14', '98', 391],
      ['Harbor Charter School', null, null, 214],
      ['Lincoln School', '17', '96', 362],
      ['Millbrook High School', '27', '94', 596],
      ['Old Mill School', null, null, null],
      ['Riverside Middle School', '20', '97', 441],
      ['Transition programme', null, null, 0],
    ]),
    ...rows('grade_band', [
      ['1-5', '16', '97', 1256],
      ['6-8', '18', '97', 702],
      ['9-12', '26', '94', 788],
      ['PK-K', '15', '96', 275],
    ]),
    ...rows('race_ethnicity', [
      ['asian', '9', '98', 244],
      ['black', '21', '96', 431],
      ['hispanic', '24', '92', 902],
      ['multiple', '18', '97', 141],
      ['native', null, null, null],
      ['pacific', null, null, null],
      ['white', '15', '98', 1271],
    ]),
    ...rows('low_income', [
      ['no', '11', '98', 1490],
      ['unknown', '22', '71', 96],
      ['yes', '27', '95', 1435],
    ]),
    ...rows('disability', [
      ['no', '17', '96', 2489],
      ['yes', '28', '95', 532],
    ]),
    ...rows('english_learner', [
      ['no', '18', '97', 2518],
      ['yes', '23', '91', 503],
    ]),
    ...rows('sex', [
      ['F', '18', '96', 1468],
      ['M', '20', '96', 1532],
      ['X', null, null, null],
    ]),
  ],
  coverage: [
    { name: 'records_without_calendar', by: null, count: 31 },
    { name: 'records_left_before_snapshot', by: 'district', count: 118 },
  ],
};

const afterschool: NightMeasure = {
  name: 'afterschool_participation',
  title: 'Afterschool participation',
  tables: [
    { name: 'afterschool_participation.total', cells: 1, withheld: 0 },
    { name: 'afterschool_participation.school', cells: 9, withheld: 4 },
    { name: 'afterschool_participation.grade_band', cells: 5, withheld: 2 },
    { name: 'afterschool_participation.school_x_grade_band', cells: 45, withheld: 29 },
  ],
  rows: [
    ...rows('', [['', '31', '88', 3021]]),
    ...rows('grade_band', [
      ['1-5', '47', '90', 1256],
      ['6-8', '33', '88', 702],
      ['9-12', null, null, 788],
      ['PK-K', null, null, 275],
    ]),
    ...rows('low_income', [
      ['no', '28', '91', 1490],
      ['unknown', null, null, 96],
      ['yes', '34', '86', 1435],
    ]),
    ...rows('english_learner', [
      ['no', '32', '90', 2518],
      ['yes', '25', '79', 503],
    ]),
  ],
  coverage: [
    { name: 'participant_records', by: null, count: 1124 },
    { name: 'participant_records_not_linked', by: null, count: 143 },
    { name: 'participant_records_weakly_linked', by: null, count: 22 },
  ],
};

/** A night of a made-up city, plausible in every number; the measures add up to nothing real. */
export const exampleNight: Night = {
  city: 'Millbrook',
  file: 'millbrook.yaml',
  synthetic: true,
  day: '2026-06-16',
  software: '0.1.0',
  partners: [
    {
      name: 'district',
      standing: current,
      extracts: [
        extract('students', 3012, {
          rejected: [
            { name: 'duplicate_key', value: 4 },
            { name: 'missing_key', value: 2 },
          ],
          excluded: [{ name: 'opted_out', value: 37 }],
          noted: [
            { name: 'birth_date_impossible', value: 11 },
            { name: 'phone_placeholder', value: 208 },
          ],
        }),
        extract('enrolments', 3406, { rejected: [{ name: 'entry_after_exit', value: 9 }] }),
        extract('calendar', 1480),
        extract('absences', 48_211, {
          rejected: [
            { name: 'bad_date', value: 64 },
            { name: 'unknown_student', value: 311 },
          ],
          excluded: [{ name: 'opted_out', value: 602 }],
          noted: [{ name: 'unmapped_code', value: 173 }],
        }),
        extract('opt_outs', 38, { rejected: [{ name: 'unknown_student', value: 1 }] }),
      ],
      records: 2969,
      linked: 1298,
      unlinkable: 3,
    },
    {
      name: 'charter',
      standing: current,
      extracts: [
        extract('students', 214, { excluded: [{ name: 'opted_out', value: 2 }] }),
        extract('enrolments', 231),
        extract('calendar', 185),
        extract('attendance', 38_520, { rejected: [{ name: 'bad_date', value: 12 }] }),
      ],
      records: 212,
      linked: 131,
      unlinkable: 0,
    },
    {
      name: 'afterschool',
      standing: current,
      extracts: [
        extract('sessions', 26_740, {
          rejected: [
            { name: 'wrong_number_of_columns', value: 1211 },
            { name: 'missing_key', value: 93 },
          ],
          noted: [{ name: 'attended_unmapped', value: 40 }],
        }),
      ],
      records: 1124,
      linked: 981,
      unlinkable: 17,
    },
    {
      name: 'city',
      standing: current,
      extracts: [
        extract('recreation_roster', 906, { rejected: [{ name: 'missing_name', value: 21 }] }),
        extract('success_plans', 1713),
      ],
      records: 1389,
      linked: 1102,
      unlinkable: 88,
    },
    {
      name: 'health',
      standing: current,
      extracts: [
        extract('clinic', 2244, { rejected: [{ name: 'bad_date', value: 6 }] }),
        extract('vision_van', 1302, { excluded: [{ name: 'no_consent', value: 188 }] }),
      ],
      records: 2033,
      linked: 1871,
      unlinkable: 12,
    },
  ],
  passes: [
    { name: 'state_id_initial', basis: 'exact', pairs: 1204, linked: 1188, ambiguous: 0, refused: 16 },
    { name: 'district_id_initial', basis: 'exact', pairs: 902, linked: 640, ambiguous: 2, refused: 3 },
    { name: 'first_last_dob_sex', basis: 'exact', pairs: 2411, linked: 1502, ambiguous: 4, refused: 1 },
    { name: 'first_last_dob', basis: 'exact', pairs: 2530, linked: 211, ambiguous: 3, refused: 0 },
    { name: 'root_last_dob', basis: 'exact', pairs: 2604, linked: 94, ambiguous: 1, refused: 0 },
    { name: 'first_lastpart_dob', basis: 'exact', pairs: 2391, linked: 133, ambiguous: 6, refused: 2 },
    { name: 'soundex_both_dob', basis: 'probable', pairs: 2702, linked: 71, ambiguous: 9, refused: 4 },
    { name: 'names_swap_dob_swap', basis: 'probable', pairs: 2511, linked: 38, ambiguous: 2, refused: 0 },
    { name: 'first_last_month_zip', basis: 'probable', pairs: 1890, linked: 52, ambiguous: 11, refused: 5 },
    { name: 'first_guardian_year', basis: 'probable', pairs: 1402, linked: 44, ambiguous: 19, refused: 7 },
    { name: 'first3_phone', basis: 'weak', pairs: 1688, linked: 22, ambiguous: 31, refused: 12 },
    { name: 'last_dob_zip_sex', basis: 'weak', pairs: 1711, linked: 0, ambiguous: 58, refused: 9 },
  ],
  people: {
    persons: 4390,
    records: 7727,
    changes: [
      { name: 'merged', value: 6 },
      { name: 'new', value: 4399 },
      { name: 'retired', value: 3 },
      { name: 'split', value: 1 },
    ],
  },
  measures: [chronicAbsence, afterschool],
  agreements: [
    {
      id: 'emou-millbrook',
      title: "Memorandum of the children's cabinet",
      version: 1,
      expires: '2030-06-30',
    },
    {
      id: 'dsa-district',
      title: 'Agreement with Millbrook Public Schools',
      version: 2,
      expires: '2026-06-30',
    },
    { id: 'dsa-charter', title: 'Agreement with Harbor Charter School', version: 1, expires: '2030-06-30' },
    { id: 'dsa-afterschool', title: 'Agreement with Bright Hours', version: 1, expires: '2026-09-10' },
    { id: 'dsa-city', title: 'Agreement with the City of Millbrook', version: 1, expires: '2030-06-30' },
    {
      id: 'dsa-health',
      title: 'Agreement with Millbrook Community Health',
      version: 3,
      expires: '2028-12-31',
    },
    {
      id: 'dul-snapshot',
      title: "Licence for the cabinet's public snapshot",
      version: 1,
      expires: '2027-06-30',
    },
  ],
  release: { minCell: 11, minCellFrom: 'dsa-health', minIntervalWidth: 10 },
  candidate: {
    state: 'partially-reviewed',
    votes: 1,
    votesNeeded: 2,
    newTables: ['chronic_absence.school_x_grade_band'],
    latest: { number: 3, on: '2026-01-15' },
  },
  holds: [
    {
      partner: 'afterschool',
      id: 'afterschool-4',
      opened: '2026-06-14',
      rejected: false,
      meaning:
        'A delivery can be read but looks wrong beside its manifest, the calendar or the last good delivery, so it is held.',
      remedy: 'Look at the reasons. Have the partner deliver again, or take this delivery as it is.',
      reasons: [
        {
          name: 'rows',
          meaning: 'The number of rows that can be used moved by more than the limits.',
          look: 'A filter, another school year, a school that is missing or new.',
        },
      ],
      acceptable: true,
    },
  ],
  changes: {
    since: '2026-06-15',
    words: [
      'A delivery is held: afterschool-4.',
      'City brought 12.0% fewer rows: 2,619, 2,976 before.',
      'Chronic absence over all children: 19%, 20% before.',
    ],
  },
  warnings: [
    'The token key can be opened where linkage runs. Allowed here only because every input is synthetic.',
  ],
};
