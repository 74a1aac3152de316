import { safeName, ThroughlineError } from '@throughline/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { documentSchema } from './documents.js';
import { parseYaml } from './parse.js';
import { clinicDsa, dul, emou, manifest, policy } from './sample-documents.fixture.js';

const schema = z.strictObject({
  title: z.string(),
  count: z.int().optional(),
  share: z.number().min(0).max(1).optional(),
  day: z.iso.date().optional(),
  codes: z.record(z.string(), z.string()).optional(),
  parts: z.array(z.strictObject({ name: z.enum(['one', 'two']) })).optional(),
});

const parse = (text: string) => parseYaml({ file: safeName('a.yaml'), text }, schema);

function failureOf(work: () => unknown): ThroughlineError {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof ThroughlineError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

const refused = (text: string) => failureOf(() => parse(text)).details;

describe('parseYaml', () => {
  it('gives the value as the schema does', () => {
    expect(parse('title: x # a comment\nparts: [{ name: one }]\n')).toEqual({
      title: 'x',
      parts: [{ name: 'one' }],
    });
  });

  it('keeps keys as they are written, and texts that look like nothing else', () => {
    const text =
      'title: no\ncodes: { 01: "01", 1: one, 1.10: c, true: yes, ~: none, 0x1F: hex, constructor: d }';
    expect(parse(text)).toEqual({
      title: 'no',
      codes: {
        '01': '01',
        '1': 'one',
        '1.10': 'c',
        true: 'yes',
        '~': 'none',
        '0x1F': 'hex',
        constructor: 'd',
      },
    });
  });

  it.each([
    [
      'a key that it does not know',
      'title: x\nparts:\n  - name: one\n  - nmae: two\n',
      '4:5',
      'parts.1.nmae',
    ],
    ['a key that it does not know, among others', 'tilte: x\ntitle: x\n', '1:1', 'tilte'],
    ['a date that is none', 'title: x\nday: 2026-02-30\n', '2:1', 'day'],
    ['a date as a number', 'title: x\nday: 20260230\n', '2:1', 'day'],
    ['a number as text', 'title: x\n\ncount: "12"\n', '3:1', 'count'],
    ['text as a number', 'title: 12\n', '1:1', 'title'],
    [
      'a word that is not one of the list',
      'title: x\nparts:\n  - name: one\n  - name: three\n',
      '4:5',
      'parts.1.name',
    ],
    ['not a number', 'title: x\nshare: .nan\n', '2:1', 'share'],
    ['a number beyond all bounds', 'title: x\nshare: 1e999\n', '2:1', 'share'],
    ['an integer beyond 2^53', 'title: x\ncount: 99999999999999999999\n', '2:1', 'count'],
    ['a code that would lose its zero', 'title: x\ncodes:\n  a: 01\n', '3:3', 'codes.a'],
    ['a merge key', 'title: x\nparts:\n  - <<: { name: one }\n', '3:5', 'parts.0.??'],
    ['the key constructor', 'title: x\nconstructor: y\n', '2:1', 'constructor'],
    ['a missing key', 'title: x\nparts:\n  - {}\n', '3:5', 'parts.0.name'],
    ['a missing key at the top', 'count: 1\n', '1:1', 'title'],
    ['a list where a map should be', '- title: x\n', '1:1', undefined],
    ['an empty file', '', '1:1', undefined],
    ['a file with a comment only', '# nothing\n', '1:1', undefined],
    ['lines that end as on Windows', 'title: x\r\ncount: 1\r\nday: x\r\n', '3:1', 'day'],
  ])('places %s', (_, text, place, field) => {
    const { place: found, field: named } = refused(text);
    expect([found, named]).toEqual([`a.yaml:${place}`, field]);
  });

  it.each([
    ['a key twice', 'title: x\ncount: 1\ntitle: y\n', '3:1', 'this key is there twice'],
    ['a key twice, once in quotes', 'title: x\ncodes:\n  1: a\n  "1": b\n', '4:3', 'this key is there twice'],
    ['a key twice in a flow map', 'title: x\ncodes: { a: b, a: c }\n', '2:16', 'this key is there twice'],
    ['__proto__', 'title: x\ncodes:\n  __proto__: y\n', '3:3', 'no field may have this name'],
    ['__proto__ at the top', '__proto__: { title: x }\n', '1:1', 'no field may have this name'],
    ['an alias', 'title: &x y\ncodes: { a: *x }\n', '2:13', 'aliases are not allowed'],
    ['an alias to nothing', 'title: *x\n', '1:8', 'aliases are not allowed'],
    ['an alias as a key', 'title: &x y\n*x : z\n', '2:1', 'NON_STRING_KEY'],
    ['an alias of itself', '&x [*x]\n', '1:5', 'aliases are not allowed'],
    ['a merge of an alias', 'codes: &x { a: b }\nparts:\n  - <<: *x\n', '3:9', 'aliases are not allowed'],
    ['a tag of a programme', 'title: !!python/object:os.system x\n', '1:34', 'tags are not allowed'],
    ['a tag of YAML', 'title: !!binary aGk=\n', '1:17', 'tags are not allowed'],
    ['a tag of its own', 'title: x\nparts: !!set { a, b }\n', '2:14', 'tags are not allowed'],
    ['a tag on a key', '!!str title: x\n', '1:7', 'tags are not allowed'],
    ['YAML 1.1, where no is false', '%YAML 1.1\n---\ntitle: no\n', '1:1', 'directives are not allowed'],
    ['a handle for tags', '# x\n%TAG ! tag:x,2000:\n---\ntitle: x\n', '2:1', 'directives are not allowed'],
    ['a second document', 'title: x\n---\ntitle: y\n', '2:1', 'MULTIPLE_DOCS'],
    ['a map as a key', 'title: x\n? { a: b }\n: y\n', '2:3', 'NON_STRING_KEY'],
    ['a tab as indentation', 'title: x\ncodes:\n\ta: b\n', '3:1', 'TAB_AS_INDENT'],
    ['a quote that does not end', 'title: "x\n', '2:1', 'MISSING_CHAR'],
  ])('refuses %s', (_, text, place, rule) => {
    expect(refused(text)).toEqual({ place: `a.yaml:${place}`, rule });
  });

  it.each([
    ['a bomb of aliases', 'a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\ntitle: x\n', '2:8'],
    ['brackets in one another', `title: x\ncodes: ${'['.repeat(200)}`, '2:40'],
    ['brackets, one a line, closed in comments', `title: x\n${'{a: #}\n'.repeat(40)}`, '34:1'],
    ['lists in one another', `${'- '.repeat(60)}x`, '1:1'],
    ['keys in one another', `${'? '.repeat(60)}x`, '1:1'],
    ['maps in one another on one line', `${'a: '.repeat(800)}x`, '1:1'],
    [
      'ever deeper lines',
      Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      '102:1',
    ],
    ['one long line', `title: x\ncodes: { a: "${'y'.repeat(2200)}" }`, '2:1'],
  ])('stops at %s', (_, text, place) => {
    expect(refused(text)['place']).toBe(`a.yaml:${place}`);
  });

  it('takes 256 KiB and no byte more, counting bytes and not characters', () => {
    const comment = (bytes: number) => `title: x\n${'# 1234567\n'.repeat(bytes / 10).padEnd(bytes, '#')}`;
    expect(parse(comment(262_144 - 9))).toEqual({ title: 'x' });
    expect(refused(comment(262_145 - 9))).toEqual({ file: 'a.yaml', largest_bytes: 262_144 });
    expect(refused('# é\n'.repeat(53_000))).toEqual({ file: 'a.yaml', largest_bytes: 262_144 });
  });

  it('keeps the position of a fault in a file with a long name', () => {
    const file = safeName(`agreements/${'a'.repeat(90)}.yaml`);
    expect(failureOf(() => parseYaml({ file, text: 'titel: x' }, schema)).details['place']).toMatch(
      /^….*:1:1$/,
    );
  });

  it('says how many more faults there are', () => {
    expect(refused('title: 1\ncount: x\nshare: x\n')).toMatchObject({ place: 'a.yaml:1:1', more: 2 });
  });

  it('never throws anything else, whatever the text', () => {
    const piece = fc.constantFrom(
      '- ',
      'a',
      ': ',
      '? ',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      '&x ',
      '*x',
      '!t ',
      '"',
      "'",
      '|',
      '>',
      '#',
      '%',
      '---',
      ',',
      '\t',
      '\ufeff',
      '\0',
      '<<: ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        expect(failureOf(() => parse(pieces.join(''))).code).toBe('CONFIG_INVALID');
      }),
      { numRuns: 500 },
    );
  });
});

const CANARY = 'Zzqcanary';
const documents = { emou, clinicDsa, dul, policy, manifest };

/** Every way to put another value in the place of one value of a document. */
function* spoilt(value: unknown, wrong: unknown): Generator<unknown> {
  yield wrong;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    for (const each of spoilt(member, wrong)) {
      yield Array.isArray(value) ? value.with(Number(key), each) : { ...value, [key]: each };
    }
  }
}

describe('the schemas of documents', () => {
  const parseDocument = (document: unknown) =>
    parseYaml({ file: safeName('a.yaml'), text: JSON.stringify(document, undefined, 1) }, documentSchema);

  it.each(Object.entries(documents))('take a valid %s', (_, document) => {
    expect(parseDocument(document)).toMatchObject({ kind: document['kind'] });
  });

  const wrongs = [CANARY, [CANARY], { kind: CANARY }, 90210.5, null];
  it.each(Object.entries(documents))('repeat no value of %s that stands in a wrong place', (_, document) => {
    let faults = 0;
    for (const each of wrongs.flatMap((wrong) => [...spoilt(document, wrong)])) {
      const failure = parsesOr(() => parseDocument(each));
      if (failure === undefined) continue;
      faults += 1;
      expect(`${failure.message} ${failure.stack}`).not.toMatch(/Zzqcanary|90210/);
      expect(failure.details['place']).toMatch(/^a\.yaml:\d+:\d+$/);
    }
    expect(faults).toBeGreaterThan(wrongs.length * 5);
  });

  it('name an unknown key, and not what it holds', () => {
    const failure = failureOf(() => parseDocument({ ...dul, thresold: CANARY }));
    expect(failure.details).toMatchObject({ field: 'thresold', rule: 'Unrecognized key: thresold' });
    expect(failure.message).not.toContain(CANARY);
  });
});

function parsesOr(work: () => unknown): ThroughlineError | undefined {
  try {
    work();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof ThroughlineError) return thrown;
    throw thrown;
  }
}
