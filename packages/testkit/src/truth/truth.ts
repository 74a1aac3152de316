import type { City } from '../city/city.js';
import type { Table } from '../extracts/row.js';
import { trueAfterschool } from './afterschool.js';
import { trueAttendance } from './attendance.js';
import { trueChildren, trueTraps } from './children.js';
import { trueMilestones } from './milestones.js';
import { trueRecords } from './records.js';

/** What is really so, for tests and for measuring linkage. No partner has it. */
export function truthTables(city: City): Table[] {
  return [
    { path: 'truth/records.csv', dialect: 'truth', rows: trueRecords(city) },
    { path: 'truth/children.csv', dialect: 'truth', rows: trueChildren(city) },
    { path: 'truth/attendance.csv', dialect: 'truth', rows: trueAttendance(city) },
    { path: 'truth/afterschool.csv', dialect: 'truth', rows: trueAfterschool(city) },
    { path: 'truth/milestones.csv', dialect: 'truth', rows: trueMilestones(city) },
    { path: 'truth/traps.csv', dialect: 'truth', rows: trueTraps(city) },
  ];
}
