import type { Day } from '../calendar/days.js';
import { calendarNamed } from '../city/calendars.js';
import type { City } from '../city/city.js';
import type { Row } from '../extracts/row.js';
import { programmeDays, sessionsOf } from '../programmes/afterschool.js';

/** Distinct days with a Yes at any site, for every child; a No on the same day takes nothing away. */
export function* trueAfterschool(city: City): Generator<Row> {
  yield ['child_id', 'attended_days', 'attended_any'];
  const attended = daysAttended(city);
  for (const { id } of city.children) {
    const days = attended.get(id)?.size ?? 0;
    yield [id, String(days), days > 0 ? '1' : '0'];
  }
}

function daysAttended(city: City): Map<string, Set<Day>> {
  const attended = new Map<string, Set<Day>>();
  const programme = programmeDays(calendarNamed(city, 'standard'));
  const about = { streams: city.streams, days: programme, snapshot: city.year.snapshot };
  for (const participant of city.participants) {
    const days = attended.get(participant.child.id) ?? new Set();
    for (const session of sessionsOf(participant, about)) if (session.attended) days.add(session.day);
    attended.set(participant.child.id, days);
  }
  return attended;
}
