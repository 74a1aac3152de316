import type { Row, Tables, Value } from './city.js';
import { daysFrom } from './reference.js';

/** The registers that intake would make of a partner's rows, day by day. */
export function registersOf(tables: Tables): Row[] {
  const { enrolments = [] } = tables;
  const members = enrolments.filter(
    (row) => row['no_show'] !== 'yes' && text(row['entry_date']) <= text(row['exit_date'] ?? '9999'),
  );
  const places = new Map(members.map((row) => [`${row['record_id']} ${row['school']}`, row]));
  return [...places.values()].map(({ record_id = null, school = null }) => {
    const spans = members.filter((row) => row['record_id'] === record_id && row['school'] === school);
    return registerOf(tables, { record_id, school, spans });
  });
}

type Membership = { readonly record_id: Value; readonly school: Value; readonly spans: readonly Row[] };

const text = (value: Value | undefined): string => String(value ?? '');

function registerOf({ calendar = [], ...tables }: Tables, { record_id, school, spans }: Membership): Row {
  const listed = calendar.filter((row) => row['school'] === school);
  const days = listed.map((row) => text(row['day'])).sort();
  const [from = null, to = null] = [days[0], days.at(-1)];
  if (from === null || to === null) return { record_id, school, first_day: null, marks: null };
  const isMember = (day: string) =>
    spans.some((row) => text(row['entry_date']) <= day && day <= text(row['exit_date'] ?? '9999')) &&
    isOpen(listed, day);
  const marks = daysFrom({ from, to }).map((day) => (isMember(day) ? markOf(tables, record_id, day) : '-'));
  return { record_id, school, first_day: from, marks: marks.join('') };
}

function isOpen(listed: readonly Row[], day: string): boolean {
  const said = listed.filter((row) => row['day'] === day);
  return said.length > 0 && said.every((row) => row['in_session'] === 'yes');
}

const LADDER = 'PLHMA';

function markOf(tables: Tables, record: Value, day: string): string {
  const own = (tables.absences ?? []).filter((row) => row['record_id'] === record && row['day'] === day);
  if (own.length === 0) return silence(tables, record, day);
  const missed = own.map(missedOf);
  const worst = Math.max(...missed.map((each) => each ?? -1));
  if (!missed.includes(null) || worst === 4) return LADDER.charAt(worst);
  return worst < 2 ? '?' : LADDER.charAt(worst).toLowerCase();
}

/** A rung of the ladder; null for a row that says nothing. */
function missedOf(row: Row): number | null {
  const missed = row['absent_minutes'];
  const scheduled = row['scheduled_minutes'];
  if (typeof missed === 'number' && typeof scheduled === 'number' && missed >= 0 && scheduled > 0) {
    const share = missed / scheduled;
    return share >= 1 ? 4 : share > 0.5 ? 3 : share === 0.5 ? 2 : share > 0 ? 1 : 0;
  }
  return row['absent'] === 'yes' ? 4 : row['absent'] === 'no' ? 0 : null;
}

function silence({ students = [], extracts = [] }: Tables, record: Value, day: string): string {
  const feeds = extracts.filter((row) => row['payload_table'] === 'absences');
  if (feeds.length === 0) return 'n';
  const active = students.some((row) => row['record_id'] === record && row['active'] === 'yes');
  const covering = feeds.filter((row) => text(row['covers_from']) <= day && day <= text(row['covers_to']));
  const holding = covering.filter((row) => row['active_only'] === false || active);
  if (covering.length > 0 && holding.length === 0) return 'x';
  return holding.some((row) => row['exceptions_only'] === true) ? 'P' : '?';
}
