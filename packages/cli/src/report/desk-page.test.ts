import { describe, expect, it } from 'vitest';
import type { DeskNight } from './desk-night.js';
import { mattersOfDesk, renderDeskReport } from './desk-page.js';
import { exampleDeskNight } from './example-desk-night.fixture.js';
import { allOf, readPage, textIn } from './markup-reader.fixture.js';
import { hostileTexts } from './random-night.fixture.js';

const night: DeskNight = { ...exampleDeskNight, agreements: [] };

describe('the report of a desk on a host of its own', () => {
  it('says what needs a person, what is waited for first', () => {
    const waiting = { ...exampleDeskNight, awaited: ['payload of health'] };
    expect(mattersOfDesk(night).map(({ grave, words }) => [grave, words])).toEqual([
      [true, 'HELD: health: health-3: rows.'],
      [false, 'RESTING: city: data of 2026-06-12 in use.'],
    ]);
    expect(mattersOfDesk(waiting)[0]).toEqual({ grave: true, words: 'Waits for the payload of health.' });
    expect(textIn(readPage(renderDeskReport(waiting)))).toMatch(
      /counted nothing[\s\S]*are of an earlier night/,
    );
  });

  it('links to every section that it has, also before anything was counted', () => {
    for (const each of [night, { ...night, measures: [], candidate: null }]) {
      const page = readPage(renderDeskReport(each));
      const ids = allOf(page).flatMap(({ tag, attributes }) =>
        tag === 'section' ? [`#${attributes.get('id')}`] : [],
      );
      const links = allOf(page).flatMap(({ tag, attributes }) =>
        tag === 'a' ? [attributes.get('href') ?? ''] : [],
      );
      expect(links.slice(1)).toEqual(ids);
    }
  });

  it('shows whatever text as text', () => {
    const skeleton = (text: string) =>
      allOf(
        readPage(
          renderDeskReport({
            ...night,
            city: text,
            file: text,
            partners: [{ name: text, light: 'HELD', why: text }],
            awaited: [text],
          }),
        ),
      ).map(({ tag }) => tag);
    for (const text of hostileTexts) expect(skeleton(text)).toEqual(skeleton('plain'));
  });
});
