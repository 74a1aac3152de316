import { sql } from '@throughline/engine';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scratchSession } from '../fixture/session.fixture.js';
import { slotTokens } from './marks.js';

const WIDTH = 20;
const rows = fc.array(fc.uint8Array({ minLength: 2 * WIDTH, maxLength: 2 * WIDTH }), {
  minLength: 1,
  maxLength: 20,
});

it('know a token of a slot by its first eight bytes, whatever the version of the database', async () => {
  const { session, end } = await scratchSession();
  await fc.assert(
    fc.asyncProperty(rows, async (slots) => {
      await session.append('slots', { name: 'sealed', schema: { record_id: 'INTEGER', slots: 'BLOB' } }, [
        [slots.map((_, record) => record), slots],
      ]);
      const found = await session.rows(
        'tokens',
        sql`SELECT record_id, CAST(token AS VARCHAR) AS token
            FROM (${slotTokens(sql`sealed`, [{ starts: 0 }, { starts: WIDTH }])}) ORDER BY ALL`,
      );
      await session.run('drop', sql`DROP TABLE sealed`);
      const expected = slots.flatMap((bytes, record) =>
        [0, WIDTH].map((starts) => `${record} ${Buffer.from(bytes).readBigInt64BE(starts)}`),
      );
      expect(found.map((row) => `${row['record_id']} ${row['token']}`).sort()).toEqual(expected.sort());
    }),
    { numRuns: 30 },
  );
  await end();
});
