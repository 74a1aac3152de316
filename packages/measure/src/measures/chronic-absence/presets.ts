import { payloadCodes } from '@throughline/core';

export type Grade = (typeof payloadCodes.grade)[number];

/** How much of its scheduled minutes a child must miss for the day to count. A source's own yes or no stands. */
export type DayRule = 'half' | 'over_half' | 'whole';

/**
 * A jurisdiction's rule. Thresholds are whole numbers: absent days x `oneIn` >= membership days, or a fixed
 * number of absent days.
 */
export type Preset = {
  readonly name: string;
  readonly title: string;
  readonly grades: readonly Grade[];
  readonly minimumDays: number;
  readonly chronic: { readonly oneIn: number } | { readonly absentDays: number };
  readonly day: DayRule;
  readonly source: string;
  readonly caveats: readonly string[];
};

const through = (from: Grade, to: Grade): readonly Grade[] =>
  payloadCodes.grade.slice(payloadCodes.grade.indexOf(from), payloadCodes.grade.indexOf(to) + 1);

const ONE_TENTH = { oneIn: 10 } as const;
const NOT_BY_SCHOOL =
  'The source counts a child in each school attended; here every child of the city is counted once.';

/** Excused and unexcused absences and suspensions count alike in all of them. */
export const presets: readonly Preset[] = [
  {
    name: 'ma',
    title: 'absent at least 10 % of at least 20 days in membership, PK-12',
    grades: through('PK', '12'),
    minimumDays: 20,
    chronic: ONE_TENTH,
    day: 'half',
    source: 'Massachusetts DESE, Student Attendance (18 of 180 or 5 of 50 days)',
    caveats: [],
  },
  {
    name: 'ca',
    title: 'absent at least 10 % of at least 31 days in membership, K-8',
    grades: through('K', '08'),
    minimumDays: 31,
    chronic: ONE_TENTH,
    day: 'whole',
    source: 'California Dashboard, Chronic Absenteeism Indicator; CALPADS glossary',
    caveats: [
      NOT_BY_SCHOOL,
      'Independent study is not told apart, and a child who never attended is not left out.',
    ],
  },
  {
    name: 'edfacts',
    title: 'absent at least 10 % of at least 10 days in membership, K-12',
    grades: through('K', '12'),
    minimumDays: 10,
    chronic: ONE_TENTH,
    day: 'half',
    source: 'EDFacts FS195, data group 814',
    caveats: [NOT_BY_SCHOOL],
  },
  {
    name: 'ceds',
    title: 'absent at least 10 % of at least 10 days in membership',
    grades: through('PK', '13'),
    minimumDays: 10,
    chronic: ONE_TENTH,
    day: 'half',
    source: 'CEDS 002022 Chronic Student Absenteeism Indicator',
    caveats: [
      'Membership is counted from enrolments and calendar. The procedure that CEDS publishes takes the number of days in attendance for it, and finds 17 absences among 163 days present chronic.',
    ],
  },
  {
    name: 'ri',
    title: 'absent at least 18 days of at least 90 in membership, K-3',
    grades: through('K', '03'),
    minimumDays: 90,
    chronic: { absentDays: 18 },
    day: 'half',
    source: 'Rhode Island KIDS COUNT, chronic early absence',
    caveats: [],
  },
  {
    name: 'me',
    title: 'absent at least 10 % of at least 10 days in membership',
    grades: through('PK', '13'),
    minimumDays: 10,
    chronic: ONE_TENTH,
    day: 'over_half',
    source: 'Maine DOE, Attendance Data Reporting (present for half of the day is present)',
    caveats: [],
  },
  {
    name: 'edu',
    title: 'absent at least 10 % of at least 20 days in membership',
    grades: through('PK', '13'),
    minimumDays: 20,
    chronic: ONE_TENTH,
    day: 'half',
    source: 'Enable Data Union, default rule (attendance rate of 90 % or less)',
    caveats: [],
  },
];
