import type { City } from '../city/city.js';
import { optedOut } from '../extracts/district-schooling.js';
import type { Row } from '../extracts/row.js';
import { plainGrade } from '../extracts/spellings.js';
import type { Child } from '../people/child.js';

/** Every child, of whatever school; race and ethnicity in one federal category, Hispanic of any race first. */
export function* trueChildren(city: City): Generator<Row> {
  yield [
    'child_id',
    'household_id',
    'twin_group',
    'school',
    'system',
    'grade',
    'race_ethnicity',
    'sex',
    'income',
    'disability',
    'english_learner',
    'opted_out',
  ];
  for (const child of city.children) yield childRow(city, child);
}

/** Children placed on purpose, and why: see city/traps.ts. */
export function* trueTraps(city: City): Generator<Row> {
  yield ['child_id', 'trap'];
  for (const { id, trap } of city.children) if (trap !== '') yield [id, trap];
}

function childRow(city: City, child: Child): Row {
  return [
    child.id,
    child.household.id,
    child.twinGroup,
    child.spans.at(-1)?.school ?? '',
    system(child),
    plainGrade(child.grade),
    child.hispanic ? 'hispanic' : child.race,
    child.sex,
    child.household.meals,
    child.disability === '' ? '0' : '1',
    child.english === 'Limited' ? '1' : '0',
    optedOut(child, city.year.snapshot) ? '1' : '0',
  ];
}

/** Where the year ended; `both` if the child was on both rolls in the year. */
function system({ localId, charterNumber }: Child): string {
  if (localId !== '' && charterNumber !== '') return 'both';
  if (charterNumber !== '') return 'charter';
  return localId === '' ? 'private' : 'district';
}
