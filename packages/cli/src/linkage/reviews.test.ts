import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  answersAbout,
  answersIn,
  forgetAnswers,
  keepAnswers,
  type PossiblePair,
  pairNumber,
  readAnswers,
  settled,
  sheetFor,
} from './reviews.js';

const A = '11111111-1111-4111-8111-111111111111';
const B = '22222222-2222-4222-8222-222222222222';
const PAIRS: readonly PossiblePair[] = [
  {
    pair: pairNumber(B, A),
    records: [
      { partner: 'school', record: B },
      { partner: 'clinic', record: A },
    ],
  },
];
const code = (work: () => unknown): string => {
  try {
    work();
  } catch (thrown) {
    return String((thrown as { code?: string }).code);
  }
  return 'none';
};

describe('a sheet of possible pairs', () => {
  it('has an owner its own record and whose the other one is, and takes yes and no back', () => {
    const sheet = sheetFor('clinic', PAIRS);
    expect(sheet).toBe(`pair,record_id,with,answer\n${pairNumber(A, B)},${A},school,\n`);
    expect(answersIn(sheet, 'clinic', PAIRS)).toEqual([]);
    const filled = sheet.replace('school,\n', 'school,yes\r\n\r\n');
    expect(answersIn(`\uFEFF${filled}`, 'clinic', PAIRS)).toEqual([
      { a: A, b: B, partner: 'clinic', with: 'school', same: true },
    ]);
  });

  it('refuses what it did not ask, with the line and no value', () => {
    const line = (text: string) => `pair,record_id,with,answer\n\n${text}\n`;
    expect(code(() => answersIn('other\n', 'clinic', PAIRS))).toBe('REVIEW_REFUSED');
    expect(code(() => answersIn(line(`${pairNumber(A, B)},${A},school,maybe`), 'clinic', PAIRS))).toBe(
      'REVIEW_REFUSED',
    );
    expect(code(() => answersIn(line(`${pairNumber(A, B)},${B},school,yes`), 'clinic', PAIRS))).toBe(
      'REVIEW_REFUSED',
    );
    expect(code(() => answersIn(line(`${'0'.repeat(12)},${A},school,yes`), 'clinic', PAIRS))).toBe(
      'REVIEW_REFUSED',
    );
    expect(code(() => answersIn(line(`${pairNumber(A, B)},${A},school,`), 'clinic', PAIRS))).toBe('none');
  });
});

describe('settled', () => {
  const said = (partner: string, same: boolean) => ({
    a: A,
    b: B,
    partner,
    with: partner === 'school' ? 'clinic' : 'school',
    same,
  });
  it('needs both owners for one person, and either for two', () => {
    expect(settled([said('school', true)])).toEqual([]);
    expect(settled([said('school', true), said('clinic', true)])).toEqual([{ a: A, b: B, same: true }]);
    expect(settled([said('school', true), said('clinic', false)])).toEqual([{ a: A, b: B, same: false }]);
  });
});

describe('what owners said', () => {
  const said = (a: string, partner: string, other: string, same: boolean) => ({
    a,
    b: B,
    partner,
    with: other,
    same,
  });

  it('is kept, may be taken back, and goes with the records of a partner, whoever said it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reviews-'));
    const file = join(folder, 'reviews.json');
    await keepAnswers(file, [said(A, 'school', 'clinic', true), said(A, 'clinic', 'school', true)]);
    await keepAnswers(file, [said(A, 'clinic', 'school', false), said(B, 'school', 'library', true)]);
    expect(settled(await readAnswers(file))).toEqual([{ a: A, b: B, same: false }]);
    expect(await answersAbout(file, 'clinic')).toBe(2);
    await forgetAnswers(file, 'clinic');
    expect(await readAnswers(file)).toEqual([said(B, 'school', 'library', true)]);
    await rm(folder, { recursive: true });
  });
});
