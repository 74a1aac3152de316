import { describe, expect, it } from 'vitest';
import { dayOf } from '../calendar/days.js';
import { calendarsFor, schoolYear } from '../calendar/school-year.js';
import { canaryChildren } from '../city/canaries.js';
import type { Child } from '../people/child.js';
import { streams } from '../random/streams.js';
import { eventsOf, membershipDays } from './attendance.js';
import type { Span } from './span.js';

const year = schoolYear({ start: dayOf('2025-08-27'), end: dayOf('2026-06-17') }, 1);
const calendar = calendarsFor(year, streams('x')).get('standard');

function pupil(about: { seed: number; span?: Partial<Span>; rate?: number; trap?: string }): Child {
  const [child] = canaryChildren({ firstIndex: about.seed, school: '0010', start: year.start });
  const [span] = child?.spans ?? [];
  if (child === undefined || span === undefined) throw new Error('expected a child with an enrolment');
  return {
    ...child,
    trap: about.trap ?? '',
    absenceRate: about.rate ?? 0.06,
    spans: [{ ...span, absences: null, ...about.span }],
  };
}

function marked(child: Child) {
  if (calendar === undefined) throw new Error('expected a calendar');
  const [span] = child.spans;
  const context = { streams: streams('x'), calendar, snapshot: year.snapshot };
  const members = new Set(span === undefined ? [] : membershipDays(span, context));
  return { events: eventsOf(child, 0, context), members };
}

const absences = (child: Child) => {
  const { events, members } = marked(child);
  return new Set(
    events.filter(({ kind, day }) => kind === 'absent' && members.has(day)).map(({ day }) => day),
  ).size;
};

describe('attendance', () => {
  it('holds exactly the absences asked for, each on a day in membership', () => {
    for (const count of [0, 1, 17, 18, 180, 500]) {
      const { events, members } = marked(pupil({ seed: count, span: { absences: count }, trap: 'exact' }));
      expect(events).toHaveLength(Math.min(count, 180));
      expect(new Set(events.map(({ day }) => day)).size).toBe(events.length);
      for (const { day } of events) expect(members.has(day)).toBe(true);
    }
  });

  it("misses school about as often as the child's rate says", () => {
    for (const rate of [0.02, 0.1, 0.3]) {
      const total = Array.from({ length: 200 }, (_, seed) => absences(pupil({ seed, rate })));
      const mean = total.reduce((sum, each) => sum + each, 0) / (200 * 180);
      expect(Math.abs(mean - rate)).toBeLessThan(0.1 * rate + 0.004);
    }
  });

  it('marks a child absent every day after it went elsewhere', () => {
    const span = { exit: dayOf('2026-01-16'), goneFrom: dayOf('2026-01-12') };
    const { events } = marked(pupil({ seed: 1, span, rate: 0.001, trap: 'gone' }));
    const late = events.filter(({ day, kind }) => kind === 'absent' && day >= span.goneFrom);
    expect(late).toHaveLength(5);
  });

  it('records nothing of a no-show', () => {
    expect(marked(pupil({ seed: 2, span: { noShow: true, exit: year.start } })).events).toEqual([]);
  });

  it('counts both ends of an enrolment', () => {
    const day = dayOf('2026-05-06');
    expect([...marked(pupil({ seed: 3, span: { entry: day, exit: day } })).members]).toEqual([day]);
  });

  it('slips now and then: repeats, two marks a day, marks on closed days and after exit', () => {
    const exit = dayOf('2026-03-04');
    const children = Array.from({ length: 1_200 }, (_, seed) => marked(pupil({ seed, span: { exit } })));
    const repeated = children.filter(
      ({ events }) => new Set(events.map((each) => JSON.stringify(each))).size < events.length,
    );
    const doubled = children.filter(
      ({ events }) => new Set(events.map(({ day }) => day)).size < events.length,
    );
    const outside = children.filter(({ events, members }) => events.some(({ day }) => !members.has(day)));
    expect(repeated.length).toBeGreaterThan(0);
    expect(doubled.length).toBeGreaterThan(repeated.length);
    expect(outside.length).toBeGreaterThan(50);
    for (const { events } of children) {
      const days = events.map(({ day }) => day);
      expect(days).toEqual([...days].sort((left, right) => left - right));
    }
  });
});
