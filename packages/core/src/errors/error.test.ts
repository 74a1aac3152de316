import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { safeName } from '../names/safe-name.js';
import { errorCodes } from './codes.js';
import { ThroughlineError } from './error.js';

describe('ThroughlineError', () => {
  it('says its code, exit status and details, and nothing else', () => {
    const error = new ThroughlineError('REJECTS_OVER_LIMIT', {
      extract: safeName('students'),
      rows: 12,
      complete: false,
      reasons: [safeName('date'), safeName('key')],
    });
    expect(error.message).toBe(
      'REJECTS_OVER_LIMIT (extract=students rows=12 complete=false reasons=date,key)',
    );
    expect(error).toMatchObject({ name: 'ThroughlineError', code: 'REJECTS_OVER_LIMIT', exitCode: 13 });
    expect(new ThroughlineError('BUG').message).toBe('BUG');
  });

  it('has no cause, which loggers and Node print', () => {
    const error = new ThroughlineError('BUG');
    expect('cause' in error).toBe(false);
    // @ts-expect-error: nor can one be given.
    const forced = new ThroughlineError('BUG', {}, { cause: new Error('Zzqcanary') });
    expect(inspect(forced, { depth: 9, showHidden: true })).not.toContain('Zzqcanary');
  });

  it('cannot hold a string that nobody has declared to be a name', () => {
    const value: string = 'Ann';
    // @ts-expect-error
    expect(new ThroughlineError('BUG', { name: value })).toBeInstanceOf(Error);
    // @ts-expect-error
    expect(new ThroughlineError('BUG', { names: [value] })).toBeInstanceOf(Error);
    // @ts-expect-error
    expect(new ThroughlineError('BUG', { row: { name: value } })).toBeInstanceOf(Error);
    // @ts-expect-error
    expect(new ThroughlineError('BUG', { thrown: new Error(value) })).toBeInstanceOf(Error);
    // @ts-expect-error
    expect(() => new ThroughlineError('NO_SUCH_CODE')).toThrow();
  });
});

describe('errorCodes', () => {
  const entries = Object.entries(errorCodes);

  it.each(entries)('%s has one of the exit statuses, a meaning and a remedy in sentences', (code, entry) => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect([1, 2, 10, 11, 12, 13, 14, 15]).toContain(entry.exit);
    for (const sentence of [entry.meaning, entry.remedy]) expect(sentence).toMatch(/^[A-Z`].*\.$/s);
  });

  it('means each thing once', () => {
    expect(new Set(entries.map(([, { meaning }]) => meaning)).size).toBe(entries.length);
  });
});
