import { errorCodes } from '@throughline/core';
import { holdReasons } from '@throughline/ingest';

/** `holds.md`: why deliveries are held, from the tables of reasons and codes. */
export function holdsPage(): string {
  const codes = Object.entries(errorCodes).filter(
    ([code, { exit }]) =>
      code.startsWith('EXTRACT_') || (exit === 13 && !code.includes('HELD') && !code.startsWith('PARCELS_')),
  );
  return [
    '# Why deliveries are held',
    '',
    'A delivery is all extracts of one partner. One that is held leaves the last good data of its partner in use, marked',
    'stale, and keeps no other partner from its own. [Deliveries that are held](../how-to/holds.md) says what to do.',
    '',
    '## Looks wrong: a person may accept it',
    '',
    'The delivery can be read. These reasons come under `ARRIVAL_HELD`, all that apply at once, with their counts. What is',
    'compared with limits must be over both, the share and the number, that the manifest names under `limits`: `change`',
    'for rows, coverage and codes, `gone` for records. Absences, sessions, services and encounters pile up over a year, so',
    'their rows may double, but not fall.',
    '',
    '| reason | what it means | where to look |',
    '|---|---|---|',
    ...Object.entries(holdReasons).map(
      ([reason, { meaning, look }]) => `| \`${reason}\` | ${meaning} | ${look} |`,
    ),
    '',
    '## Cannot be read as declared: nobody can accept it',
    '',
    'Only another delivery, or a manifest that the owner has approved, mends these.',
    '',
    '| code | what it means |',
    '|---|---|',
    ...codes.map(([code, { meaning }]) => `| \`${code}\` | ${meaning} |`),
    '',
    '## Seasons',
    '',
    '| season | days | what is not held |',
    '|---|---|---|',
    '| `term` | between the others | |',
    '| `break` | as the pipeline lists them | `unchanged`, `old`, a missing delivery |',
    '| `summer` | from two days before the last day of a year | `unchanged`, `old`, a missing delivery |',
    '| `rollover` | two weeks before and after the first day of a year | `unchanged`, `old` |',
    '',
    'The pipeline lists the years under `school_years`. Without them the days that a manifest covers are term, and all',
    'others summer. Rows, records and shares are compared in every season: a rollover changes them most, and a person',
    'should have looked.',
    '',
  ].join('\n');
}
