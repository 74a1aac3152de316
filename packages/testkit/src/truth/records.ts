import type { City } from '../city/city.js';
import { rosterLines } from '../extracts/city-programmes.js';
import type { Row } from '../extracts/row.js';
import { rollOf } from '../extracts/schooling.js';
import { visionWorkbook } from '../extracts/vision.js';

/**
 * Whose each record is: one row for each source record of a true child. Records of no child (test children,
 * newborns, broken rows) have no row.
 */
export function* trueRecords(city: City): Generator<Row> {
  yield ['partner', 'record_space', 'source_key', 'child_id'];
  for (const { localId, id } of rollOf(city, 'district')) yield ['district', 'student', localId, id];
  for (const { charterNumber, id } of rollOf(city, 'charter'))
    yield ['charter', 'student', charterNumber, id];
  for (const { id, child } of city.participants) yield ['afterschool', 'participant', id, child.id];
  for (const [index, { child }] of rosterLines(city).entries()) {
    if (child !== null) yield ['city', 'registration', String(index + 1), child.id];
  }
  for (const { id, child } of city.plans) yield ['city', 'plan', id, child.id];
  for (const { mrn, child } of city.patients) yield ['health', 'patient', mrn, child.id];
  for (const [index, { child }] of (visionWorkbook(city)[0]?.rows ?? []).entries()) {
    if (child !== null) yield ['health', 'screening', String(index + 1), child.id];
  }
}
