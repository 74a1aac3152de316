import { type Session, sql } from '@throughline/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clustersOf, personsOf } from '../cluster/clusters.js';
import { scratchSession } from '../fixture/session.fixture.js';
import { NO_MODEL } from './model.js';
import { decidePairs } from './pairs.js';
import { keepReviewed, makeSaid } from './reviews.js';

let session: Session;
let end: () => Promise<void>;
beforeEach(async () => {
  ({ session, end } = await scratchSession());
});
afterEach(() => end());

const id = (record: number) => `00000000-0000-4000-8000-00000000000${record}`;
/** Three records of three sources; the first and the last do not meet, and both meet the second, which resembles them. */
const RIVALS = sql`SELECT x::INTEGER AS a, y::INTEGER AS b, "left"::INTEGER AS "left", "right"::INTEGER AS "right",
      x::INTEGER AS x, y::INTEGER AS y, 'equal' AS first, false AS names_alone, NULL::INTEGER AS same, 20::DOUBLE AS weight,
      odds::DOUBLE AS odds, true AS plausible, true AS asked
    FROM (VALUES (0, 1, 0, 1, 900), (1, 2, 1, 2, 800)) AS pairs("left", "right", x, y, odds)`;

describe('decidePairs', () => {
  it.each([
    ['said that they are one', [true], [0, 0, 0]],
    ['said nothing', [], [0, 0, 0]],
    ['said that they are two', [false], [0, 0, 2]],
    ['contradict each other', [true, false], [0, 0, 2]],
  ])('joins two through a third, or not, where owners %s', async (_, said, persons) => {
    const clusters = clustersOf({ sourceOf: Int32Array.of(0, 1, 2), capacityOf: Int32Array.of(1, 1, 1) });
    const records = sql`SELECT record::INTEGER AS record, id::UUID AS record_id
        FROM (VALUES (0, ${id(0)}), (1, ${id(1)}), (2, ${id(2)})) AS listed(record, id)`;
    await session.make('records', 'records', records);
    await session.make('rivals', 'rivals', RIVALS);
    await session.make('weighed', 'weighed', sql`SELECT * FROM rivals`);
    await session.make('components', 'components', sql`SELECT record, 0::INTEGER AS person FROM records`);
    await keepReviewed(
      session,
      said.map((same) => ({ a: id(2), b: id(0), same })),
    );
    await makeSaid(session);
    await decidePairs(session, {
      clusters,
      numbers: () => new Map(),
      model: { ...NO_MODEL, threshold: 0.4 },
    });
    expect([...personsOf(clusters)]).toEqual(persons);
  });
});
