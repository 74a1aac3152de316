import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession, type Session } from '../database/session.js';
import { ident, rendered, type Sql, type SqlValue, sql, sqlEmpty, sqlEnum, sqlJoin, sqlType } from './sql.js';

let session: Session;
beforeAll(async () => {
  session = await openSession({ folders: [], spill: '', memory: '200MB', threads: 1 });
});
afterAll(() => session.close());

const one = async (statement: Sql) => (await session.rows('test', statement))[0];

const HOSTILE_NAMES = [
  '"; DROP TABLE t--',
  'a"b',
  '""',
  '"',
  "a'b",
  'a\\"b',
  '$1',
  '?',
  'select',
  'rowid',
  'a b',
  ' ',
  'a\nb',
  '/*',
  '--',
  '{x}',
  'Ünïcode 名前',
  'x'.repeat(255),
];

describe('sql', () => {
  it('binds values and numbers them through nested pieces, in order', () => {
    const inner = sql`b = ${2} OR c IN (${sqlJoin([sql`${'x'}`, sql`${'y'}`])})`;
    expect(rendered(sql`SELECT ${1} WHERE ${inner} AND ${sqlEmpty}d = ${null}`)).toEqual({
      text: 'SELECT $1 WHERE b = $2 OR c IN ($3, $4) AND d = $5',
      values: [1, 2, 'x', 'y', null],
    });
  });

  it('binds a piece again wherever it stands', () => {
    const piece = sql`${'x'} = ${'x'}`;
    expect(rendered(sql`${piece} AND ${piece}`)).toEqual({
      text: '$1 = $2 AND $3 = $4',
      values: ['x', 'x', 'x', 'x'],
    });
  });

  it('joins with other pieces, one or none', () => {
    const join = (pieces: readonly Sql[]) => rendered(sqlJoin(pieces, sql` AND ${true} AND `)).text;
    expect(join([sql`a`, sql`b`, sql`c`])).toBe('a AND $1 AND b AND $2 AND c');
    expect(join([sql`a`])).toBe('a');
    expect(join([])).toBe('');
  });

  it('binds whatever looks like SQL or like a piece of it', async () => {
    const forged = { parts: [{ text: "'; DROP TABLE t--" }] } as unknown as SqlValue;
    expect(rendered(sql`SELECT ${forged}`)).toEqual({ text: 'SELECT $1', values: [forged] });
    const hostile = "'); DROP TABLE t; --";
    expect(await one(sql`SELECT ${hostile} AS v`)).toEqual({ v: hostile });
  });

  it('gives back every text that it binds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (value) => {
        expect(await one(sql`SELECT ${value}::VARCHAR AS v`)).toEqual({ v: value });
      }),
      { numRuns: 200 },
    );
  });

  it('binds numbers, booleans and null as what they are', async () => {
    expect(await one(sql`SELECT ${1.5} AS a, ${true} AS b, ${null} AS c, ${7n} AS d`)).toEqual({
      a: 1.5,
      b: true,
      c: null,
      d: 7,
    });
  });

  it('refuses undefined, which would leave another statement', () => {
    const missing = undefined as unknown as SqlValue;
    expect(() => sql`SELECT * FROM t WHERE a = ${missing}`).toThrow(RangeError);
    expect(() => sql`${missing}`).toThrow(RangeError);
  });

  it('takes no text that is not in the source', () => {
    const text: string = 'DROP TABLE t';
    // @ts-expect-error: only a template literal can be tagged.
    expect(() => rendered(sql(text))).toThrow();
    // @ts-expect-error: a string is no piece of SQL.
    expect(() => rendered(sqlJoin([text]))).toThrow();
  });
});

describe('ident', () => {
  it.each(HOSTILE_NAMES)('quotes %j so that it is a name and nothing else', async (name) => {
    await session.make('test', name, sql`SELECT ${'v'} AS ${ident(name)}`);
    expect(
      await one(sql`SELECT ${ident(name)}, t.${ident(name)} IS NULL AS n FROM ${ident(name)} AS t`),
    ).toEqual({
      [name]: 'v',
      n: false,
    });
    await session.run('test', sql`DROP TABLE ${ident(name)}`);
  });

  it('quotes every name', async () => {
    const names = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 100 })
      .filter((name) => !name.includes('\0'));
    await fc.assert(
      fc.asyncProperty(names, async (name) => {
        expect(Object.keys((await one(sql`SELECT 1 AS ${ident(name)}`)) ?? {})).toEqual([name]);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    '',
    'a\0b',
    '\0',
    'x'.repeat(256),
  ])('refuses a name that cannot be one, and does not repeat it', (name) => {
    expect(() => ident(name)).toThrow(new RangeError('ident: 1 to 255 characters without NUL expected'));
  });
});

describe('sqlEnum', () => {
  it('is a type whose order is that of the texts', () => {
    expect(rendered(sqlEnum(['yes', 'no', 'K', '01', 'no'])).text).toBe("ENUM('01', 'K', 'no', 'yes')");
  });

  it.each([[[]], [['yes', "n'o"]], [['']], [['a, b']]])('refuses %j', (words) => {
    expect(() => sqlEnum(words)).toThrow(new RangeError('sqlEnum: plain words expected'));
  });
});

describe('sqlType', () => {
  it('writes a type of an artifact', () => {
    expect(rendered(sql`CAST(x AS ${sqlType('UUID')})`)).toEqual({ text: 'CAST(x AS UUID)', values: [] });
  });
});
