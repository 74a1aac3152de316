import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type Json } from './canonical-json.js';

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

/** The same value with every object's keys put in the opposite order. */
function reversed(value: unknown): Json {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value as Json;
  const members = Object.entries(value).map(([key, member]) => [key, reversed(member)] as const);
  return Object.fromEntries(members.reverse());
}

describe('canonicalJson', () => {
  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it('loses nothing: what is printed is read as the same value and printed as the same text', () => {
    fc.assert(
      fc.property(json, (value) => {
        const printed = canonicalJson(value);
        expect(JSON.parse(printed)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(printed))).toBe(printed);
      }),
    );
  });

  it('gives unlike values unlike texts', () => {
    const unlike: Json[] = [
      null,
      0,
      '0',
      '',
      false,
      [],
      {},
      [[]],
      [null],
      [{}],
      { '': null },
      'null',
      ['a', 'b'],
      ['a,b'],
    ];
    expect(new Set(unlike.map(canonicalJson)).size).toBe(unlike.length);
  });

  it('sorts keys by UTF-16 code units (RFC 8785, section 3.2.3)', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6'];
    const printed = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])));
    expect(Object.keys(JSON.parse(printed)).filter((key) => key !== '1')).toEqual([
      '\r',
      '\u0080',
      '\u00f6',
      '\u20ac',
      '\u{1f600}',
      '\ufb33',
    ]);
    expect(printed.indexOf('"\\r"')).toBeLessThan(printed.indexOf('"1"'));
  });

  // RFC 8785, appendix B.
  it.each([
    [-0, '0'],
    [5e-324, '5e-324'],
    [-1.7976931348623157e308, '-1.7976931348623157e+308'],
    [9007199254740992, '9007199254740992'],
    [295147905179352830000, '295147905179352830000'],
    [1e21, '1e+21'],
    [1e-27, '1e-27'],
    [0.000001, '0.000001'],
    [333333333.3333333, '333333333.3333333'],
  ])('prints the number %d as %s', (number, printed) => {
    expect(canonicalJson(number)).toBe(printed);
  });

  it.each([
    ['NaN', Number.NaN],
    ['an infinity', Number.NEGATIVE_INFINITY],
    ['a date', new Date(0)],
    ['a map', new Map([['a', 1]])],
    ['a set', new Set([1])],
    ['bytes', new Uint8Array(2)],
    ['undefined', undefined],
    ['undefined in a list', [undefined]],
    ['a gap in a list', new Array(1)],
    ['a function', () => 1],
    ['a bigint', 1n],
  ])('refuses %s, also inside', (_, value) => {
    expect(() => canonicalJson(value as Json)).toThrow(RangeError);
    expect(() => canonicalJson({ deep: [value as Json] })).toThrow(RangeError);
  });

  it('leaves out members that are undefined, and takes objects without a prototype', () => {
    const bare: Record<string, Json> = Object.assign(Object.create(null), { b: 1, a: 2 });
    expect(canonicalJson({ a: undefined, b: bare })).toBe('{"b":{"a":2,"b":1}}');
  });
});
