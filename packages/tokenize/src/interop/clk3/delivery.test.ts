import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readClks, writeClks } from './delivery.js';

const golden = JSON.parse(
  readFileSync(
    new URL('../../../../../fixtures/vectors/clkhash/febrl4-published-golden.json', import.meta.url),
    'utf8',
  ),
);
const published: string[] = [golden.tutorial_api.first_clk_base64, golden.tutorial_cli.first_clk_base64];

describe('a delivery of CLKs', () => {
  it('is read and written again byte for byte', () => {
    const text = JSON.stringify({ clks: published });
    const clks = readClks(text, 1024);
    if ('position' in clks) throw new Error(`position ${clks.position}`);
    expect(clks.map(({ length }) => length)).toEqual([128, 128]);
    expect(writeClks(clks)).toBe(text);
  });

  it.each([
    ['no JSON', '{', -1],
    ['no list', '{"clks": "none"}', -1],
    ['a CLK of another length', JSON.stringify({ clks: [published[0], 'AAAA'] }), 1],
    ['a CLK that is not Base64', JSON.stringify({ clks: [`${published[0]?.slice(0, -1)}%`] }), 0],
  ])('with %s is refused at its place', (_, text, position) => {
    expect(readClks(text, 1024)).toEqual({ position });
  });
});
