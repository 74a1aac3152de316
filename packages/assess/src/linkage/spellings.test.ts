import type { TokenRule } from '@throughline/agreement';
import { normalName, normalPhone, normalSex, normalZip } from '@throughline/ingest';
import { deriveKeys, type Identifiers, nothingKnown, tok1 } from '@throughline/tokenize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const RULES: TokenRule[] = [
  { name: 'all', parts: ['first', 'last', 'birth_date', 'sex', 'zip', 'phone'], basis: 'exact' },
  { name: 'names', parts: ['names.sorted', 'first.3'], basis: 'weak' },
];
const terms = { id: 'emou-test', linkage: { epoch: '2026-1', rules: RULES } };
const tokenizer = tok1(RULES, deriveKeys(new Uint8Array(32).fill(9), terms));

type Written = {
  readonly first: string;
  readonly last: string;
  readonly sex: string;
  readonly zip: string;
  readonly phone: string;
};

/** From what an extract says to tokens, as intake and tokenization do it. */
function tokensOf({ first, last, sex, zip, phone }: Written): string[] {
  const name = normalName({ first, middle: '', last });
  const row: Identifiers = {
    ...nothingKnown,
    first: name.first,
    first_root: name.firstRoot,
    last: name.last,
    last_parts: name.lastParts,
    birth_date: '2014-09-03',
    sex: normalSex(sex).value,
    zip: normalZip(zip).value,
    phone: normalPhone(phone).value,
  };
  const tokens: string[] = [];
  tokenizer.tokenize(row, {
    token: (_, token) => void tokens.push(Buffer.from(token).toString('hex')),
    missing: () => undefined,
  });
  return tokens;
}

/** One spelling of each, and ways of writing the same. */
const SPELLINGS: Readonly<Record<keyof Written, readonly string[]>> = {
  first: ['José', 'JOSE', ' jose ', 'Jose\u0301', 'jOSÉ'],
  last: ["O'Connell", 'OCONNELL', "o'connell ", 'O’Connell', 'Oconnell'],
  sex: ['M', 'male', ' Male ', 'm'],
  zip: ['02155', '02155-1234', ' 02155 '],
  phone: ['(617) 555-0142', '617-555-0142', '6175550142', '+1 617 555 0142'],
};

const written = fc.record(
  Object.fromEntries(Object.entries(SPELLINGS).map(([name, ways]) => [name, fc.constantFrom(...ways)])),
) as fc.Arbitrary<Written>;

describe('spellings of one normal form', () => {
  it('give one person the same tokens, however they are mixed', () => {
    const [first = '', last = '', sex = '', zip = '', phone = ''] = Object.values(SPELLINGS).map(
      ([one]) => one,
    );
    const expected = tokensOf({ first, last, sex, zip, phone });
    expect(expected).toHaveLength(2);
    fc.assert(
      fc.property(written, (person) => {
        expect(tokensOf(person)).toEqual(expected);
      }),
    );
  });

  it('give another person others', () => {
    fc.assert(
      fc.property(written, fc.constantFrom('Josue', 'Josefa', 'Jo'), (person, first) => {
        const others = tokensOf({ ...person, first });
        expect(tokensOf(person).filter((token) => others.includes(token))).toEqual([]);
      }),
    );
  });
});
