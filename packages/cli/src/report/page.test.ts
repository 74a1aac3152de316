import { visible } from '@throughline/pages';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleNight } from './example-night.fixture.js';
import {
  allOf,
  type Element,
  readPage,
  textIn,
  withClass,
  withId,
  withTag,
} from './markup-reader.fixture.js';
import { renderReport } from './page.js';
import { anyNight, hostileTexts, withEveryText } from './random-night.fixture.js';

const example = readPage(renderReport(exampleNight));

/** Elements and the names of their attributes: what hostile text must not be able to change. */
const skeleton = (element: Element): readonly string[] =>
  allOf(element).map(({ tag, attributes }) => [tag, ...attributes.keys()].join(' '));

const skeletonWith = (text: string) => skeleton(readPage(renderReport(withEveryText(exampleNight, text))));
const skeletons = { plain: skeletonWith('plain'), empty: skeletonWith('') };

const deeplyFrozen = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null) {
    for (const each of Object.values(value)) deeplyFrozen(each);
    Object.freeze(value);
  }
  return value;
};

describe('renderReport', () => {
  it('is well-formed for any night', () => {
    fc.assert(
      fc.property(anyNight, (night) => {
        readPage(renderReport(night));
      }),
      { numRuns: 30 },
    );
  });

  it('gives equal bytes for equal nights and leaves the night as it was', () => {
    const night = deeplyFrozen(structuredClone(exampleNight));
    expect(renderReport(night)).toBe(renderReport(exampleNight));
  });

  it.each(hostileTexts.map((text, at) => [at, text] as const))('shows hostile text %i as text', (_, text) => {
    const hostile = readPage(renderReport(withEveryText(exampleNight, text)));
    expect(skeleton(hostile)).toEqual(text === '' ? skeletons.empty : skeletons.plain);
    expect(textIn(withTag(hostile, 'h1')[0] ?? hostile)).toContain(visible(text));
  });

  it('holds no character that reorders, hides or controls', () => {
    for (const text of hostileTexts) {
      const page = renderReport(withEveryText(exampleNight, text)).replaceAll('\n', '');
      expect(page).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    }
  });

  it('asks nothing of the network and runs nothing', () => {
    const page = renderReport(exampleNight);
    expect(page.replaceAll('http-equiv', '')).not.toMatch(/http|\/\/|@import|javascript/i);
    expect([...page.matchAll(/url\(([^)]*)\)/g)].map(([, target]) => target)).toEqual(['#hatch']);
    const tags = new Set(allOf(example).map(({ tag }) => tag));
    for (const tag of ['script', 'iframe', 'object', 'embed', 'form', 'img', 'base']) {
      expect(tags.has(tag)).toBe(false);
    }
    const names = allOf(example).flatMap(({ attributes }) => [...attributes.keys()]);
    expect(names.filter((name) => name.startsWith('on') || name === 'src')).toEqual([]);
    expect(withTag(example, 'link').map(({ attributes }) => attributes.get('href'))).toEqual(['data:,']);
  });

  it('forbids all but its own style before anything could be fetched', () => {
    const metas = withTag(example, 'head')[0]?.children.filter((child) => typeof child !== 'string') ?? [];
    const policy = metas.findIndex(({ attributes }) => attributes.has('http-equiv'));
    expect(metas[policy]?.attributes.get('content')).toContain(
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    );
    expect(metas.findIndex(({ tag }) => tag === 'link' || tag === 'style')).toBeGreaterThan(policy);
  });

  it('says on its face that children are made up, and only then', () => {
    const real = readPage(renderReport({ ...exampleNight, synthetic: false }));
    expect(withClass(example, 'synthetic')).toHaveLength(1);
    expect(withClass(real, 'synthetic')).toHaveLength(0);
  });

  it('marks every section as internal or candidate and says what it cannot say', () => {
    const sections = withTag(example, 'section');
    expect(sections).toHaveLength(10);
    for (const section of sections) {
      expect(withClass(section, 'cannot').map(textIn).join('').length).toBeGreaterThan(60);
      const standings = withClass(section, 'standing').length;
      expect(standings).toBe(section.attributes.get('id') === 'glance' ? 0 : 1);
    }
    expect(textIn(withId(example, 'glance'))).toContain('not for publication');
    expect(textIn(withId(example, 'measures'))).toContain('Protected release candidate');
  });
});

describe('the page for those who do not see it', () => {
  it('has headings that skip no level', () => {
    const levels = allOf(example).flatMap(({ tag }) => (/^h[1-6]$/.test(tag) ? [Number(tag.slice(1))] : []));
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (const [at, level] of levels.slice(1).entries())
      expect(level - (levels[at] ?? 0)).toBeLessThanOrEqual(1);
  });

  it('has unique ids to which every reference leads', () => {
    const ids = allOf(example).flatMap(({ attributes }) => attributes.get('id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const references = allOf(example).flatMap(({ attributes }) => [
      ...(attributes.get('aria-labelledby')?.split(' ') ?? []),
      ...(attributes.get('href')?.startsWith('#') ? [attributes.get('href')?.slice(1) ?? ''] : []),
    ]);
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) expect(ids).toContain(reference);
  });

  it('names and describes every chart and hides every ornament', () => {
    for (const drawing of withTag(example, 'svg')) {
      if (drawing.attributes.get('aria-hidden') === 'true') continue;
      expect(drawing.attributes.get('role')).toBe('img');
      expect(withTag(drawing, 'title').map(textIn).join('')).not.toBe('');
      expect(withTag(drawing, 'desc').map(textIn).join('')).toMatch(/\d/);
    }
    expect(withClass(example, 'chart').length).toBeGreaterThan(15);
  });

  it('gives every table a caption and heads, and lets the keyboard scroll it', () => {
    for (const table of withTag(example, 'table')) {
      expect(withTag(table, 'caption')).toHaveLength(1);
      const scopes = withTag(table, 'th').map(({ attributes }) => attributes.get('scope'));
      expect(new Set(scopes)).toEqual(new Set(['col', 'row']));
    }
    for (const region of withClass(example, 'scroll')) expect(region.attributes.get('tabindex')).toBe('0');
  });

  it('opens every fold with a summary', () => {
    for (const fold of withTag(example, 'details')) {
      expect(fold.children.find((child) => typeof child !== 'string')).toMatchObject({ tag: 'summary' });
    }
  });
});
