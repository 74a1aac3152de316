import { openSession, sql } from '@throughline/engine';
import { describe, expect, it } from 'vitest';
import { levels } from '../population/people.js';
import { tableCounts, tablesOf } from './cells.js';

const dimensions = ['school', 'sex'] as const;
const measure = { name: 'any', population: 'everybody', persons: sql`population`, levels: sql`levels` };

async function cellsFor(verdict: string) {
  const session = await openSession({ folders: [], spill: '', memory: '200MB', threads: 1 });
  await session.make(
    'p',
    'population',
    sql`SELECT * FROM (VALUES (1, '10', 'F'), (2, '10', 'M'), (3, '11', 'F')) AS people(person_id, school, sex)`,
  );
  await session.make(
    'v',
    'verdicts_any',
    sql`SELECT person_id, ${verdict}::VARCHAR AS verdict, 'exact' AS basis FROM population WHERE person_id < 3`,
  );
  await session.make('l', 'levels', levels(dimensions));
  const found = await session.rows(
    'cells',
    sql`SELECT * FROM (${tableCounts(measure, tablesOf({ dimensions: [...dimensions], two_way: [['school', 'sex']] }))}) ORDER BY ALL`,
  );
  session.close();
  return found;
}

describe('the cells of a measure', () => {
  it('hold every combination and every margin, also where nobody is', async () => {
    const cells = await cellsFor('yes');
    const places = (table: string) =>
      cells
        .filter((cell) => cell['table_name'] === `any.${table}`)
        .map((cell) => [cell['level_1'], cell['level_2'], cell['total']].join('/'));
    expect(places('total')).toEqual(['//2']);
    expect(places('school')).toEqual(['10//2', '11//0', 'Total//2']);
    expect(places('school_x_sex')).toEqual([
      '10/F/1',
      '10/M/1',
      '10/Total/2',
      '11/F/0',
      '11/M/0',
      '11/Total/0',
      'Total/F/1',
      'Total/M/1',
      'Total/Total/2',
    ]);
  });

  it.each(['yes', 'no', 'unknown'])('put a %s where it belongs', async (verdict) => {
    const cells = await cellsFor(verdict);
    for (const cell of cells) {
      expect(cell[verdict]).toBe(cell['total']);
      expect(Number(cell['yes']) + Number(cell['no']) + Number(cell['unknown'])).toBe(cell['total']);
    }
  });
});
