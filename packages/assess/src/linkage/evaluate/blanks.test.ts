import { comparing, drawing } from '@throughline/model';
import { type ComparedFields, deriveKeys } from '@throughline/tokenize';
import { beforeAll, describe, expect, it } from 'vitest';
import { linkByModel, type Outcome, ownersOf } from './model.js';
import { fieldsOf, ungatedPasses } from './plan.js';
import { judge } from './score.js';
import { readSource, type Source } from './sources.js';
import { stopwatch } from './stopwatch.js';

/*
 * Two files of children of whom three tenths have no first name in either, and a tenth no birth date, sex or ZIP code:
 * linked in the clear, and sealed with and without known parts.
 */

const CHILDREN = 320;
const PARTS = ['ka', 'lo', 'mi', 're', 'su', 'ta', 'no', 've', 'di', 'bra', 'jo', 'she'];

function files(): [string, string] {
  const draw = drawing('blanks');
  const name = () => Array.from({ length: 3 }, () => PARTS[draw(PARTS.length)]).join('');
  const two = (value: number) => String(value).padStart(2, '0');
  const blank = (tenths: number, value: string) => (draw(10) < tenths ? '' : value);
  const rows: [string[], string[]] = [[], []];
  for (let child = 0; child < CHILDREN; child += 1) {
    const [first, last, sex] = [name(), name(), 'FM'[draw(2)] ?? 'F'];
    const dob = `20${two(9 + draw(8))}-${two(1 + draw(12))}-${two(1 + draw(28))}`;
    const zip = `021${two(draw(30))}`;
    for (const file of rows) {
      if (draw(5) === 0) continue;
      file.push(
        [child, blank(3, first), last, blank(1, dob), blank(1, sex), blank(1, zip), `${child} Elm`].join(','),
      );
    }
  }
  return rows.map((of) => `id,first,last,dob,sex,zip,street\n${of.join('\n')}\n`) as [string, string];
}

const fields = { first: 'first', last: 'last', dob: 'dob', sex: 'sex', zip: 'zip', street: 'street' };
const config = { one_to_one: true, sources: [], passes: { most: 8 } };
const terms = { id: 'blanks', linkage: { epoch: '2026-1', rules: [] } };
const key = (fill: number) => deriveKeys(new Uint8Array(32).fill(fill), terms);

let sources: readonly Source[];
let compared: ComparedFields;
beforeAll(async () => {
  sources = await Promise.all(
    files().map((text, at) => {
      const name = `file ${at}`;
      return readSource({ name, path: name, truth: { column: 'id' }, fields }, text);
    }),
  );
  compared = fieldsOf(sources);
});

function linkedBy(of: ComparedFields, clear: boolean): Outcome {
  const keys = { keys: key(1), own: [key(2), key(3)] };
  const owners = ownersOf({ config, sources, fields: of, keys, draw: drawing('1') });
  const sealing = { ...of, passes: ungatedPasses(owners, config) };
  const clock = stopwatch(() => 0);
  return linkByModel({ config, sources, owners, sealing, keys, clock, clear, parameters: undefined });
}

const stops = ({ health }: Outcome) =>
  health.flatMap(({ severity, finding }) => (severity === 'stop' ? [finding] : []));

describe('files with blanks', () => {
  it('are compared by known parts of what some row lacks', () => {
    const known = ['first.known', 'birth_date.known', 'sex.known', 'zip.known'];
    expect(compared.exact.filter((part) => part.endsWith('.known'))).toEqual(known);
    expect(comparing(compared).comparisons.map(({ name }) => name)).not.toContain('first.known');
  });

  it('are linked sealed as well as in the clear, and no blank first name is taken for a brother or sister', () => {
    const [sealed, clear] = [linkedBy(compared, false), linkedBy(compared, true)];
    expect([stops(sealed), stops(clear)]).toEqual([[], []]);
    const [own, other] = [judge(sealed.judged).own, judge(clear.judged).own];
    expect(own.precision).toBeGreaterThan(0.99);
    expect(own.f1).toBeGreaterThan(other.f1 - 0.01);
  });

  it('would be stopped without them', () => {
    const exact = compared.exact.filter((part) => !part.endsWith('.known'));
    expect(stops(linkedBy({ ...compared, exact }, false))).toContain('households found');
  });
});
