import { drawing } from '@throughline/model';
import { deriveKeys } from '@throughline/tokenize';
import { describe, expect, it } from 'vitest';
import { ownersOf } from './model.js';
import { fieldsOf } from './plan.js';
import { readSource, type Source } from './sources.js';

const key = (fill: number) =>
  deriveKeys(new Uint8Array(32).fill(fill), { id: 'own', linkage: { epoch: '2026-1', rules: [] } });

const PARTS = [
  'ka',
  'lo',
  'mi',
  're',
  'su',
  'ta',
  'no',
  've',
  'di',
  'jo',
  'bra',
  'she',
  'ku',
  'pe',
  'fi',
  'gu',
];

/** Families of two or three children of whom nobody is in the file twice; some brothers and sisters have like names. */
async function families(): Promise<Source> {
  const draw = drawing('families');
  const name = (count: number) => Array.from({ length: count }, () => PARTS[draw(PARTS.length)]).join('');
  const date = () => `20${10 + draw(8)}-${10 + draw(3)}-${10 + draw(18)}`;
  const rows = Array.from({ length: 300 }, (_, family) => {
    const [last, dob, eldest] = [name(3), date(), name(3)];
    return Array.from({ length: 2 + (family % 2) }, (__, child) => {
      const first = child === 0 ? eldest : draw(6) === 0 ? `${eldest.slice(0, 4)}${name(1)}` : name(3);
      const born = draw(8) === 0 ? dob : date();
      return `${family}.${child},${first},${last},${born},${family} Harbour St,021${10 + (family % 60)}`;
    });
  });
  const fields = { first: 'first', last: 'last', dob: 'dob', street: 'street', zip: 'zip' };
  return readSource(
    { name: 'own', path: 'own', truth: { column: 'id' }, fields },
    `id,first,last,dob,street,zip\n${rows.flat().join('\n')}\n`,
  );
}

/** Children without brothers and sisters, a third of them in the file twice, some the second time without a first name. */
async function repeated(): Promise<Source> {
  const draw = drawing('repeated');
  const name = () => Array.from({ length: 3 }, () => PARTS[draw(PARTS.length)]).join('');
  const rows = Array.from({ length: 300 }, (_, child) => {
    const rest = `${name()},20${10 + draw(8)}-${10 + draw(3)}-${10 + draw(18)},${child} Elm,021${10 + (child % 60)}`;
    const first = name();
    const again = child < 70 ? [first] : child < 100 ? [''] : [];
    return [first, ...again].map((known) => `${child},${known},${rest}`);
  });
  const fields = { first: 'first', last: 'last', dob: 'dob', street: 'street', zip: 'zip' };
  return readSource(
    { name: 'own', path: 'own', truth: { column: 'id' }, fields },
    `id,first,last,dob,street,zip\n${rows.flat().join('\n')}\n`,
  );
}

/** People without addresses, every twentieth of them in the file twice; many strangers share a first and a middle name. */
async function fashions(): Promise<Source> {
  const draw = drawing('fashions');
  const name = (count: number) => Array.from({ length: count }, () => PARTS[draw(PARTS.length)]).join('');
  const two = (most: number) => String(1 + draw(most)).padStart(2, '0');
  const firsts = Array.from({ length: 160 }, () => name(3));
  const lasts = Array.from({ length: 800 }, () => name(4));
  const rows = Array.from({ length: 1_200 }, (_, person) => {
    const fashion = draw(8);
    const common = () => firsts[fashion * 20 + Math.min(draw(20), draw(20))];
    const born = `${1940 + fashion * 10 + draw(20)}-${two(12)}-${two(28)}`;
    const row = `${person},${common()},${common()},${lasts[draw(800)]},${born},${'FM'[fashion % 2]}`;
    return person % 20 === 0 ? [row, row] : [row];
  });
  const fields = { first: 'first', middle: 'middle', last: 'last', dob: 'dob', sex: 'sex' };
  return readSource(
    { name: 'own', path: 'own', truth: { column: 'id' }, fields },
    `id,first,middle,last,dob,sex\n${rows.flat().join('\n')}\n`,
  );
}

/** How an owner joins its own records. */
function joinedOf(source: Source): readonly number[] {
  const [owner] = ownersOf({
    config: { one_to_one: false },
    sources: [source],
    fields: fieldsOf([source, source]),
    keys: { keys: key(1), own: [key(2)] },
    draw: drawing('1'),
  });
  return owner?.persons ?? [];
}

describe('findDuplicates', () => {
  it('joins no brothers and sisters of a file in which nobody is twice', async () => {
    const source = await families();
    expect(new Set(joinedOf(source)).size).toBe(source.rows.length);
  });

  it('joins records without a first name too where duplicates outnumber relatives', async () => {
    expect(new Set(joinedOf(await repeated())).size).toBe(300);
  });

  it('learns nothing of strangers who have a first and a middle name in common', async () => {
    const source = await fashions();
    const persons = joinedOf(source);
    const named = persons.map((person) => source.truth[person]);
    expect(named.filter((truth, record) => truth !== source.truth[record])).toHaveLength(0);
    expect(new Set(persons).size).toBe(1_200);
  });
});
