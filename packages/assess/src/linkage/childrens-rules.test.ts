import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession, type Session } from '@throughline/engine';
import { drawing } from '@throughline/model';
import { deriveKeys } from '@throughline/tokenize';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkExact } from './evaluate/exact.js';
import { linkByModel, ownersOf } from './evaluate/model.js';
import { fieldsOf, ungatedPasses } from './evaluate/plan.js';
import { pairsWithin } from './evaluate/record-pairs.js';
import type { RecordPair } from './evaluate/score.js';
import { readSource, type Source } from './evaluate/sources.js';
import { stopwatch } from './evaluate/stopwatch.js';

/*
 * What the rules about children promise, each on a family of its own among some hundred others, from what an extract
 * says to who is linked: by sealed fields and the model, and by exact tokens alone.
 */

/** `id`: whom a record is about; equal in both files for one child. Street, ZIP code and telephone are the family's. */
type Row = {
  readonly id: string;
  readonly first: string;
  readonly middle?: string;
  readonly last: string;
  readonly dob: string;
  readonly sex?: string;
  readonly home?: number;
};

type Rule = {
  readonly name: string;
  readonly a: readonly Row[];
  readonly b: readonly Row[];
  /** Children whom sealed fields link, and exact tokens. Everybody else of the family stays alone. */
  readonly sealed: readonly string[];
  readonly exact: readonly string[];
};

const twins = { last: 'Okonkwo', dob: '2014-05-17', home: 1 };
const RULES: readonly Rule[] = [
  {
    name: 'twins who are in both files keep apart by their first names',
    a: [
      { id: 't1', first: 'Adaeze', sex: 'F', ...twins },
      { id: 't2', first: 'Chidinma', sex: 'F', ...twins },
    ],
    b: [
      { id: 't2', first: 'Chidinma', sex: 'F', ...twins },
      { id: 't1', first: 'Adaeze', sex: 'F', ...twins },
    ],
    sealed: ['t1', 't2'],
    exact: ['t1', 't2'],
  },
  {
    name: 'an absent co-twin attracts no link, whatever else agrees',
    a: [{ id: 'o1', first: 'Marisol', sex: 'F', last: 'Pereyra', dob: '2013-11-02', home: 2 }],
    b: [{ id: 'o2', first: 'Ximena', sex: 'F', last: 'Pereyra', dob: '2013-11-02', home: 2 }],
    sealed: [],
    exact: [],
  },
  {
    name: 'siblings of one household are not one child',
    a: [{ id: 's1', first: 'Theodore', last: 'Lindqvist', dob: '2012-04-09', home: 3 }],
    b: [{ id: 's2', first: 'Beatrice', last: 'Lindqvist', dob: '2014-08-21', home: 3 }],
    sealed: [],
    exact: [],
  },
  {
    name: 'a newborn placeholder is no name: two of one surname and birth date are not linked by it',
    a: [{ id: 'n1', first: 'BABY BOY', last: 'Castellanos', dob: '2016-02-11', home: 4 }],
    b: [{ id: 'n2', first: 'Baby Boy', last: 'Castellanos', dob: '2016-02-11', home: 5 }],
    sealed: [],
    exact: [],
  },
  {
    name: 'a placeholder of twins is no name either',
    a: [{ id: 'n3', first: 'TWIN A', last: 'Dziedzic', dob: '2016-03-12', home: 6 }],
    b: [{ id: 'n4', first: 'TWIN A', last: 'Dziedzic', dob: '2016-03-12', home: 7 }],
    sealed: [],
    exact: [],
  },
  {
    name: 'a child without a first name is not joined to one whose twin it may be, who is absent',
    a: [{ id: 'o3', first: 'Zipporah', sex: 'F', last: 'Montefiore', dob: '2013-12-03', home: 21 }],
    b: [{ id: 'o4', first: '', sex: 'F', last: 'Montefiore', dob: '2013-12-03', home: 21 }],
    sealed: [],
    exact: [],
  },
  {
    name: 'nor to either of twins, or of brothers and sisters, who are there',
    a: [
      { id: 'o5', first: 'Thaddeus', last: 'Ravensworth', dob: '2012-10-14', home: 22 },
      { id: 'o6', first: 'Leopold', last: 'Ravensworth', dob: '2012-10-14', home: 22 },
      { id: 'o7', first: 'Anneliese', sex: 'F', last: 'Brightwater', dob: '2011-02-25', home: 23 },
      { id: 'o8', first: 'Magdalena', sex: 'F', last: 'Brightwater', dob: '2014-06-08', home: 23 },
    ],
    b: [
      { id: 'o6', first: '', last: 'Ravensworth', dob: '2012-10-14', home: 22 },
      { id: 'o8', first: '', sex: 'F', last: 'Brightwater', dob: '', home: 23 },
    ],
    sealed: [],
    exact: [],
  },
  {
    name: 'twins of whom one file names neither are left to their owners',
    a: [
      { id: 'o9', first: 'Cornelius', last: 'Vandermeer', dob: '2013-03-21', home: 24 },
      { id: 'o10', first: 'Balthasar', last: 'Vandermeer', dob: '2013-03-21', home: 24 },
    ],
    b: [
      { id: 'o10', first: '', last: 'Vandermeer', dob: '2013-03-21', home: 24 },
      { id: 'o9', first: '', last: 'Vandermeer', dob: '2013-03-21', home: 24 },
    ],
    sealed: [],
    exact: [],
  },
  {
    name: 'without a first name a middle name that agrees is what tells twins apart',
    a: [
      { id: 'q1', first: 'Evangeline', middle: 'Rosamund', last: 'Thistlewood', dob: '2012-08-17', home: 25 },
    ],
    b: [{ id: 'q1', first: '', middle: 'Rosamund', last: 'Thistlewood', dob: '2012-08-17', home: 25 }],
    sealed: ['q1'],
    exact: [],
  },
  {
    name: 'what one file does not know of a child says nothing against it',
    a: [{ id: 'q2', first: 'Perpetua', sex: 'F', last: 'Haldane', dob: '2011-09-04', home: 26 }],
    b: [{ id: 'q2', first: 'Perpetua', sex: '', last: 'Haldane', dob: '2011-09-04' }],
    sealed: ['q2'],
    exact: ['q2'],
  },
  {
    name: 'a changed surname does not part a child from itself',
    a: [{ id: 'c1', first: 'Gwendolyn', last: 'Abernathy', dob: '2013-06-28', home: 8 }],
    b: [{ id: 'c1', first: 'Gwendolyn', last: 'Vasquez', dob: '2013-06-28', home: 8 }],
    sealed: ['c1'],
    exact: ['c1'],
  },
  {
    name: 'a double surname is found by either of its parts',
    a: [{ id: 'd1', first: 'Leocadia', last: 'Villanueva-Quispe', dob: '2012-09-15', home: 9 }],
    b: [{ id: 'd1', first: 'Leocadia', last: 'Quispe', dob: '2012-09-15', home: 9 }],
    sealed: ['d1'],
    exact: ['d1'],
  },
  {
    name: 'a nickname is the name that it stands for',
    a: [{ id: 'k1', first: 'Robert', last: 'Fairweather', dob: '2011-01-19', home: 10 }],
    b: [{ id: 'k1', first: 'Bob', last: 'Fairweather', dob: '2011-01-19', home: 10 }],
    sealed: ['k1'],
    exact: ['k1'],
  },
  {
    name: 'day and month the other way round are one birth date',
    a: [{ id: 'm1', first: 'Ingeborg', last: 'Halvorsen', dob: '2012-03-07', home: 11 }],
    b: [{ id: 'm1', first: 'Ingeborg', last: 'Halvorsen', dob: '2012-07-03', home: 11 }],
    sealed: ['m1'],
    exact: ['m1'],
  },
  {
    name: 'newcomers registered for the first of January are not one child for it',
    a: [{ id: 'j1', first: 'Yusuf', last: 'Rahimi', dob: '2012-01-01', home: 12 }],
    b: [{ id: 'j2', first: 'Farhad', last: 'Rahimi', dob: '2012-01-01', home: 12 }],
    sealed: [],
    exact: [],
  },
  {
    name: 'a newcomer who is in one file only is not taken for a cousin of that surname',
    a: [{ id: 'w1', first: 'Tsegaye', last: 'Woldemariam', dob: '2013-10-30', home: 13 }],
    b: [{ id: 'w2', first: 'Almaz', last: 'Woldemariam', dob: '2013-02-14', home: 14 }],
    sealed: [],
    exact: [],
  },
  {
    name: 'two of one rare name, of whom nothing else agrees, are not joined unseen',
    a: [{ id: 'n1', first: 'Clementine', last: 'Abernethy', dob: '', home: 17 }],
    b: [{ id: 'n2', first: 'Clementine', last: 'Abernethy', dob: '', home: 78 }],
    sealed: [],
    exact: [],
  },
  {
    name: 'sex X beside F says nothing against one child, and X beside X is equal',
    a: [
      { id: 'x1', first: 'Rowan', sex: 'X', last: 'Eastergaard', dob: '2011-12-05', home: 15 },
      { id: 'x2', first: 'Emerson', sex: 'X', last: 'Blumenthal', dob: '2010-07-24', home: 16 },
    ],
    b: [
      { id: 'x1', first: 'Rowan', sex: 'F', last: 'Eastergaard', dob: '2011-12-05', home: 15 },
      { id: 'x2', first: 'Emerson', sex: 'X', last: 'Blumenthal', dob: '2010-07-24', home: 16 },
    ],
    sealed: ['x1', 'x2'],
    exact: ['x1', 'x2'],
  },
];

const two = (value: number) => String(value).padStart(2, '0');

/** Some hundred other children, some of them with a twin or a younger sibling, and slips in one file. */
function others(): { readonly a: Row[]; readonly b: Row[] } {
  const draw = drawing('others');
  const parts = ['ka', 'lo', 'mi', 're', 'su', 'ta', 'no', 've', 'di', 'bra', 'jo', 'she'];
  const name = (count: number) => Array.from({ length: count }, () => parts[draw(parts.length)]).join('');
  const a: Row[] = [];
  const b: Row[] = [];
  for (let family = 100; family < 500; family += 1) {
    const shared = { last: name(3), dob: `20${two(9 + draw(8))}-${two(1 + draw(12))}-${two(1 + draw(28))}` };
    for (let child = 0; child < (family % 6 === 0 ? 2 : 1); child += 1) {
      const row = {
        id: `r${family}.${child}`,
        first: name(3),
        sex: 'FM'[draw(2)] ?? 'F',
        ...(child === 0 && family % 3 > 0 ? { middle: name(2) } : {}),
        home: family,
        ...shared,
      };
      if (draw(6) > 0) a.push(row);
      if (draw(6) === 0) continue;
      const slip = draw(10);
      b.push({
        ...row,
        ...(slip === 0 ? { first: `${row.first.slice(0, 2)}x${row.first.slice(3)}` } : {}),
        ...(slip === 1 ? { last: name(3) } : {}),
        ...(slip === 2 ? { home: 900 + family } : {}),
        ...(slip === 4 ? { sex: '' } : {}),
        ...(slip === 5 ? { middle: '' } : {}),
        ...(slip === 3 ? { dob: `${row.dob.slice(0, 8)}${two(1 + draw(28))}` } : {}),
      });
    }
  }
  return { a, b };
}

function csvOf(rows: readonly Row[]): string {
  const lines = rows.map(({ id, first, middle = '', last, dob, sex = 'M', home }) => {
    const household =
      home === undefined
        ? ['', '', '']
        : [`${home} Harbour St`, `021${two(home % 60)}`, `617555${1000 + home}`];
    return [id, first, middle, last, dob, sex, ...household].join(',');
  });
  return `id,first,middle,last,dob,sex,street,zip,phone\n${lines.join('\n')}\n`;
}

const fields = {
  first: 'first',
  middle: 'middle',
  last: 'last',
  dob: 'dob',
  sex: 'sex',
  street: 'street',
  zip: 'zip',
  phone: 'phone',
};
const sourceOf = (name: string, rows: readonly Row[]): Promise<Source> =>
  readSource({ name, path: name, truth: { column: 'id' }, fields }, csvOf(rows));

const TERMS = { id: 'rules', linkage: { epoch: '2026-1', rules: [] } };
const config = { one_to_one: true, sources: [], passes: { most: 30 } };

let folder: string;
let session: Session;
let linked: Readonly<Record<'sealed' | 'exact', readonly string[]>>;

/** Links as `id in a id in b`. */
const named = ([a, b]: readonly Source[], pairs: readonly RecordPair[]): string[] =>
  pairs.map((pair) => `${a?.truth[pair.a]} ${b?.truth[pair.b]}`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rules-'));
  session = await openSession({
    folders: [folder],
    spill: join(folder, 'spill'),
    memory: '500MB',
    threads: 1,
  });
  const rest = others();
  const sources = [
    await sourceOf('a', [...RULES.flatMap(({ a }) => a), ...rest.a]),
    await sourceOf('b', [...RULES.flatMap(({ b }) => b), ...rest.b]),
  ];
  const key = (fill: number) => deriveKeys(new Uint8Array(32).fill(fill), TERMS);
  const keys = { keys: key(1), own: [key(2), key(3)] };
  const [draw, clock, compared] = [drawing('1'), stopwatch(() => 0), fieldsOf(sources)];
  const owners = ownersOf({ config, sources, fields: compared, keys, draw });
  const sealing = { ...compared, passes: ungatedPasses(owners, config) };
  const modelled = { config, sources, owners, sealing, keys, clock, clear: false, parameters: undefined };
  const exact = await linkExact(session, { sources, oneToOne: true, keys: keys.keys });
  linked = {
    sealed: named(sources, linkByModel(modelled).judged.unseen),
    exact: named(sources, pairsWithin(exact.persons)),
  };
});
afterAll(async () => {
  session.close();
  await rm(folder, { recursive: true });
});

describe.each(['sealed', 'exact'] as const)('by %s', (how) => {
  it.each(RULES.map((rule) => ({ ...rule })))('$name', ({ a, b, ...expected }) => {
    const ids = new Set([...a, ...b].map(({ id }) => id));
    const own = linked[how].filter((pair) => pair.split(' ').some((id) => ids.has(id)));
    expect(own.sort()).toEqual(expected[how].map((id) => `${id} ${id}`));
  });
});
