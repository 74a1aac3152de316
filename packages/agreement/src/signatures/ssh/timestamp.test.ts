import { expect, it } from 'vitest';
import { parseTimestamp } from './timestamp.js';

it.each([
  ['20260101Z', '2026-01-01T00:00:00Z'],
  ['202602281530Z', '2026-02-28T15:30:00Z'],
  ['20240229235959Z', '2024-02-29T23:59:59Z'],
])('%s', (text, iso) => {
  expect(parseTimestamp(text)).toBe(Date.parse(iso) / 1000);
});

it.each([
  '20260101',
  '20260101z',
  '20260101UTC',
  '20260230Z',
  '20261301Z',
  '2026010124Z',
  '202601012400Z',
  '202601012360Z',
  '20260101235960Z',
  '19691231Z',
  '19700101Z',
  ' 20260101Z',
  '2026-01-01Z',
  '',
])('%j is none', (text) => {
  expect(parseTimestamp(text)).toBeUndefined();
});
