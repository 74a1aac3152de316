import { type Day, weekday } from '../calendar/days.js';
import { type Calendar, dayType } from '../calendar/school-year.js';
import { type Child, isCanary } from '../people/child.js';
import type { Rng, Streams } from '../random/streams.js';

export type Site = { readonly code: number; readonly name: string; readonly activities: readonly string[] };

/** One child's place at one site. The same child at two sites, or registered twice at one, is two participants. */
export type Participant = {
  /** Seven digits: the site's three, then a running number. */
  readonly id: string;
  readonly child: Child;
  readonly site: Site;
  /** Tells apart the child's several registrations. */
  readonly registration: number;
  readonly activity: string;
  readonly waitlisted: boolean;
  /** Weekdays attended, 1 is Monday. */
  readonly weekdays: readonly number[];
  readonly sessions: number;
  /** Where in the programme year the sessions begin, in [0, 1). */
  readonly begins: number;
};

export type Session = { readonly day: Day; readonly attended: boolean; readonly hours: number };

const STUDENTS_PER_SITE = 450;
const SITE_NAMES = [
  'BGC',
  'Elm St School',
  'YMCA',
  'Library',
  'Riverside',
  'Comm Schools',
  'Mill City Arts',
  'MHA Teens',
];
const ACTIVITIES = [
  'Homework Help',
  'Robotics',
  'Soccer',
  'Arts, Crafts & More',
  'Chess',
  'Dance',
  'Drumline',
  'Cooking',
  'Swimming',
  'Book Club',
];
const WEEKDAYS: readonly (readonly number[])[] = [
  [1, 3],
  [2, 4],
  [1, 2, 3, 4],
  [1, 3, 5],
  [2],
  [1, 2, 3, 4, 5],
];

const SHARE_WAITLISTED = 0.06;
const SHARE_SECOND_SITE = 0.07;
const SHARE_REGISTERED_TWICE = 0.012;
const SHARE_ATTENDED = 0.9;
/** The programme year opens this many days after school and runs nine days beyond it. */
const OPENS_AFTER = 19;
const RUNS_BEYOND = 9;

export function sitesFor(students: number): Site[] {
  const count = Math.max(4, Math.round(students / STUDENTS_PER_SITE));
  return Array.from({ length: count }, (_, index) => ({
    code: 101 + index,
    name: SITE_NAMES[index] ?? `Kids Site ${index + 1}`,
    activities: [0, 3, 5].map((step) => ACTIVITIES[(index + step) % ACTIVITIES.length] ?? 'Homework Help'),
  }));
}

/** Ids run in order of registration at each site. */
export function participantsOf(
  children: readonly Child[],
  about: { streams: Streams; sites: readonly Site[] },
): Participant[] {
  const issued = new Map<number, number>();
  const participants: Participant[] = [];
  for (const child of children) {
    if (!child.afterschool) continue;
    for (const place of placesOf(child, about)) {
      const number = (issued.get(place.site.code) ?? 0) + 1;
      issued.set(place.site.code, number);
      participants.push({ ...place, id: `${place.site.code}${String(number).padStart(4, '0')}` });
    }
  }
  return participants.sort((left, right) => (left.id < right.id ? -1 : 1));
}

function placesOf(
  child: Child,
  about: { streams: Streams; sites: readonly Site[] },
): Omit<Participant, 'id'>[] {
  const rng = about.streams('afterschool', child.index);
  const sites = [nearestSite(child, about.sites)];
  if (rng.chance(SHARE_SECOND_SITE)) sites.push(rng.pick(about.sites));
  if (rng.chance(SHARE_REGISTERED_TWICE)) sites.push(nearestSite(child, about.sites));
  return sites.map((site, registration) => place(rng, { child, site, registration }));
}

function nearestSite(child: Child, sites: readonly Site[]): Site {
  const site = sites[Math.floor(child.household.zone * sites.length)];
  if (site === undefined) throw new RangeError('sites: expected at least one');
  return site;
}

function place(rng: Rng, about: { child: Child; site: Site; registration: number }): Omit<Participant, 'id'> {
  return {
    ...about,
    activity: rng.pick(about.site.activities),
    waitlisted: !isCanary(about.child) && rng.chance(SHARE_WAITLISTED),
    weekdays: rng.pick(WEEKDAYS),
    sessions: 10 + Math.floor(51 * rng.next() ** 1.9),
    begins: rng.next(),
  };
}

/** The sessions held and marked so far, in order; a few are marked both absent and present. */
export function sessionsOf(
  participant: Participant,
  about: { streams: Streams; days: readonly Day[]; snapshot: Day },
): Session[] {
  if (participant.waitlisted) return [];
  const rng = about.streams('sessions', participant.id);
  const hours = rng.pick([1, 1.5, 2, 2, 2.5, 3]);
  const days = about.days.filter((day) => participant.weekdays.includes(weekday(day)));
  const first = Math.floor(participant.begins * Math.max(1, days.length - participant.sessions * 0.8));
  return days
    .slice(first, first + participant.sessions)
    .filter((day) => day <= about.snapshot)
    .flatMap((day) => marks(rng, day, hours));
}

function marks(rng: Rng, day: Day, hours: number): Session[] {
  const attended = rng.chance(SHARE_ATTENDED);
  const mark = { day, attended, hours: attended ? hours : 0 };
  return rng.chance(0.002) ? [{ day, attended: !attended, hours: attended ? 0 : hours }, mark] : [mark];
}

/** School days and teacher days from mid-September, and on into the first weeks of summer. */
export function programmeDays(calendar: Calendar): Day[] {
  const days: Day[] = [];
  const last = calendar.first + calendar.dayTypes.length - 1 + RUNS_BEYOND;
  for (let day = calendar.first + OPENS_AFTER; day <= last; day += 1) {
    const type = dayType(calendar, day);
    if (type === undefined || type === 'School Day' || type === 'Teacher Day') days.push(day);
  }
  return days;
}
