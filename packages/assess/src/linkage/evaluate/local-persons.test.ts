import { deriveKeys } from '@throughline/tokenize';
import { describe, expect, it } from 'vitest';
import { drawing } from './draw.js';
import { ownersOf } from './model.js';
import { fieldsOf } from './plan.js';
import { readSource, type Source } from './sources.js';

const key = (fill: number) =>
  deriveKeys(new Uint8Array(32).fill(fill), { id: 'own', linkage: { epoch: '2026-1', rules: [] } });

/** Families of two or three children of whom nobody is in the file twice; some brothers and sisters have like names. */
async function families(): Promise<Source> {
  const draw = drawing('families');
  const parts = [
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
  const name = (count: number) => Array.from({ length: count }, () => parts[draw(parts.length)]).join('');
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

describe('localPersons', () => {
  it('joins no brothers and sisters of a file in which nobody is twice', async () => {
    const source = await families();
    const sources = [source, source];
    const [owner] = ownersOf({
      config: { one_to_one: false, passes: { most: 30 } },
      sources,
      fields: fieldsOf(sources),
      keys: { keys: key(1), own: [key(2), key(3)] },
      draw: drawing('1'),
      clear: true,
    });
    expect(new Set(owner?.persons).size).toBe(source.rows.length);
  });
});
