import type { MeasureDefinition } from '@throughline/core';
import { describe, expect, it } from 'vitest';
import { licensedOf } from './licensed.js';

/** What is licensed looks at names, partitions and breakdowns, and at nothing else of a definition. */
const definition = (measure: string, preset: string, more: object = {}): MeasureDefinition =>
  ({ name: `${measure}_${preset}`, measure, preset, ...more }) as MeasureDefinition;

const band = (measure: string, rule: string, name: string) => ({
  ...definition(measure, rule, { partition: `${measure}_${rule}` }),
  name: `${measure}_${rule}_${name}`,
});

const days = ['none', 'some', 'many'].map((name) => band('dosage', 'days', name));
const hours = ['few', 'many'].map((name) => band('dosage', 'hours', name));
const absence = definition('absence', 'ma');
const broken = definition('by_access', 'days', {
  breakdown: { measure: 'absence_ma', dimension: 'dosage_days' },
});
const all = [...days, ...hours, absence, broken];

const config = (presets: readonly (readonly [string, string])[]) => ({
  dul: 'd',
  policy: 'p',
  city: 'c',
  partners: ['x'],
  measures: [...new Set(presets.map(([measure]) => measure))],
  presets: presets.map(([measure, preset]) => ({ measure, preset })),
});

const tableOf = (measure: string, ...dims: string[]) => ({
  name: 't',
  measure,
  population: 'p',
  dims,
  rows: [],
});

describe('what is licensed', () => {
  it('is what the licence names, broken down by nothing that it does not', () => {
    const { definitions, licensed } = licensedOf(all, config([['absence', 'ma']]));
    expect(definitions).toEqual([absence]);
    expect(licensed(tableOf('absence_ma', 'school'))).toBe(true);
    expect(licensed(tableOf('absence_ma', 'dosage_days'))).toBe(false);
    expect(licensed(tableOf('dosage_days_none'))).toBe(false);
    const both = licensedOf(
      all,
      config([
        ['absence', 'ma'],
        ['by_access', 'days'],
      ]),
    );
    expect(both.licensed(tableOf('absence_ma', 'dosage_days'))).toBe(true);
  });

  it('may be all bands of one rule, which are protected as a partition', () => {
    expect(licensedOf(all, config([['dosage', 'days']])).definitions).toEqual(days);
  });

  it('is never the bands of two rules over the same days, nor bands beside an outcome broken down by them', () => {
    const refused =
      (...presets: readonly (readonly [string, string])[]) =>
      () =>
        licensedOf(all, config(presets));
    expect(refused(['dosage', 'days'], ['dosage', 'hours'])).toThrow(/RELEASE_UNSAFE.*dosage_hours/);
    expect(refused(['dosage', 'days'], ['by_access', 'days'])).toThrow(/RELEASE_UNSAFE.*dosage_days/);
    expect(refused(['dosage', 'hours'], ['by_access', 'days'])).not.toThrow();
  });
});
