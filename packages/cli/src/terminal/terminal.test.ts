import { type ErrorCode, errorCodes, safeName, ThroughlineError } from '@throughline/core';
import { describe, expect, it } from 'vitest';
import { refuseExposedSecrets } from './exposed-secret.js';
import { failureBlock } from './failure.js';
import { terminalProgress } from './progress.js';

describe('failureBlock', () => {
  it('says code, what, where and what to do, for every code', () => {
    for (const code of Object.keys(errorCodes) as ErrorCode[]) {
      const { text, exitCode } = failureBlock(
        new ThroughlineError(code, { column: safeName('dob'), rows: 3 }),
      );
      expect(exitCode).toBe(errorCodes[code].exit);
      expect(text).toContain(`error ${code} (exit ${exitCode})`);
      expect(text).toContain(errorCodes[code].meaning);
      expect(text).toContain('column dob, rows 3');
      expect(text).toContain(errorCodes[code].remedy);
    }
  });

  it('tells of a bug the place in our code and nothing of its message', () => {
    const { text, exitCode } = failureBlock(new TypeError('cannot read Zzqcanary of undefined'));
    expect(exitCode).toBe(1);
    expect(text).toContain('error BUG');
    expect(text).not.toMatch(/Zzqcanary/);
  });
});

describe('refuseExposedSecrets', () => {
  const hex = '0123456789abcdef'.repeat(4);
  const base64 = Buffer.alloc(32, 7).toString('base64');
  it.each([
    [[hex]],
    [[`--key=${hex}`]],
    [['--x', base64]],
  ])('refuses what looks like a key on the command line', (args) => {
    expect(() => refuseExposedSecrets(args, {})).toThrow(
      expect.objectContaining({ code: 'SECRET_ON_COMMAND_LINE' }),
    );
  });

  it('refuses a key in the environment', () => {
    expect(() => refuseExposedSecrets([], { THROUGHLINE_TOKEN_KEY: 'x' })).toThrow(
      expect.objectContaining({ code: 'SECRET_ON_COMMAND_LINE' }),
    );
  });

  it('takes paths and other words', () => {
    expect(() =>
      refuseExposedSecrets(['run', 'a/long/path/to/some/project/folder/pipeline.yaml'], { PATH: hex }),
    ).not.toThrow();
  });
});

describe('terminalProgress', () => {
  it('keeps one line a stage', () => {
    let written = '';
    const emit = terminalProgress({ write: (text) => (written += text), isTTY: true });
    const of = safeName('district');
    emit({ event: 'stage.start', stage: 'ingest', of });
    emit({ event: 'step.start', stage: 'ingest', of, step: safeName('read students') });
    emit({ event: 'stage.done', stage: 'ingest', of, ms: 1250 });
    emit({ event: 'stage.current', stage: 'link', of });
    expect(written.split('\n')).toHaveLength(3);
    expect(written).toContain('ingest district: done in 1.3 s');
    expect(written).toContain('link district: up to date');
  });
});
