import { describe, expect, it } from 'vitest';
import { formatCheckpoint, parseCheckpoint } from './checkpoint.js';

// The example of C2SP tlog-checkpoint.
const example = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
const root = Uint8Array.from(Buffer.from('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=', 'base64'));
const checkpoint = { origin: 'example.com/behind-the-sofa', size: 20_852_163, root, extensions: [] };

describe('a checkpoint', () => {
  it('is origin, size and root, each on a line', () => {
    expect(parseCheckpoint(example)).toEqual(checkpoint);
    expect(formatCheckpoint(checkpoint)).toBe(example);
  });

  it('may have extension lines', () => {
    const extended = { ...checkpoint, size: 0, extensions: ['one', 'two 2'] };
    expect(parseCheckpoint(formatCheckpoint(extended))).toEqual(extended);
  });

  it.each([
    ['no origin', example.replace('example.com/behind-the-sofa', '')],
    ['a size with a leading zero', example.replace('20852163', '020852163')],
    ['a negative size', example.replace('20852163', '-1')],
    ['a size beyond what is counted exactly', example.replace('20852163', '9007199254740993')],
    ['no size', example.replace('20852163', '')],
    ['a size in other digits', example.replace('20852163', '٢')],
    [
      'a root of another length',
      example.replace('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=', 'CsUYapGGPo4='),
    ],
    ['a root in another form', example.replace('q2I=', 'q2J=')],
    ['no newline at the end', example.trimEnd()],
    ['an empty extension line', `${example}\n`],
    ['two lines', example.slice(0, example.indexOf('Cs'))],
  ])('with %s is none', (_, text) => {
    expect(parseCheckpoint(text)).toBeUndefined();
  });

  it('is written with whole lines only', () => {
    for (const wrong of [
      { origin: '' },
      { origin: 'a\nb' },
      { size: -1 },
      { size: 1.5 },
      { root: new Uint8Array(31) },
      { extensions: [''] },
    ]) {
      expect(() => formatCheckpoint({ ...checkpoint, ...wrong })).toThrow(RangeError);
    }
  });
});
