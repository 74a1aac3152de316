import type { TokenPart, TokenRule } from '@throughline/agreement';
import { ident, type Session, sql } from '@throughline/engine';
import { linkTokens, passesOf, type TokenTables } from '@throughline/link';
import { type DerivedKeys, type Identifiers, partOf, tok1 } from '@throughline/tokenize';
import type { Judged } from './score.js';
import type { Source } from './sources.js';

/** Rules that a memorandum of children would have, the strongest first; those whose parts nobody has are left out. */
const RULES: readonly TokenRule[] = [
  rule('first_last_dob_sex', 'exact', 'first', 'last', 'birth_date', 'sex'),
  rule('first_last_dob', 'exact', 'first', 'last', 'birth_date'),
  rule('state_id_initial', 'exact', 'state_id', 'first.initial'),
  rule('district_id_initial', 'exact', 'district_id', 'first.initial'),
  rule('root_last_dob', 'probable', 'first_root', 'last', 'birth_date'),
  rule('root_lastpart_dob', 'probable', 'first_root', 'last_part', 'birth_date'),
  rule('first_lastinitial_dob', 'probable', 'first', 'last.initial', 'birth_date'),
  rule('names_dob_swapped', 'probable', 'names.sorted', 'birth_date.swap'),
  rule('first_last_month_zip', 'probable', 'first', 'last', 'birth_date.year_month', 'zip'),
  rule('soundex_both_dob', 'probable', 'first.soundex', 'last.soundex', 'birth_date'),
  rule('first3_last3_dob', 'probable', 'first.3', 'last.3', 'birth_date'),
  rule('first_last_year_zip', 'probable', 'first', 'last', 'birth_date.year', 'zip'),
  rule('root_lastpart_phone', 'probable', 'first_root', 'last_part', 'phone'),
  rule('first_dob_phone', 'probable', 'first', 'birth_date', 'phone'),
  rule('first_guardian_year', 'probable', 'first', 'guardian', 'birth_date.year'),
  rule('first_middle_last_year', 'probable', 'first', 'middle', 'last', 'birth_date.year'),
  rule('first_dob_zip_sex', 'weak', 'first', 'birth_date', 'zip', 'sex'),
  rule('initial_last_dob', 'weak', 'first.initial', 'last', 'birth_date'),
];

function rule(name: string, basis: TokenRule['basis'], ...parts: TokenPart[]): TokenRule {
  return { name, basis, parts };
}

export type ExactSources = {
  readonly sources: readonly Source[];
  readonly oneToOne: boolean;
  readonly keys: DerivedKeys;
};

export type Exactly = {
  /** Of each source, the person of each record. */
  readonly persons: number[][];
  readonly candidates: Judged['candidates'];
};

/** Links by exact tokens alone, as the stage does under the profile `tokens`. */
export async function linkExact(
  session: Session,
  { sources, oneToOne, keys }: ExactSources,
): Promise<Exactly> {
  const rules = RULES.filter(({ parts }) =>
    parts.every((part) => sources.some(({ rows }) => rows.some((row) => partOf(part, row).length > 0))),
  );
  if (rules.length === 0) return nobodyLinked(sources);
  const deliveries: TokenTables[] = [];
  for (const [place, { rows }] of sources.entries()) {
    deliveries.push(
      await deliver(session, { place, rows, oneToOne, tokens: tokensOf(rows, { rules, keys, place }) }),
    );
  }
  await linkTokens({ session, deliveries, passes: passesOf(rules) }, (_, work) => work());
  const persons = sources.map(({ rows }) => rows.map(() => 0));
  const found = session.columns(
    'persons',
    sql`SELECT record_id, person FROM records JOIN persons USING (record) ORDER BY record`,
  );
  for await (const [ids = [], people = []] of found) {
    for (const [index, id] of ids.entries()) {
      const [place, row] = placeOf(String(id));
      const of = persons[place];
      if (of !== undefined) of[row] = Number(people[index]);
    }
  }
  return { persons, candidates: await candidatesOf(session, sources.length) };
}

/** Where no rule has all its parts, every record is a person of its own. */
function nobodyLinked(sources: readonly Source[]): Exactly {
  let next = 0;
  const alone = () => {
    next += 1;
    return next;
  };
  return { persons: sources.map(({ rows }) => rows.map(alone)), candidates: [] };
}

/** Pairs of records of two sources that some rule has brought together. */
async function candidatesOf(session: Session, sources: number): Promise<Exactly['candidates']> {
  const met = new Map<number, { a: number[]; b: number[] }>();
  const pairs = session.columns(
    'candidates',
    sql`SELECT one.record_id, other.record_id FROM evidence JOIN records one ON one.record = a
        JOIN records other ON other.record = b ORDER BY a, b`,
  );
  for await (const [ones = [], others = []] of pairs) {
    for (const [index, id] of ones.entries()) {
      const [x, y] = [placeOf(String(id)), placeOf(String(others[index]))];
      if (x[0] === y[0]) continue;
      const [left, right] = x[0] < y[0] ? [x, y] : [y, x];
      const between = met.get(left[0] * sources + right[0]) ?? { a: [], b: [] };
      met.set(left[0] * sources + right[0], between);
      between.a.push(left[1]);
      between.b.push(right[1]);
    }
  }
  return [...met].map(([key, { a, b }]) => ({
    left: Math.floor(key / sources),
    right: key % sources,
    a: Int32Array.from(a),
    b: Int32Array.from(b),
  }));
}

type Delivering = {
  readonly place: number;
  readonly rows: readonly Identifiers[];
  readonly oneToOne: boolean;
  readonly tokens: { readonly rule: string; readonly token: string; readonly row: number }[];
};

async function deliver(
  session: Session,
  { place, rows, oneToOne, tokens }: Delivering,
): Promise<TokenTables> {
  const name = (table: string) => `source_${place}_${table}`;
  const records = { record_id: 'UUID', space: 'VARCHAR', tokens: 'INTEGER' } as const;
  await session.append('records', { name: name('records'), schema: records }, [
    [rows.map((_, row) => idOf(place, row)), rows.map(() => 'person'), rows.map(() => 0)],
  ]);
  const spaces = { space: 'VARCHAR', duplicate_free: 'BOOLEAN', records: 'BIGINT' } as const;
  await session.append('spaces', { name: name('spaces'), schema: spaces }, [
    [['person'], [oneToOne], [rows.length]],
  ]);
  const held = { rule: 'VARCHAR', token: 'UUID', record_id: 'UUID' } as const;
  await session.append('tokens', { name: name('tokens'), schema: held }, [
    [
      tokens.map(({ rule: of }) => of),
      tokens.map(({ token }) => token),
      tokens.map(({ row }) => idOf(place, row)),
    ],
  ]);
  return { of: name('partner'), table: (table) => sql`${ident(name(table))}` };
}

type Tokenizing = {
  readonly rules: readonly TokenRule[];
  readonly keys: DerivedKeys;
  readonly place: number;
};

function tokensOf(rows: readonly Identifiers[], { rules, keys }: Tokenizing): Delivering['tokens'] {
  const tokens: { rule: string; token: string; row: number }[] = [];
  const tokenizer = tok1(rules, keys);
  try {
    for (const [row, identifiers] of rows.entries()) {
      tokenizer.tokenize(identifiers, {
        token: (of, token) =>
          tokens.push({ rule: of.name, token: asUuid(Buffer.from(token).toString('hex')), row }),
        missing: () => undefined,
      });
    }
  } finally {
    tokenizer.erase();
  }
  return tokens;
}

/** Record ids that say where a record is: shuffled rows, so nothing that the linker could use. */
const idOf = (place: number, row: number): string =>
  asUuid(`${place.toString(16).padStart(16, '0')}${row.toString(16).padStart(16, '0')}`);

function placeOf(id: string): readonly [number, number] {
  const digits = id.replaceAll('-', '');
  return [Number.parseInt(digits.slice(0, 16), 16), Number.parseInt(digits.slice(16), 16)];
}

const asUuid = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
