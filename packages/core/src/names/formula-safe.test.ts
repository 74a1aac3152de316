import { describe, expect, it } from 'vitest';
import { formulaSafe } from './formula-safe.js';

describe('a cell that no spreadsheet calculates', () => {
  it.each([
    '=1+1',
    '+1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '-1+1',
    '-cmd()',
    '-',
    '--1',
    '-1.2.3',
    '-1\n=2',
  ])('%j gets an apostrophe', (text) => expect(formulaSafe(text)).toBe(`'${text}`));

  it.each(['', 'Grade 3', '-1', '-12.50', '1=1', ' =1', "'=1", '<1'])('%j stays', (text) =>
    expect(formulaSafe(text)).toBe(text));
});
