import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PARAMETERS_FILE } from './estimate/agreed-parameters.js';
import { agreements, fixing, memorandum } from './fixture/agreements.fixture.js';
import { type ChildRecord, RULES, tokensOf } from './fixture/children.fixture.js';
import { type Holding, KEY_CHECK, type TestCity, testCity } from './fixture/city.fixture.js';
import { type Given, SCENARIOS } from './fixture/scenarios.fixture.js';
import { PASS_NAMES, SLOT_PASSES } from './fixture/sealed.fixture.js';
import { drawing, recordOf, town } from './fixture/town.fixture.js';

const school = (...records: ChildRecord[]): Holding => ({ partner: 'school', records });
const charter = (...records: ChildRecord[]): Holding => ({ partner: 'charter', records });
const clinic = (...records: ChildRecord[]): Holding => ({ partner: 'clinic', records });
const library = (...records: ChildRecord[]): Holding => ({
  partner: 'library',
  duplicateFree: false,
  records,
});

const ANA = { first: 'ANA', last: 'VEGA', dob: '2014-09-03' };

describe('linkStage on families', () => {
  /** Every scenario has a birth date of its own, so that they do not meet. */
  const recordsOf = (given: readonly Given[] | undefined, scenario: number): ChildRecord[] =>
    (given ?? []).map(({ is, dob, ...known }) => ({
      key: `${scenario}${is}`,
      last: 'SMITH',
      ...known,
      ...(dob === 'none' ? {} : { dob: dob ?? `${2000 + scenario}-05-03` }),
    }));
  const all = (partner: 'school' | 'charter' | 'clinic' | 'library') =>
    SCENARIOS.flatMap((scenario, index) => recordsOf(scenario[partner], index));

  let city: TestCity;
  let together: string[][];
  beforeAll(async () => {
    city = await testCity();
    await city.deliver([
      school(...all('school')),
      charter(...all('charter')),
      clinic(...all('clinic')),
      library(...all('library')),
    ]);
    await city.link();
    together = (await city.persons()).filter((keys) => keys.length > 1);
  });
  afterAll(() => city.remove());

  it.each(SCENARIOS.map((scenario, index) => ({ ...scenario, index })))('$name', (scenario) => {
    const own = together.filter((keys) =>
      keys.some(
        (key) =>
          key.startsWith(String(scenario.index)) &&
          /^\d+[a-z]$/.test(key) &&
          Number.parseInt(key, 10) === scenario.index,
      ),
    );
    expect(own).toEqual(scenario.together.map((keys) => keys.map((is) => `${scenario.index}${is}`)).sort());
  });
});

describe('linkStage', () => {
  let city: TestCity;
  beforeEach(async () => {
    city = await testCity();
  });
  afterEach(() => city.remove());

  it('joins whom their owner holds to be one child, where the memorandum lets owners tell', async () => {
    const [said, twin] = [
      { ...ANA, first: 'ANNA', last: 'VEJA' },
      { ...ANA, first: 'EVA' },
    ];
    const records = [
      { key: 'l1', ...ANA },
      { key: 'l2', ...said },
      { key: 'l3', ...twin },
    ];
    await city.deliver([school({ key: 's', ...said }), { ...library(...records), sameAs: { l2: 'l1' } }]);
    await city.link();
    expect(await city.persons()).toEqual([['l1'], ['l2', 's'], ['l3']]);
    const emou = memorandum(RULES);
    await city.link({
      documents: agreements({ ...emou, version: 2, linkage: { ...emou.linkage, own_duplicates: 'likely' } }),
    });
    expect(await city.persons()).toEqual([['l1', 'l2', 's'], ['l3']]);
    const byOwner = (await city.table('links')).filter(({ pass }) => pass === 'own_duplicates');
    expect(byOwner.map(({ basis }) => basis)).toEqual(['exact']);
    expect(await city.table('passes')).toContainEqual(
      expect.objectContaining({ kind: 'tokens', pass: 'own_duplicates', pairs: 1, linked: 1 }),
    );
  });

  it('tells how each link was made and how surely each record belongs', async () => {
    await city.deliver([
      school({ key: 's', ...ANA, zip: '02155' }),
      charter({ key: 'c', ...ANA, zip: '02155' }),
      clinic({ key: 'k', ...ANA, last: 'VEGAS' }),
      library({ key: 'l', first: 'EVA' }),
    ]);
    await city.link();
    expect(
      (await city.table('links'))
        .map(({ pass, basis, rules_agreeing }) => [pass, basis, rules_agreeing])
        .sort(),
    ).toEqual([
      ['first_last_dob', 'exact', 7],
      ['first_lastinitial_dob', 'probable', 2],
      ['first_lastinitial_dob', 'probable', 2],
    ]);
    const people = await city.table('people');
    expect(people.map(({ partner, basis }) => [partner, basis]).sort()).toEqual([
      ['charter', 'exact'],
      ['clinic', 'probable'],
      ['library', 'single'],
      ['school', 'exact'],
    ]);
    const pass = (await city.table('passes')).find((row) => row['pass'] === 'first_lastinitial_dob');
    expect(pass).toMatchObject({ pairs: 3, linked: 2, ambiguous: 0, refused: 0 });
  });

  it('leaves no token in what it writes, nor anything in its work folder', async () => {
    const family: ChildRecord[] = [
      { key: 's', ...ANA, zip: '02155', phone: '6175550101', stateId: '17' },
      { key: 't', first: 'LEO', last: 'VEGA-LUNA', dob: ANA.dob, zip: '02155' },
    ];
    await city.deliver([
      school(...family),
      clinic(...family.map((child) => ({ ...child, key: `c${child.key}` }))),
    ]);
    await city.link();
    expect(await city.table('links')).toHaveLength(2);
    const tokens = family.flatMap((child) => tokensOf(child).map(({ token }) => token));
    expect(new Set(tokens).size).toBeGreaterThan(10);
    const tables = ['links', 'passes', 'people', 'history', 'counter', 'tombstones'] as const;
    const rows = await Promise.all(tables.map((name) => city.table(name)));
    const cells = JSON.stringify(rows).replaceAll('-', '');
    expect(tokens.filter((token) => cells.includes(token))).toEqual([]);
    for (const place of ['links', 'people', 'log']) {
      const names = await readdir(join(city.folder, place), { recursive: true, withFileTypes: true });
      for (const each of names.filter((name) => name.isFile())) {
        const bytes = await readFile(join(each.parentPath, each.name));
        const text = bytes.toString('latin1').replaceAll('-', '');
        const found = tokens.filter((hex) => bytes.includes(Buffer.from(hex, 'hex')) || text.includes(hex));
        expect(found, each.name).toEqual([]);
      }
    }
    const left = await readdir(join(city.folder, 'work'), { recursive: true, withFileTypes: true });
    expect(left.filter((each) => each.isFile()).map(({ name }) => name)).toEqual([]);
  });

  it('forms no pairs of a token that thousands of records share', async () => {
    const crowd = (name: string): ChildRecord[] =>
      Array.from({ length: 5_000 }, (_, index) => ({ key: `${name}${index}`, ...ANA }));
    await city.deliver([school(...crowd('s')), library(...crowd('l')), clinic({ key: 'k', ...ANA })]);
    await city.link();
    expect(await city.table('links')).toEqual([]);
    expect(await city.persons()).toHaveLength(10_001);
    const pass = (await city.table('passes')).find((row) => row['pass'] === 'first_last_dob');
    const pairs = 5_000 * 5_000 + (5_000 * 4_999) / 2 + 10_000;
    expect(pass).toMatchObject({ pairs, ambiguous: pairs, linked: 0, refused: 0 });
  });

  it('makes one thing of the same deliveries, whatever the order of partners and the number of threads', async () => {
    const records = (partner: string, share: number): ChildRecord[] =>
      Array.from({ length: 400 }, (_, index) => index)
        .filter((index) => (index * 7919 + share) % 10 < 7)
        .map((index) => ({
          key: `${partner}${index}`,
          first: `${'ABCDEFG'[index % 7]}NAME${index % 40}${index % (9 + share) === 0 ? 'S' : ''}`,
          last: `SUR${index % 60}`,
          dob: `2010-0${1 + (index % 9)}-1${index % 10}`,
          phone: String(index % 130),
          ...(index % 3 === 0 ? { stateId: String(index % 250) } : {}),
        }));
    const deliveries = [
      school(...records('s', 1)),
      charter(...records('c', 3)),
      clinic(...records('k', 5)),
      library(...records('l', 2), ...records('m', 4)),
    ];
    await city.deliver(deliveries);
    const one = await city.link();
    const tables = async () => [
      await city.table('links'),
      await city.table('passes'),
      await city.table('people'),
    ];
    const before = await tables();
    for (const folder of ['links', 'people', 'findings'])
      await rm(join(city.folder, folder), { recursive: true });
    expect((await city.link({ limits: { memory: '1GB', threads: 2 } })).artifacts).toEqual(one.artifacts);

    const other = await testCity();
    try {
      const shuffled = deliveries.map((each) => ({ ...each, records: each.records.toReversed() }));
      await other.deliver(shuffled.toReversed());
      await other.link();
      expect([await other.table('links'), await other.table('passes'), await other.table('people')]).toEqual(
        before,
      );
    } finally {
      await other.remove();
    }
  });

  describe('refuses', () => {
    const config = {
      partners: ['school', 'clinic'],
      rules: RULES.map(({ name, basis }) => ({ name, basis })),
      token_key_readable: false,
    };

    it.each([
      [
        'a key within reach of the linkage unit',
        'KEY_WITHIN_REACH',
        { config: { ...config, token_key_readable: true } },
      ],
      [
        'a partner that did not deliver',
        'ARTIFACT_MISSING',
        { config: { ...config, partners: ['school', 'clinic', 'library'] } },
      ],
      ['a partner that was not asked', 'ARTIFACT_MISSING', { config: { ...config, partners: ['school'] } }],
      [
        'rules other than the signed ones',
        'CONFIG_INVALID',
        { config: { ...config, rules: config.rules.slice(1) } },
      ],
      [
        'a rule of another basis',
        'CONFIG_INVALID',
        { config: { ...config, rules: config.rules.map((rule) => ({ ...rule, basis: 'exact' })) } },
      ],
      ['a day after the agreements', 'AGREEMENT_EXPIRED', { day: '2031-01-01' }],
    ])('%s', async (_, code, changes) => {
      await city.deliver([school({ key: 's', ...ANA }), clinic({ key: 'k', ...ANA })], { synthetic: false });
      await expect(city.link(changes)).rejects.toMatchObject({ code });
    });

    it.each([
      ['key', { value: 'fedcba9876543210' }],
      ['agreement', { agreement: 'emou-other' }],
      ['epoch', { epoch: '2026-2' }],
    ])('tokens of another %s', async (_, other) => {
      await city.deliver([school({ key: 's', ...ANA })]);
      await city.deliver([clinic({ key: 'k', ...ANA })], { keyCheck: { ...KEY_CHECK, ...other } });
      await expect(city.link()).rejects.toMatchObject({ code: 'KEY_MISMATCH' });
    });

    it('one record id in two deliveries', async () => {
      await city.deliver([school({ key: 'same', ...ANA }), clinic({ key: 'same', ...ANA })]);
      await expect(city.link()).rejects.toMatchObject({ code: 'KEY_COLUMN_NOT_UNIQUE' });
    });
  });

  it('warns instead of refusing where the key is within reach and everybody is synthetic', async () => {
    const warnings: unknown[] = [];
    await city.deliver([school({ key: 's', ...ANA })]);
    await city.link({
      config: {
        partners: ['school'],
        rules: RULES.map(({ name, basis }) => ({ name, basis })),
        token_key_readable: true,
      },
      effects: {
        emit: (event) => event.event === 'warning' && warnings.push(event.about),
        now: () => new Date(0),
        elapsed: () => 0,
        software: 'test',
        userId: process.getuid?.(),
      },
    });
    expect(warnings).toEqual(['key-within-reach']);
  });

  it('links nobody where nobody is', async () => {
    await city.deliver([school(), clinic()]);
    await city.link();
    expect([await city.persons(), await city.table('links'), await city.table('counter')]).toEqual([
      [],
      [],
      [{ issued: 0 }],
    ]);
  });
});

describe('linkStage with sealed fields', () => {
  const children = town(60, drawing(7));
  const slips = drawing(1009);
  const atSchool = children.map((child) => recordOf('school', child, slips));
  const atClinic = children
    .filter((_, index) => index % 5 > 0)
    .map((child) => recordOf('clinic', child, slips));
  const idOf = (key: string) => key.split(' ')[1];

  let city: TestCity;
  beforeEach(async () => {
    city = await testCity();
  });
  afterEach(() => city.remove());

  const outcome = async () => {
    const joined = (await city.persons()).filter((keys) => keys.length > 1);
    return {
      right: joined.filter((keys) => new Set(keys.map(idOf)).size === 1).length,
      wrong: joined.filter((keys) => new Set(keys.map(idOf)).size > 1).length,
    };
  };

  it('links more than tokens alone, and nobody falsely', async () => {
    await city.deliver([school(...atSchool), clinic(...atClinic)]);
    await city.link();
    const tokens = await outcome();
    await city.deliver([school(...atSchool), clinic(...atClinic)], { sealed: true });
    await city.link();
    const sealed = await outcome();
    expect(tokens.wrong + sealed.wrong).toBe(0);
    expect(sealed.right).toBeGreaterThan(tokens.right);
    expect(sealed.right).toBeGreaterThan(0.93 * atClinic.length);
    const links = await city.table('links');
    const bySeal = links.filter(({ rules_agreeing }) => rules_agreeing === 0);
    expect(bySeal.length).toBeGreaterThan(0);
    for (const { weight, probability } of bySeal) {
      expect(weight).toBeGreaterThan(0);
      expect(probability).toBeGreaterThanOrEqual(0.9);
    }
  });

  it('says what it expects, by what it weighed, and what each pass found', async () => {
    await city.deliver([school(...atSchool), clinic(...atClinic)], { sealed: true });
    await city.link();
    const [expected] = await city.table('expected');
    expect(expected).toMatchObject({ source_a: 'clinic/student', source_b: 'school/student' });
    expect(Number(expected?.['precision'])).toBeGreaterThan(0.99);
    expect(Number(expected?.['precision_low'])).toBeLessThan(Number(expected?.['precision_high']));
    const model = await city.table('model');
    const level = (name: string) => model.find(({ comparison, level }) => `${comparison} ${level}` === name);
    expect(Number(level('first equal')?.['weight'])).toBeGreaterThan(3);
    expect(Number(level('birth differs')?.['weight'])).toBeLessThan(-3);
    const passes = (await city.table('passes')).filter(({ kind }) => kind === 'sealed');
    expect(passes.map(({ pass }) => pass).sort()).toEqual(['first3_dob', 'first_last3', 'last3_year_day']);
    const weighed = (await city.table('weights')).reduce((sum, { pairs }) => sum + Number(pairs), 0);
    expect(weighed).toBe(Number(expected?.['pairs']));
  });

  it('tells what each pass found alone, as counting by hand does', async () => {
    await city.deliver([school(...atSchool), clinic(...atClinic)], { sealed: true });
    await city.link();
    const values = (of: readonly ChildRecord[], pass: string) => {
      const holders = new Map<string, string[]>();
      for (const child of of) {
        const parts = SLOT_PASSES[pass]?.(child) ?? [];
        if (parts.includes(undefined)) continue;
        const value = JSON.stringify(parts);
        holders.set(value, [...(holders.get(value) ?? []), child.key]);
      }
      return new Map([...holders].flatMap(([value, keys]) => (keys.length === 1 ? [[value, keys[0]]] : [])));
    };
    const met = new Map<string, string[]>();
    for (const pass of PASS_NAMES) {
      const others = values(atClinic, pass);
      for (const [value, key] of values(atSchool, pass)) {
        if (!others.has(value)) continue;
        const pair = `${key} ${others.get(value)}`;
        met.set(pair, [...(met.get(pair) ?? []), pass]);
      }
    }
    const passes = (await city.table('passes')).filter(({ kind }) => kind === 'sealed');
    for (const { pass, pairs, alone, linked_alone, households } of passes) {
      const found = [...met.values()].filter((by) => by.includes(String(pass)));
      expect(Number(pairs)).toBe(found.length);
      expect(Number(alone)).toBe(found.filter((by) => by.length === 1).length);
      expect(Number(linked_alone)).toBeLessThanOrEqual(Number(alone));
      expect(Number(households)).toBeLessThan(Number(pairs) / 2);
    }
    expect(passes.reduce((sum, { alone }) => sum + Number(alone), 0)).toBeGreaterThan(0);
    const tokens = (await city.table('passes')).filter(({ kind }) => kind === 'tokens');
    expect(tokens.every(({ households }) => households === null)).toBe(true);
    expect(tokens.some(({ linked_alone }) => Number(linked_alone) > 0)).toBe(true);
  });

  it('decides under parameters that the memorandum fixes as in the night that learned them, and refuses others', async () => {
    await city.deliver([school(...atSchool), clinic(...atClinic)], { sealed: true });
    await city.link();
    const good = await city.persons();
    const bytes = await readFile(join(city.folder, 'links', PARAMETERS_FILE));
    const path = join(city.folder, PARAMETERS_FILE);
    const extracts = [{ name: PARAMETERS_FILE, path }];
    const documents = agreements(fixing(memorandum(RULES), createHash('sha256').update(bytes).digest('hex')));
    const refused = expect.objectContaining({ code: 'PARAMETERS_NOT_AGREED', exitCode: 10 });
    await writeFile(
      path,
      bytes.map((byte, index) => (index === 40 ? byte ^ 1 : byte)),
    );
    await expect(city.link({ documents, extracts })).rejects.toThrow(refused);
    await writeFile(path, bytes);
    await expect(city.link({ documents })).rejects.toThrow(refused);
    await expect(city.link({ extracts })).rejects.toThrow(refused);
    expect(await city.persons()).toEqual(good);
    await city.link({ documents, extracts });
    expect(await city.persons()).toEqual(good);
    const again = JSON.parse(await readFile(join(city.folder, 'links', PARAMETERS_FILE), 'utf8'));
    expect(again.threshold).toBe(JSON.parse(bytes.toString()).threshold);
    const doubts = (await city.table('health')).map(({ finding }) => finding);
    expect(doubts).not.toContain('untrained level');
  });

  it('stops where brothers and sisters would be linked for children, and keeps the last good state', async () => {
    await city.deliver([school(...atSchool), clinic(...atClinic)], { sealed: true });
    await city.link();
    const good = await city.persons();
    /** A clinic that delivers the name of the guardian for that of the child, and so the same for all of them. */
    const other = atClinic.map((child, index) => ({
      ...child,
      first: `GUARDIANOF${'XYZ'[index % 3]}${index}`,
    }));
    await city.deliver([school(...atSchool), clinic(...other)], { sealed: true });
    await expect(city.link()).rejects.toThrow(
      expect.objectContaining({
        code: 'LINKAGE_UNSOUND',
        exitCode: 11,
        details: expect.objectContaining({ finding: 'households found' }),
      }),
    );
    expect(await city.persons()).toEqual(good);
  });

  it('leaves a child apart whose twin is the only one the other side has', async () => {
    const orphans = Array.from({ length: 12 }, (_, index) => index);
    const twin = (at: 'school' | 'clinic', index: number): ChildRecord => ({
      key: `${at} twin ${index}`,
      first: at === 'school' ? `BALENO${index}` : `KIRUSA${index}`,
      last: `TWINS${'ABCDEFGHIJKL'[index]}`,
      dob: `2011-0${1 + (index % 9)}-1${index % 10}`,
      zip: '02101',
      phone: `61755500${10 + index}`,
    });
    await city.deliver(
      [
        school(...atSchool, ...orphans.map((index) => twin('school', index))),
        clinic(...atClinic, ...orphans.map((index) => twin('clinic', index))),
      ],
      { sealed: true },
    );
    await city.link();
    const joined = (await city.persons()).filter((keys) => keys.length > 1 && keys.join().includes('twin'));
    expect(joined).toEqual([]);
  });

  it('does not depend on the order of partners and rows', async () => {
    await city.deliver([school(...atSchool), clinic(...atClinic)], { sealed: true });
    await city.link();
    const one = await city.table('people');
    const other = await testCity();
    await other.deliver([clinic(...atClinic.toReversed()), school(...atSchool.toReversed())], {
      sealed: true,
    });
    await other.link();
    const two = await other.table('people');
    await other.remove();
    expect(two).toEqual(one);
  });
});
