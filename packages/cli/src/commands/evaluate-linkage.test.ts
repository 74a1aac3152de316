import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { told } from '../e2e/night.fixture.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evaluate-'));
  const { a, b } = twoFiles();
  await writeFile(join(folder, 'a.csv'), a);
  await writeFile(join(folder, 'b.csv'), b);
  await writeFile(join(folder, 'two.yaml'), config());
});
afterAll(() => rm(folder, { recursive: true }));

const PEOPLE = 900;
const IN_BOTH = 600;

/** A fixed sequence of whole numbers (Park and Miller 1988). */
function sequence(): (below: number) => number {
  let state = 4711;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return Math.floor((state / 2_147_483_647) * below);
  };
}

type Child = {
  readonly first: string;
  readonly last: string;
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly zip: string;
};

/** Made-up children, two of every hundred of them twins; b has a slip or a gap in a third of its rows. */
function twoFiles() {
  const draw = sequence();
  const syllable = () =>
    ['KA', 'LO', 'MI', 'RE', 'SU', 'TA', 'NO', 'VE', 'DI', 'BRA', 'JO', 'SHE'][draw(12)] ?? '';
  const name = (syllables: number) => Array.from({ length: syllables }, syllable).join('');
  const two = (value: number) => String(value).padStart(2, '0');
  const children: Child[] = [];
  for (let index = 0; index < PEOPLE; index += 1) {
    const before = index % 50 === 1 ? children[index - 1] : undefined;
    const fresh = {
      last: name(3),
      year: String(2005 + draw(12)),
      month: two(1 + draw(12)),
      day: two(1 + draw(28)),
      zip: `021${two(draw(40))}`,
    };
    children.push({ ...(before ?? fresh), first: name(2 + draw(2)) });
  }
  const slip = (text: string) => {
    const at = draw(text.length);
    return `${text.slice(0, at)}X${text.slice(at + 1)}`;
  };
  const wrong = (child: Child): Child => {
    const kinds: readonly (() => Child)[] = [
      () => ({ ...child, first: slip(child.first) }),
      () => ({ ...child, last: slip(child.last) }),
      () => ({ ...child, day: two(1 + draw(28)) }),
      () => ({ ...child, first: child.last, last: child.first }),
      () => ({ ...child, zip: '' }),
    ];
    return draw(3) === 0 ? (kinds[draw(kinds.length)] ?? (() => child))() : child;
  };
  const twins = (index: number) => (index % 50 <= 1 ? String(Math.floor(index / 50)) : '');
  const file = (from: number, until: number, as: (child: Child) => Child) => {
    const rows = children.slice(from, until).map((child, place) => {
      const { first, last, year, month, day, zip } = as(child);
      return `c${from + place},${twins(from + place)},${first},${last},${year}${month}${day},${zip}`;
    });
    return `id,twins,given,family,born,zip\n${rows.join('\n')}\n`;
  };
  return {
    a: file(0, (PEOPLE + IN_BOTH) / 2, (child) => child),
    b: file((PEOPLE - IN_BOTH) / 2, PEOPLE, wrong),
  };
}

const source = (name: string, fields: string) => `
  - name: ${name}
    path: ${name}.csv
    truth: { column: id, pattern: "c(\\\\d+)" }
    group: { column: twins, optional: true }
    fields: ${fields}`;
const config = (
  fields = '{ first: given, last: family, dob: { column: born, format: YYYYMMDD }, zip: zip }',
) => `one_to_one: true\npasses: { most: 16 }\nsources:${source('a', fields)}${source('b', fields)}\n`;

const evaluated = (encoding: string) =>
  evaluatedBy(join(folder, 'two.yaml'), join(folder, encoding), encoding);

async function evaluatedBy(path: string, out: string, encoding: string) {
  const { exitCode, stdout } = await told([
    'evaluate',
    'linkage',
    path,
    '--out',
    out,
    '--encoding',
    encoding,
  ]);
  expect(exitCode).toBe(0);
  expect(await readFile(join(out, 'result.json'), 'utf8')).toBe(stdout);
  return JSON.parse(stdout);
}

/** A word of a row wherever it stands; digits of a ZIP code may well occur within a longer number. */
const standing = (word: string) => new RegExp(`(?<![0-9.])${word}(?![0-9])`);

describe('evaluate linkage', () => {
  it('links sealed fields nearly as well as clear text, and knows how well', async () => {
    const sealed = await evaluated('default');
    const clear = await evaluated('clear');
    expect(sealed.true_pairs).toBe(IN_BOTH);
    expect(sealed.own.f1).toBeGreaterThan(0.97);
    expect(Math.abs(sealed.own.f1 - clear.own.f1)).toBeLessThan(0.01);
    expect(sealed.calibration_error).toBeLessThan(0.03);
    expect(Math.abs(sealed.expected.precision - sealed.own.precision)).toBeLessThan(0.03);
    expect(sealed.false_links_in_group).toBe(0);
    expect(sealed.pair_completeness).toBeGreaterThan(0.97);
  });

  it('chooses passes under the gate, says what the gate costs, and what it would say of files so small', async () => {
    const { gate, passes, ungated, own } = await evaluated('default');
    expect(gate).toMatchObject({ profile: 'tokens', unique_share: 0.95, small_files: true });
    expect(gate.meetings).toBeLessThanOrEqual(gate.meetings_allowed);
    expect(gate.passes.map(({ pass }: { pass: string }) => pass)).toEqual(
      passes.map(({ pass }: { pass: string }) => pass),
    );
    expect(ungated.own.recall).toBeGreaterThanOrEqual(own.recall - 0.01);
    const { comparisons, m } = JSON.parse(await readFile(join(folder, 'default', 'parameters.json'), 'utf8'));
    expect(comparisons.map(({ name }: { name: string }) => name)).toContain('first');
    expect(m).toHaveLength(comparisons.length);
  });

  it('links exact tokens without a single false link, and finds fewer', async () => {
    const exact = await evaluated('exact');
    expect(exact.own.precision).toBe(1);
    expect(exact.own.recall).toBeGreaterThan(0.6);
    expect(exact.own.recall).toBeLessThan(0.97);
    expect(exact.expected).toBeNull();
  });

  it('counts rows that are there twice in a file said to hold nobody twice', async () => {
    const text = await readFile(join(folder, 'a.csv'), 'utf8');
    const [, first = ''] = text.split('\n');
    await writeFile(join(folder, 'twice.csv'), `${text.trimEnd()}\n${first}\n`);
    await writeFile(join(folder, 'twice.yaml'), config().replace('path: a.csv', 'path: twice.csv'));
    const out = join(folder, 'twice');
    const { repeated_rows } = await evaluatedBy(join(folder, 'twice.yaml'), out, 'exact');
    expect(repeated_rows).toEqual([1, 0]);
  });

  it('writes and prints nothing of a row', async () => {
    const { stdout, stderr } = await told(['evaluate', 'linkage', join(folder, 'two.yaml'), '--out', folder]);
    const words = (await readFile(join(folder, 'a.csv'), 'utf8')).split('\n')[7]?.split(',') ?? [];
    for (const word of words.filter((each) => each.length > 4)) {
      expect(`${stdout}${stderr}`).not.toMatch(standing(word));
    }
  });

  it.each<[string, string, string]>([
    ['a column that is not there', config('{ first: given, last: surname }'), 'HEADER_MISSING_COLUMN'],
    ['no field at all', config('{}'), 'CONFIG_INVALID'],
    ['a pattern that is none', config().replaceAll('c(\\\\d+)', 'c('), 'CONFIG_INVALID'],
    ['a file that is not there', config().replace('path: b.csv', 'path: c.csv'), 'EXTRACT_MISSING'],
    ['a mapping that is not one', config().replace('first: given', 'first: [given]'), 'CONFIG_INVALID'],
    ['two sources of one name', config().replace('name: b', 'name: a'), 'CONFIG_INVALID'],
  ])('refuses %s', async (_, text, code) => {
    await writeFile(join(folder, 'wrong.yaml'), text);
    const { exitCode, stderr } = await told([
      'evaluate',
      'linkage',
      join(folder, 'wrong.yaml'),
      '--out',
      join(folder, 'wrong'),
    ]);
    expect(exitCode).toBeGreaterThan(9);
    expect(stderr).toContain(code);
  });

  it.each([
    'default',
    'exact',
    'clear',
  ])('links nobody by %s where no field tells people apart, and does not fail', async (encoding) => {
    await writeFile(join(folder, 'bare.yaml'), config('{ zip: zip }'));
    const out = join(folder, 'bare');
    const asked = ['evaluate', 'linkage', join(folder, 'bare.yaml'), '--out', out, '--encoding', encoding];
    const { exitCode, stdout } = await told(asked);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).own.pairs).toBe(0);
  });

  it('reads more than two sources and joins what they say of each other', async () => {
    const fields = '{ first: given, last: family, dob: { column: born, format: YYYYMMDD } }';
    const third = source('a', fields).replace('name: a', 'name: c');
    await writeFile(join(folder, 'three.yaml'), `${config(fields)}${third.slice(1)}\n`);
    const { stdout } = await told(['evaluate', 'linkage', join(folder, 'three.yaml'), '--out', folder]);
    const { own, pairwise, true_pairs } = JSON.parse(stdout);
    expect(true_pairs).toBe(2 * IN_BOTH + (PEOPLE + IN_BOTH) / 2);
    expect(own.f1).toBeGreaterThan(0.97);
    expect(pairwise).toMatchObject({ source_pairs: 3 });
    expect(pairwise.f1).toBeGreaterThan(0.95);
  });
});
