import { slotLevelsOf, slotsMeet } from '@throughline/core';
import { type Session, sql } from '@throughline/engine';
import { comparing } from '@throughline/model';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChildRecord } from '../fixture/children.fixture.js';
import { LAYOUT, PASS_NAMES, slotsOf } from '../fixture/sealed.fixture.js';
import { scratchSession } from '../fixture/session.fixture.js';
import { compareMeetings, makeMeetings } from './meetings.js';
import { levelsOfDigits } from './model.js';
import type { SealedFiles } from './slots.js';

let session: Session;
let end: () => Promise<void>;
beforeAll(async () => {
  ({ session, end } = await scratchSession('500MB'));
});
afterAll(() => end());

const FILES: SealedFiles = {
  layout: LAYOUT,
  passes: PASS_NAMES.map((name, place) => ({ name, place, starts: place * LAYOUT.width })),
  deliveries: [],
};

type Row = { readonly partner: string; readonly slots: Uint8Array };

/** Few values, so that many agree and some are held twice. */
const child = fc.record({
  first: fc.constantFrom('ANA', 'ANNA', 'LEO', 'LEON'),
  last: fc.constantFrom('VEGA', 'VEGAS', 'RUIZ'),
  dob: fc.constantFrom('2014-09-03', '2014-09-13', '2015-01-03'),
  zip: fc.constantFrom('02155', '02156'),
});
const files = fc.array(fc.array(child, { maxLength: 8 }), { minLength: 2, maxLength: 3 });

const rowsOf = (children: readonly Omit<ChildRecord, 'key'>[][]): Row[] =>
  children.flatMap((own, partner) =>
    slotsOf(own.map((each, index) => ({ key: `${partner} ${index}`, ...each }))).map((slots) => ({
      partner: String(partner),
      slots,
    })),
  );

/** Every two rows under every pass, slowly. */
function reference(rows: readonly Row[]) {
  const { levelsOf } = comparing(LAYOUT);
  const found: { a: number; b: number; pass: number; levels: number[] }[] = [];
  for (const [a, one] of rows.entries()) {
    for (const [b, other] of rows.entries()) {
      if (a >= b || one.partner === other.partner) continue;
      const pass = FILES.passes.find(({ starts }) => {
        const at = (row: Row) => ({ bytes: row.slots, at: starts });
        const once = (row: Row) =>
          rows.filter((each) => each.partner === row.partner && slotsMeet(at(each), at(row))).length === 1;
        return slotsMeet(at(one), at(other)) && once(one) && once(other);
      });
      if (pass === undefined) continue;
      const at = (row: Row) => ({ bytes: row.slots, at: pass.starts });
      const levels = [...levelsOf(slotLevelsOf(LAYOUT, at(one), at(other)))];
      found.push({ a, b, pass: pass.place, levels });
    }
  }
  return found.sort((one, other) => one.a - other.a || one.b - other.b);
}

async function meet(rows: readonly Row[]) {
  const schema = { record: 'INTEGER', source: 'INTEGER', partner: 'VARCHAR', slots: 'BLOB' } as const;
  const places = rows.map((_, place) => place);
  const partners = rows.map(({ partner }) => partner);
  await session.append('rows', { name: 'given', schema }, [
    [places, partners.map(Number), partners, rows.map(({ slots }) => slots)],
  ]);
  await makeMeetings(session, { files: FILES, records: sql`SELECT * FROM given` }, (_, work) => work());
  await compareMeetings(session, FILES);
  const found = await session.rows(
    'compared',
    sql`SELECT a, b, pass, levels FROM compared JOIN meetings USING (a, b) JOIN patterns USING (pattern) ORDER BY a, b`,
  );
  return found.map(({ levels, ...pair }) => ({ ...pair, levels: [...levelsOfDigits(String(levels))] }));
}

describe('compareMeetings', () => {
  it('finds and compares what comparing every two records under every pass does', async () => {
    let met = 0;
    await fc.assert(
      fc.asyncProperty(files, async (children) => {
        const rows = rowsOf(children);
        const found = await meet(rows);
        met += found.length;
        expect(found).toEqual(reference(rows));
      }),
      { numRuns: 20 },
    );
    expect(met).toBeGreaterThan(20);
  });

  it('lets a token that one partner holds twice meet nobody', async () => {
    const [one, other] = rowsOf([
      [{ first: 'ANA', last: 'VEGA', dob: '2014-09-03' }],
      [{ first: 'ANA', last: 'VEGA', dob: '2014-09-03' }],
    ]);
    if (one === undefined || other === undefined) throw new Error('two rows expected');
    expect(await meet([one, other])).toHaveLength(1);
    expect(await meet([one, other, other])).toEqual([]);
  });
});
