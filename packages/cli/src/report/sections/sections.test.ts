import { type ReleasedRow, textOf } from '@throughline/pages';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleNight } from '../example-night.fixture.js';
import {
  type Element,
  readFragment,
  readPage,
  tableRows,
  textIn,
  withClass,
  withId,
  withTag,
} from '../markup-reader.fixture.js';
import type { Night, NightMeasure } from '../night.js';
import { renderReport } from '../page.js';
import { measuresSection } from './measures.js';

const pageOf = (night: Partial<Night>): Element => readPage(renderReport({ ...exampleNight, ...night }));
const example = pageOf({});

const number = (text: string | undefined): number => Number((text ?? '').replaceAll(',', ''));
const sumOfColumn = (rows: readonly (readonly string[])[], column: number): number =>
  rows.reduce((sum, row) => sum + number(row[column]), 0);

const measureOf = (rows: readonly ReleasedRow[]): NightMeasure => ({
  name: 'm',
  title: 'M',
  tables: [],
  rows,
  coverage: [],
});
const measuresPage = (rows: readonly ReleasedRow[]): Element =>
  readFragment(textOf(measuresSection({ ...exampleNight, measures: [measureOf(rows)] })));

const row = (over: Partial<ReleasedRow>): ReleasedRow => ({
  dimension: 'sex',
  level: 'F',
  ratePercent: '40',
  coveragePercent: '90',
  total: 50,
  ...over,
});

describe('what arrived', () => {
  it('adds up: every extract, and all of them', () => {
    const rows = tableRows(example, 'Rows of every extract');
    const [extracts, all] = [rows.slice(0, -1), rows.at(-1) ?? []];
    expect(extracts).toHaveLength(14);
    for (const [, , rowsIn, kept, rejected, quarantined, excluded, adrift] of rows) {
      expect(number(rowsIn)).toBe(
        number(kept) + number(rejected) + number(quarantined) + number(excluded) + number(adrift),
      );
    }
    for (const column of [2, 3, 4, 5, 6, 7]) expect(number(all[column])).toBe(sumOfColumn(extracts, column));
    expect(number(all[2])).toBe(128_202);
  });

  it('lists beside the bars as many rejected rows as it counts', () => {
    const cards = withClass(withId(example, 'intake'), 'card');
    const district = exampleNight.partners[0];
    const rejected =
      district?.extracts.flatMap((extract) => extract.rejected.map(({ value }) => value)) ?? [];
    const listed = withClass(cards[0] ?? example, 'reasons')[0];
    const beside = withTag(listed ?? example, 'b').map((each) => number(textIn(each)));
    expect(beside.reduce((sum, value) => sum + value, 0)).toBe(
      rejected.reduce((sum, value) => sum + value, 0),
    );
  });

  it('names rows that are unaccounted for, counted twice, or absent', () => {
    const sound = {
      name: 'roll',
      rowsIn: 10,
      kept: 10,
      rejected: [],
      quarantined: [],
      excluded: [],
      noted: [],
    };
    const standing = { state: 'current', since: '2026-06-16', hold: '', reasons: [] } as const;
    const partner = { name: 'city', standing, records: 10, linked: 0, unlinkable: 0 };
    const matters = (extracts: Night['partners'][number]['extracts']): string =>
      textIn(
        withId(pageOf({ partners: [{ ...partner, extracts }], warnings: [], agreements: [] }), 'glance'),
      );
    expect(matters([sound])).toContain('Nothing needs a person');
    const aside = [{ name: 'repeated_key', value: 3 }];
    expect(matters([{ ...sound, kept: 7, quarantined: aside }])).toContain('Nothing needs a person');
    expect(matters([{ ...sound, kept: 7 }])).toContain('3 rows unaccounted for in roll of city.');
    expect(matters([{ ...sound, kept: 11 }])).toContain('1 row counted twice in roll of city.');
    expect(matters([{ ...sound, rowsIn: 0, kept: 0 }])).toContain('No rows came in roll of city.');
    expect(matters([])).toContain('Nothing came from city.');
  });

  it('marks what is stale, and says what is held and why, without counts', () => {
    const of = (state: 'held' | 'resting') => {
      const standing = { state, since: '2026-06-12', hold: 'city-3', reasons: ['rows', 'active_only'] };
      const partners = exampleNight.partners.map((each, at) => (at === 0 ? { ...each, standing } : each));
      const page = pageOf({ partners, warnings: [], agreements: [] });
      return { glance: textIn(withId(page, 'glance')), notes: withClass(page, 'stale').map(textIn) };
    };
    expect(of('held').glance).toContain(
      'HELD: district (city-3): rows, active only; STALE: its data of June 12, 2026 stay in use.',
    );
    expect(of('held').notes[0]).toContain('held as city-3');
    expect(of('resting').glance).toContain('Nothing new came from district: its data of June 12, 2026');
    expect(of('resting').notes).toHaveLength(1);
  });
});

describe('what was linked', () => {
  it('gives links by basis that add up to all links', () => {
    const passes = tableRows(example, 'Pairs seen');
    const chart = withId(example, 'passes-desc');
    expect(textIn(chart)).toMatch(new RegExp(`^${sumOfColumn(passes, 3).toLocaleString('en-US')} links: `));
    const byBasis = [...textIn(chart).matchAll(/([\d,]+) (?:exact|probable|weak) \(/g)];
    expect(byBasis.reduce((sum, [, links]) => sum + number(links), 0)).toBe(sumOfColumn(passes, 3));
  });

  it('draws no bar for a pass that made no link', () => {
    const passes = [{ name: 'p', basis: 'weak' as const, pairs: 9, linked: 0, ambiguous: 9, refused: 0 }];
    expect(withClass(withId(pageOf({ passes }), 'linkage'), 'chart')[1]).toSatisfy(
      (chart: Element) => withClass(chart, 'weak').length === 0,
    );
  });

  it('splits the records of a partner without remainder', () => {
    for (const [, records, linked, , apart, unlinkable] of tableRows(example, 'Records linked')) {
      expect(number(linked) + number(apart) + number(unlinkable)).toBe(number(records));
    }
  });
});

const percent = fc.option(fc.nat({ max: 100 }).map(String), { freq: 2 });
const anyRow: fc.Arbitrary<ReleasedRow> = fc.record({
  dimension: fc.constant('sex'),
  level: fc.constantFrom('aa', 'bb', 'cc'),
  ratePercent: percent,
  coveragePercent: percent,
  total: fc.option(fc.integer({ min: 1, max: 9999 })),
});

describe('a withheld rate', () => {
  it('is hatched and called withheld, never drawn or written as a number', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 8 }), (rows) => {
        const section = measuresPage(rows);
        const drawn = withTag(withClass(section, 'chart')[0] ?? section, 'g');
        const written = tableRows(section, 'M, by sex');
        expect(drawn).toHaveLength(rows.length);
        for (const [at, { ratePercent }] of rows.entries()) {
          const group = drawn[at] ?? section;
          const figure = textIn(withClass(group, 'figure')[0] ?? group);
          const isWithheld = ratePercent === null;
          expect(withClass(group, 'withheld-mark')).toHaveLength(isWithheld ? 1 : 0);
          expect(withClass(group, 'rate')).toHaveLength(isWithheld ? 0 : 1);
          expect(figure.startsWith(isWithheld ? 'withheld' : `${ratePercent}%`)).toBe(true);
          expect(written[at]?.[1]).toBe(isWithheld ? 'withheld' : `${ratePercent}%`);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('withholds coverage and numbers of children alike', () => {
    const section = measuresPage([row({ ratePercent: null, coveragePercent: null, total: null })]);
    expect(tableRows(section, 'M, by sex')).toEqual([['F', 'withheld', 'withheld', 'withheld']]);
    expect(textIn(withClass(section, 'chart')[0] ?? section)).not.toMatch(/rate 0|known 0|: 0/);
    expect(withClass(section, 'known').filter(({ tag }) => tag === 'line')).toHaveLength(1);
  });

  it('differs from a published zero and from an empty group', () => {
    const section = measuresPage([
      row({ ratePercent: '0' }),
      row({ ratePercent: null, coveragePercent: null, total: 0 }),
    ]);
    expect(tableRows(section, 'M, by sex')).toEqual([
      ['F', '0%', '90%', '50'],
      ['F', 'no children', 'no children', '0'],
    ]);
    expect(withClass(withClass(section, 'chart')[0] ?? section, 'withheld-mark')).toHaveLength(0);
  });

  it('is said in the headline, not rounded into one', () => {
    const glance = withId(
      pageOf({ measures: [measureOf([row({ dimension: '', ratePercent: null })])], warnings: [] }),
      'glance',
    );
    expect(textIn(withClass(glance, 'headline')[0] ?? glance)).toContain('withheld; it is not zero');
    expect(withClass(glance, 'absent').map(textIn)).toEqual(['withheld']);
  });

  it('leaves out the headline where no rate is over all children', () => {
    expect(withClass(pageOf({ measures: [measureOf([row({})])] }), 'headline')).toHaveLength(0);
  });
});

describe('a released percentage', () => {
  it('keeps the digits of the release and lies where they say', () => {
    const section = measuresPage([row({ ratePercent: '12.50' })]);
    expect(tableRows(section, 'M, by sex')[0]?.[1]).toBe('12.50%');
    const [bar] = withClass(withClass(section, 'chart')[0] ?? section, 'rate');
    expect(bar?.attributes.get('width')).toBe('12.5%');
  });

  it('is shown as text, without a bar, if it is a range', () => {
    const section = measuresPage([row({ ratePercent: '95% or more' })]);
    expect(tableRows(section, 'M, by sex')[0]?.[1]).toBe('95% or more');
    expect(withClass(withClass(section, 'chart')[0] ?? section, 'rate')).toHaveLength(0);
  });
});

describe('what is withheld', () => {
  it('adds up over tables and measures', () => {
    const rows = tableRows(example, 'Cells of the release candidate');
    const [tables, all] = [rows.slice(0, -1), rows.at(-1) ?? []];
    expect(tables).toHaveLength(9);
    for (const column of [2, 3]) expect(number(all[column])).toBe(sumOfColumn(tables, column));
    expect(tables.map(([, table]) => table).slice(0, 5)).toEqual([
      'Total',
      'School',
      'Grade band',
      'Race and ethnicity',
      'School by grade band',
    ]);
  });

  it('names the document that sets the least count, and the counts below it', () => {
    const text = textIn(withId(example, 'withheld'));
    expect(text).toContain('A count of children from 1 to 10 is never published');
    expect(text).toContain('Agreement with Millbrook Community Health');
  });
});

describe('what allows it', () => {
  const expiring = (expires: string): Element =>
    pageOf({
      day: '2026-06-16',
      warnings: [],
      agreements: [{ id: 'dsa', title: 'The agreement', version: 1, expires }],
    });

  it.each([
    ['2026-06-15', 'expired 1 day ago', 'grave'],
    ['2026-06-16', 'expires today', 'soon'],
    ['2026-06-17', 'expires in 1 day', 'soon'],
    ['2026-09-14', 'expires in 90 days', 'soon'],
    ['soon', 'date not readable', 'grave'],
  ])('stresses a last day of %s', (expires, words, kind) => {
    const page = expiring(expires);
    const [mark] = withClass(page, 'expiry');
    expect(textIn(mark ?? page)).toBe(words);
    expect(mark?.attributes.get('class')).toBe(`expiry ${kind}`);
    expect(withTag(withClass(page, 'matters')[0] ?? page, 'li')).toHaveLength(1);
  });

  it('leaves an agreement alone that has more than 90 days to run', () => {
    const page = expiring('2026-09-15');
    expect(withClass(page, 'expiry')).toHaveLength(0);
    expect(withClass(page, 'calm')).toHaveLength(1);
    expect(textIn(page)).toContain('September 15, 2026');
  });

  it('lists the soonest to expire first', () => {
    const ids = tableRows(example, 'Agreements, the soonest').map(([, id]) => id);
    expect(ids.slice(0, 3)).toEqual(['dsa-district', 'dsa-afterschool', 'dul-snapshot']);
  });
});

describe('agreements that end', () => {
  it('within 90 days stand by themselves, with what to do', () => {
    const ids = tableRows(example, 'Agreements that end soon').map(([, id]) => id);
    expect(ids).toEqual(['dsa-district', 'dsa-afterschool']);
    expect(textIn(withId(example, 'agreements'))).toContain('Renew in time');
    const calm = pageOf({ agreements: [{ id: 'a', title: 'A', version: 1, expires: '2030-01-01' }] });
    expect(textIn(withId(calm, 'agreements'))).toMatch(/Ending within 90 days\s+None\./);
  });
});

describe('the release candidate', () => {
  const of = (candidate: Partial<Night['candidate']>): string =>
    textIn(withId(pageOf({ candidate: { ...exampleNight.candidate, ...candidate } }), 'candidate'));

  it('says where it stands, how many voted, what is new and what to do', () => {
    const text = textIn(withId(example, 'candidate'));
    expect(text).toContain('Votes: 1 of 2.');
    expect(text).toContain('Release 3 of January 15, 2026 is the latest that is out.');
    expect(text).toContain('chronic absence.school by grade band');
    expect(text).toContain('throughline release review millbrook.yaml --vote approve');
  });

  it('that nobody asks for needs nothing', () => {
    const text = of({ state: 'pending', votes: 0, newTables: [], latest: null });
    expect(text).toContain('Nobody asks to publish it.');
    expect(text).toContain('No release is out yet.');
    expect(text).not.toContain('Votes:');
  });
});

describe('what is held', () => {
  it('says why and what to do, with the commands', () => {
    const text = textIn(withId(example, 'holds'));
    expect(text).toContain('A filter, another school year');
    expect(text).toContain('throughline hold accept millbrook.yaml afterschool-4 --reason');
    expect(text).toContain('throughline hold reject millbrook.yaml afterschool-4 --reason');
  });

  it('offers no acceptance of what cannot be read as declared, nor a second rejection', () => {
    const [hold] = exampleNight.holds;
    if (hold === undefined) throw new Error('a hold expected');
    const text = textIn(withId(pageOf({ holds: [{ ...hold, acceptable: false, rejected: true }] }), 'holds'));
    expect(text).not.toMatch(/hold (?:accept|reject) pipeline/);
    expect(text).toContain('waits for another delivery');
  });

  it('is said to be nothing', () => {
    expect(textIn(withId(pageOf({ holds: [] }), 'holds'))).toContain('No delivery is held.');
  });
});

describe('what has changed', () => {
  it('is said sentence by sentence, or that nothing has, or that nobody can know', () => {
    const of = (changes: Night['changes']): string => textIn(withId(pageOf({ changes }), 'changes'));
    expect(textIn(withId(example, 'changes'))).toContain('report of June 15, 2026');
    expect(withTag(withId(example, 'changes'), 'li').map(textIn)).toEqual(exampleNight.changes?.words);
    expect(of({ since: '2026-06-15', words: [] })).toContain('Nothing that a person would remark on');
    expect(of(null)).toContain('This is the first report');
  });
});

describe('how persons changed', () => {
  it('gives each change its count', () => {
    expect(tableRows(example, 'Changes on record')).toEqual([
      ['Merged', '6'],
      ['New', '4,399'],
      ['Retired', '3'],
      ['Split', '1'],
    ]);
  });

  it('says so if nothing changed', () => {
    const page = pageOf({ people: { persons: 2, records: 3, changes: [] } });
    expect(textIn(withId(page, 'people'))).toContain('No change to a person is on record.');
  });
});
