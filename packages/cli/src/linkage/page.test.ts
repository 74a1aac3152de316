import { describe, expect, it } from 'vitest';
import type { LinkageNight } from './linkage-night.js';
import { renderLinkage } from './page.js';

const night: LinkageNight = {
  city: 'Nowhere',
  synthetic: true,
  day: '2026-06-16',
  software: 'throughline test',
  model: [
    { position: 0, comparison: 'first', place: 0, level: 'equal', m: 0.9, u: 0.01, weight: 6.49 },
    { position: 0, comparison: 'first', place: 1, level: 'differs', m: 0.1, u: 0.99, weight: -3.3 },
  ],
  weights: [{ weight: 6, class: 'link', pairs: 40 }],
  expected: [],
  passes: [
    {
      ...{ name: 'first_dob', kind: 'sealed', pairs: 700, linked: 500 },
      ambiguous: 3,
      refused: 1,
      alone: 61,
      linkedAlone: 47,
      ms: 1234,
    },
    {
      ...{ name: 'names', kind: 'tokens', pairs: 9, linked: 8 },
      ambiguous: 0,
      refused: 0,
      alone: 2,
      linkedAlone: 1,
      ms: undefined,
    },
  ],
  doubts: [{ finding: 'pass finds households', about: 'first_dob, first household', value: 0.625 }],
  calibration: [{ from: 0.5, to: 0.7, pairs: 10, expected: 6.1, found: 7 }],
  sizes: [{ records: 2, persons: 500 }],
  reach: [],
  groups: [],
  expectedOfGroups: undefined,
  households: undefined,
  examples: [],
};
/** The cells of the row that begins with a word. */
const rowOf = (page: string, word: string): string[] => {
  const row =
    page
      .split('<tr>')
      .map((each) => each.split('</tr>')[0] ?? '')
      .find((each) => each.includes(`>${word}<`)) ?? '';
  return [...row.matchAll(/>([^<>]+)</g)].map(([, text = '']) => text.trim()).filter((text) => text !== '');
};

describe('the page on linkage', () => {
  it('says what each pass found alone and what it cost', () => {
    const page = renderLinkage(night);
    expect(rowOf(page, 'sealed First birth date').slice(1)).toEqual(['700', '500', '61', '47', '1,234']);
    expect(rowOf(page, 'tokens Names').at(-1)).toBe('–');
  });

  it('names what is doubtful, and what owners said', () => {
    const page = renderLinkage(night);
    expect(page).toContain('pass finds households');
    expect(rowOf(page, '0.5 to 0.7').slice(1)).toEqual(['10', '6.1', '7']);
  });

  it('says of households what may be told, and nothing where there is no index', () => {
    const households = {
      standing: [{ standing: 'crowd', persons: undefined }],
      sizes: [{ children: 5, households: 120 }],
      reach: [{ source: 'city/roster', households: 340, whole: 150 }],
    };
    const page = renderLinkage({ ...night, households });
    expect(rowOf(page, 'Where more children share a home than a household has').slice(1)).toEqual([
      'withheld',
    ]);
    expect(rowOf(page, '5 or more').slice(1)).toEqual(['120']);
    expect(rowOf(page, 'city/roster').slice(1)).toEqual(['340', '150']);
    expect(renderLinkage(night)).not.toContain('id="households"');
  });

  it('says which groups are expected to be linked worse, by more than their intervals, and of how many links', () => {
    const group = (level: string, recall: [number, number, number]) => ({
      ...{ dimension: 'home_language', level, links: 1400 },
      precision: [0.98, 0.99, 1] as const,
      recall,
    });
    const expectedOfGroups = {
      everybody: { links: 9000, precision: [0.98, 0.99, 1], recall: [0.94, 0.95, 0.96] },
      groups: [group('portuguese', [0.8, 0.86, 0.92]), group('spanish', [0.9, 0.93, 0.96])],
    } as const;
    const groups = [
      { dimension: 'home_language', level: 'portuguese', children: 700, linked: 500 },
      { dimension: 'home_language', level: 'spanish', children: 700, linked: 500 },
    ];
    const page = renderLinkage({ ...night, groups, expectedOfGroups });
    expect(page).toContain('Expected recall is lower than that of all children (0.950): Portuguese (0.860).');
    expect(page).not.toContain('Expected precision is');
    expect(page).toContain('0.8600 (0.800 to 0.920)');
    const alike = { ...expectedOfGroups, groups: [group('spanish', [0.9, 0.93, 0.96])] };
    expect(renderLinkage({ ...night, groups, expectedOfGroups: alike })).toContain(
      'No group is expected to be linked better or worse',
    );
    expect(renderLinkage({ ...night, groups })).not.toContain('xpected recall');
  });

  it('draws every chart in itself, with where classes begin, and asks no network', () => {
    const pair = { pass: 'first_dob', levels: '0', weight: 6.49, probability: 0.9, verdict: 'linked' };
    const page = renderLinkage({
      ...night,
      weights: [
        { weight: 17, class: 'link', pairs: 40 },
        { weight: 13, class: 'possible', pairs: 4 },
        { weight: -7, class: 'no', pairs: 900 },
      ],
      expected: [
        { sources: 'a and b', pairs: 9, links: 8, precision: [0.9, 0.95, 1], recall: [0.8, 0.9, 0.95] },
      ],
      reach: [{ partner: 'school', records: 90, atLeast: [{ bits: 5, records: 60 }] }],
      groups: [{ dimension: 'sex', level: 'F', children: 300, linked: 200 }],
      examples: [{ title: 'The least sure link', pair }],
    });
    const cards = ['weights', 'm-u', 'histogram', 'waterfall-0', 'unlinkables', 'yield', 'sizes', 'groups'];
    for (const id of cards) {
      const section = page.split(`<section id="${id}">`)[1]?.split('</section>')[0] ?? '';
      expect([id, section.includes('<svg')]).toEqual([id, true]);
    }
    expect(page).toContain('16 to 20 bits, link from 17');
    expect(page).toContain('12 to 16 bits, possible from 13');
    expect(page).toContain('0.9500 (0.900 to 1.000)');
    expect(page).not.toMatch(/<script|<img|<iframe|url\((?!#)|@import|(?:src|href)="(?!data:,|#)/);
  });

  it('says nothing of either where there is nothing to say', () => {
    const page = renderLinkage({ ...night, doubts: [], calibration: [] });
    expect(page).not.toMatch(/id="doubts"|id="calibration"/);
  });
});
