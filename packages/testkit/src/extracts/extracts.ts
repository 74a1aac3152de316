import type { City } from '../city/city.js';
import { afterschoolSessions } from './afterschool.js';
import { clinicianSites, dentalVisits, planReferrals } from './beside-services.js';
import { charterAttendance, charterCalendar, charterEnrollments, charterStudents } from './charter.js';
import { recreationRoster, successPlans } from './city-programmes.js';
import { clinicEncounters } from './clinic.js';
import {
  districtAbsences,
  districtCalendar,
  districtEnrollments,
  districtOptOuts,
} from './district-schooling.js';
import { districtStudents } from './district-students.js';
import {
  districtAid,
  districtCohort,
  districtEarlyChildhood,
  districtLastSummer,
  districtReadiness,
  districtSuspensions,
} from './milestones.js';
import type { Table } from './row.js';

/** Every extract but the van's workbook. Rows are made as they are read. */
export function extractTables(city: City): Table[] {
  return [
    { path: 'extracts/district/students.csv', dialect: 'aspen', rows: districtStudents(city) },
    { path: 'extracts/district/enrollments.csv', dialect: 'aspen', rows: districtEnrollments(city) },
    { path: 'extracts/district/calendar.csv', dialect: 'aspen', rows: districtCalendar(city) },
    { path: 'extracts/district/absences.csv', dialect: 'aspen', rows: districtAbsences(city) },
    { path: 'extracts/district/opt_outs.csv', dialect: 'aspen', rows: districtOptOuts(city) },
    { path: 'extracts/district/suspensions.csv', dialect: 'aspen', rows: districtSuspensions(city) },
    { path: 'extracts/district/readiness.csv', dialect: 'aspen', rows: districtReadiness(city) },
    { path: 'extracts/district/early_childhood.csv', dialect: 'aspen', rows: districtEarlyChildhood(city) },
    { path: 'extracts/district/aid.csv', dialect: 'aspen', rows: districtAid(city) },
    { path: 'extracts/district/cohort.csv', dialect: 'aspen', rows: districtCohort(city) },
    { path: 'extracts/district/last_summer.csv', dialect: 'comma', rows: districtLastSummer(city) },
    { path: 'extracts/charter/students.csv', dialect: 'campus', rows: charterStudents(city) },
    { path: 'extracts/charter/enrollments.csv', dialect: 'campus', rows: charterEnrollments(city) },
    { path: 'extracts/charter/calendar.csv', dialect: 'campus', rows: charterCalendar(city) },
    { path: 'extracts/charter/attendance.csv', dialect: 'campus', rows: charterAttendance(city) },
    { path: 'extracts/afterschool/sessions.csv', dialect: 'comma', rows: afterschoolSessions(city) },
    { path: 'extracts/city/recreation_roster.csv', dialect: 'comma', rows: recreationRoster(city) },
    { path: 'extracts/city/success_plans.csv', dialect: 'semicolon', rows: successPlans(city) },
    { path: 'extracts/city/referrals.csv', dialect: 'semicolon', rows: planReferrals(city) },
    { path: 'extracts/health/clinic.psv', dialect: 'pipe', rows: clinicEncounters(city) },
    { path: 'extracts/health/dental.psv', dialect: 'pipe', rows: dentalVisits(city) },
    { path: 'extracts/health/clinicians.psv', dialect: 'pipe', rows: clinicianSites(city) },
  ];
}

export const VISION_WORKBOOK = 'extracts/health/vision_van.xlsx';
