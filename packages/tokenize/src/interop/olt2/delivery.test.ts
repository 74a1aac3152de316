import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readOlt2, writeOlt2 } from './delivery.js';

const published = readFileSync(
  new URL('../../../../../fixtures/vectors/openlinktoken/hashed-output.csv', import.meta.url),
  'utf8',
);
const lines = published.split('\n');
const spoiled = (at: number, line: string) =>
  [...lines.slice(0, at), line, ...lines.slice(at + 1)].join('\n');
const token = lines[1]?.split(',')[1] ?? '';

describe('a delivery of OpenLinkToken', () => {
  it('is read and written again byte for byte', () => {
    const rows = readOlt2(published);
    if ('line' in rows) throw new Error(`line ${rows.line}`);
    expect(rows.length).toBe(525);
    expect(rows.filter((row) => row.token === null).length).toBe(30);
    expect(writeOlt2(rows)).toBe(published.replaceAll('\r\n', '\n'));
  });

  it.each([
    ['another header', spoiled(0, 'RecordId,RuleId,Token'), 1],
    ['another rule', spoiled(1, `T6,${token},a`), 2],
    ['a token cut short', spoiled(1, `T1,${token.slice(4)},a`), 2],
    ['a token that is not Base64', spoiled(1, `T1,${token.slice(0, -2)}%=,a`), 2],
    ['no record', spoiled(1, `T1,${token},`), 2],
    ['a quoted record', spoiled(1, `T1,${token},"a"`), 2],
    ['a column more', spoiled(1, `T1,${token},a,b`), 2],
    ['a record and rule twice', spoiled(6, lines[1] ?? ''), 7],
  ])('with %s is refused at its line', (_, text, line) => {
    expect(readOlt2(text)).toMatchObject({ line });
  });

  it('refuses to write what would have to be quoted', () => {
    expect(() => writeOlt2([{ record: 'a,b', rule: 'T1', token: null }])).toThrow(RangeError);
  });
});
