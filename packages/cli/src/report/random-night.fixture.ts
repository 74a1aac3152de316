import fc from 'fast-check';
import type { Night } from './night.js';

/** Texts that have broken pages and terminals before. */
export const hostileTexts: readonly string[] = [
  '<script>alert(1)</script>',
  '</style><img src=x onerror=alert(1)>',
  '</title></svg></table><h1>',
  `" onload="alert(1)" x='`,
  `'><a href="javascript:alert(1)">`,
  '&lt;b&gt; &amp; & &#60;',
  '\u202Etxt.exe\u202C \u2066flip\u2069 \u200Bhidden\u00AD',
  '\u001B[31mred\u001B[0m\u0007\u0000',
  'two\r\nlines\u2028and\u2029more',
  '`{{x}}<!-- --><![CDATA[ ]]>',
  'x'.repeat(400),
  '',
];

const name = fc.oneof(
  fc.stringMatching(/^[a-z]{1,12}(_[a-z]{1,8}){0,3}$/),
  fc.constantFrom(...hostileTexts),
  fc.string(),
);
const count = fc.oneof(fc.nat({ max: 30 }), fc.nat({ max: 90_000_000 }));
const counts = fc.array(fc.record({ name, value: count }), { maxLength: 6 });
const date = fc
  .date({ min: new Date('2024-01-01'), max: new Date('2030-12-31'), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));
const percent = fc.oneof(
  fc.constant(null),
  fc.nat({ max: 100 }).map(String),
  fc.constantFrom('0', '100', '12.5'),
);

const extract = fc.record({
  name,
  rowsIn: count,
  kept: count,
  rejected: counts,
  quarantined: counts,
  excluded: counts,
  noted: counts,
});

const standing = fc.record({
  state: fc.constantFrom('current' as const, 'held' as const, 'resting' as const),
  since: fc.oneof(date, name),
  hold: name,
  reasons: fc.array(name, { maxLength: 3 }),
});

const partner = fc.record({
  name,
  standing,
  extracts: fc.array(extract, { maxLength: 4 }),
  records: count,
  linked: count,
  unlinkable: count,
});

const pass = fc.record({
  name,
  basis: fc.constantFrom('exact' as const, 'probable' as const, 'weak' as const),
  pairs: count,
  linked: count,
  ambiguous: count,
  refused: count,
});

const row = fc.record({
  dimension: fc.constantFrom('', 'school', 'sex', 'race_ethnicity', '<b>'),
  level: name,
  ratePercent: percent,
  coveragePercent: percent,
  total: fc.option(count),
});

const measure = fc.record({
  name,
  title: name,
  tables: fc.array(fc.record({ name, cells: count, withheld: count }), { maxLength: 5 }),
  rows: fc.array(row, { maxLength: 12 }),
  coverage: fc.array(fc.record({ name, by: fc.option(name), count }), { maxLength: 3 }),
});

const STATES = [
  'pending',
  'submitted',
  'partially-reviewed',
  'reviewed',
  'approved',
  'released',
  'returned',
  'rejected',
  'withdrawn',
] as const;

/** Any night that the type allows, sound or not. */
export const anyNight: fc.Arbitrary<Night> = fc.record({
  city: name,
  file: name,
  synthetic: fc.boolean(),
  day: fc.oneof(date, name),
  software: name,
  partners: fc.array(partner, { maxLength: 12 }),
  passes: fc.array(pass, { maxLength: 6 }),
  people: fc.record({ persons: count, records: count, changes: counts }),
  measures: fc.array(measure, { maxLength: 8 }),
  agreements: fc.array(
    fc.record({ id: name, title: name, version: fc.nat(), expires: fc.oneof(date, name) }),
    {
      maxLength: 9,
    },
  ),
  release: fc.record({
    minCell: fc.integer({ min: 3, max: 100 }),
    minCellFrom: name,
    minIntervalWidth: fc.integer({ min: 1, max: 100 }),
  }),
  candidate: fc.record({
    state: fc.constantFrom(...STATES),
    votes: fc.nat({ max: 4 }),
    votesNeeded: fc.constant(2),
    newTables: fc.array(name, { maxLength: 3 }),
    latest: fc.option(fc.record({ number: fc.nat(), on: fc.oneof(date, name) })),
  }),
  holds: fc.array(
    fc.record({
      partner: name,
      id: name,
      opened: fc.oneof(date, name),
      rejected: fc.boolean(),
      meaning: name,
      remedy: name,
      reasons: fc.array(fc.record({ name, meaning: name, look: name }), { maxLength: 2 }),
      acceptable: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
  changes: fc.option(fc.record({ since: fc.oneof(date, name), words: fc.array(name, { maxLength: 4 }) })),
  warnings: fc.array(name, { maxLength: 9 }),
});

const FIXED: ReadonlySet<string> = new Set(['exact', 'probable', 'weak', ...STATES]);

/** The night with every free text replaced; what the type fixes stays. */
export const withEveryText = (night: Night, text: string): Night => {
  const replaced = (value: unknown): unknown => {
    if (typeof value === 'string') return FIXED.has(value) ? value : text;
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replaced(each)]));
  };
  return replaced(night) as Night;
};
