import { describe, expect, it } from 'vitest';
import { catalogue } from '../reference/catalogue.js';
import { measureConfig } from './config.js';

const definitions = await catalogue();

const good = {
  period: { from: '2025-08-27', to: '2026-06-15' },
  snapshot: '2026-06-15',
  bands: [
    { name: 'PK-K', grades: ['PK', 'K'] },
    { name: '1-5', grades: ['01', '02'] },
  ],
  dimensions: ['school', 'grade_band'],
  two_way: [['school', 'grade_band']],
  measures: [
    { measure: 'chronic_absence', preset: 'ma' },
    { measure: 'afterschool_participation', preset: 'any_session' },
  ],
  partners: { enrolment: ['district'], afterschool: ['afterschool'] },
  definitions,
};

const pathOf = (config: unknown): string | undefined => {
  const { error } = measureConfig.safeParse(config);
  return error?.issues[0]?.path.join('.');
};

describe('the configuration', () => {
  it('takes a good one', () => expect(pathOf(good)).toBeUndefined());

  it.each([
    ['period.to', { period: { from: '2026-06-15', to: '2026-06-14' }, snapshot: '2026-06-14' }],
    ['period', { period: { from: '2025-01-01', to: '2026-06-15' } }],
    ['period.from', { period: { from: '2025-02-29', to: '2026-06-15' } }],
    ['snapshot', { snapshot: '2026-06-16' }],
    ['bands', { bands: [...good.bands, { name: 'again', grades: ['K'] }] }],
    ['bands', { bands: [...good.bands, { name: 'PK-K', grades: ['05'] }] }],
    ['bands.0.name', { bands: [{ name: 'Total', grades: ['K'] }] }],
    ['bands.0.grades.0', { bands: [{ name: 'K', grades: ['unknown'] }] }],
    ['dimensions.0', { dimensions: ['shoe_size'] }],
    ['dimensions', { dimensions: ['school', 'grade_band', 'school'] }],
    ['two_way.0', { two_way: [['school', 'sex']] }],
    ['two_way.0', { two_way: [['school', 'school']] }],
    [
      'two_way',
      {
        two_way: [
          ['school', 'grade_band'],
          ['grade_band', 'school'],
        ],
      },
    ],
    ['measures.0', { measures: [{ measure: 'chronic_absence', preset: 'any_session' }] }],
    ['measures', { measures: [...good.measures, ...good.measures] }],
    ['partners.afterschool', { partners: { enrolment: ['district'] } }],
    [
      'partners.enrolment',
      { partners: { enrolment: ['district', 'district'], afterschool: ['afterschool'] } },
    ],
    ['', { threshold: 10 }],
  ])('refuses a wrong %s', (path, wrong) => {
    expect(pathOf({ ...good, ...wrong })).toBe(path);
  });
});
