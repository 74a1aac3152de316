import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleNight } from './example-night.fixture.js';
import type { NightCount } from './night.js';
import { anyNight } from './random-night.fixture.js';
import { renderSummary } from './summary.js';

const places = { report: 'work/report.html', release: 'work/desk/release' };
const linesOf = (text: string): readonly string[] => text.trimEnd().split('\n');

const rejecting = (rejected: readonly NightCount[], quarantined: readonly NightCount[] = []): string =>
  renderSummary(
    {
      ...exampleNight,
      partners: [
        {
          name: 'city',
          standing: { state: 'current', since: '2026-06-16', hold: '', reasons: [] },
          extracts: [{ name: 'roll', rowsIn: 0, kept: 0, rejected, quarantined, excluded: [], noted: [] }],
          records: 0,
          linked: 0,
          unlinkable: 0,
        },
      ],
    },
    places,
  );

describe('renderSummary', () => {
  it('says which rows are quarantined, beside those rejected', () => {
    const summary = rejecting([{ name: 'bad_date', value: 3 }], [{ name: 'repeated_key', value: 4 }]);
    expect(summary).toContain('  rejected: bad date 3\n  quarantined: repeated key 4\n');
  });

  it('fits an e-mail, whatever the night', () => {
    fc.assert(
      fc.property(anyNight, (night) => {
        const lines = linesOf(renderSummary(night, places));
        expect(lines.length).toBeLessThanOrEqual(40);
        for (const line of lines) expect(Array.from(line).length).toBeLessThanOrEqual(78);
      }),
    );
  });

  it('sends nothing to the terminal but text and line ends', () => {
    fc.assert(
      fc.property(anyNight, (night) => {
        expect(renderSummary(night, places).replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it('accounts for every rejected row, named or not', () => {
    const counts = fc.array(
      fc.record({ name: fc.stringMatching(/^[a-z]{1,40}$/), value: fc.nat({ max: 99_999 }) }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(counts, (rejected) => {
        const total = rejected.reduce((sum, { value }) => sum + value, 0);
        const line = linesOf(rejecting(rejected)).find((each) => each.startsWith('  rejected: '));
        const named = [...(line ?? '').matchAll(/ ([\d,]+)(?:,|$)/g)];
        expect(named.reduce((sum, [, value]) => sum + Number(value?.replaceAll(',', '')), 0)).toBe(total);
      }),
    );
  });

  it('gives rows, rejects and linked share by partner', () => {
    const lines = linesOf(renderSummary(exampleNight, places));
    const at = lines.findIndex((line) => line.startsWith('Afterschool '));
    expect(lines[at]?.split(/\s+/)).toEqual(['Afterschool', '26,740', '1,304', '0', '87.3%']);
    expect(lines[at + 1]).toBe('  rejected: wrong number of columns 1,211, missing key 93');
  });

  it('gives cells and withheld cells by measure, and where the outputs lie', () => {
    const lines = linesOf(renderSummary(exampleNight, places));
    expect(lines.find((line) => line.startsWith('Chronic absence'))?.split(/\s+/)).toEqual([
      'Chronic',
      'absence',
      '68',
      '21',
    ]);
    expect(lines).toContain('Report:  work/report.html');
    expect(lines).toContain('Release: work/desk/release');
  });

  it('says how many partners, measures and matters it leaves to the report', () => {
    const twelve = <Value>(value: Value): Value[] => Array.from({ length: 12 }, () => value);
    const [partner, measure] = [exampleNight.partners[1], exampleNight.measures[0]];
    if (partner === undefined || measure === undefined) throw new Error('example too small');
    const night = {
      ...exampleNight,
      partners: twelve(partner),
      measures: twelve(measure),
      warnings: twelve('A warning.'),
      agreements: [],
    };
    const lines = linesOf(renderSummary(night, places));
    expect(lines.filter((line) => line.endsWith('more, in the report'))).toEqual([
      'and 5 more, in the report',
      'and 7 more, in the report',
      'and 7 more, in the report',
    ]);
    expect(lines).toContain('12 matters need a person:');
    expect(lines).toHaveLength(40);
  });
});
