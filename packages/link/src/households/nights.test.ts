import type { Row } from '@throughline/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type HomeNight,
  type HomeRecord,
  type HouseholdIndex,
  householdIndex,
  idOfPerson,
} from '../fixture/household-city.fixture.js';
import { drawing } from '../fixture/town.fixture.js';

let city: HouseholdIndex;
beforeEach(async () => {
  city = await householdIndex();
});
afterEach(() => city.close());

const record = (person: string, partner: string, told: Partial<HomeRecord> = {}): HomeRecord => ({
  key: `${partner} ${person}`,
  partner,
  person,
  ...told,
});
const at = (home: string, ...persons: string[]) =>
  persons.map((person) => record(person, 'school', { home }));

const spend = (night: HomeNight) => city.spend(night);
/** Persons by household id. */
async function membersOf(where = city): Promise<ReadonlyMap<string, string>> {
  const rows = await where.table('members');
  return new Map(rows.map((row) => [String(row['person_id']), String(row['household_id'])]));
}
const householdOf = async (person: string) => (await membersOf()).get(idOfPerson(person));
const events = async () => (await city.table('history')).map(({ change, reason }) => `${change} ${reason}`);
/** Events of nights after the first so many. */
const since = async (told: number) => (await events()).slice(told).sort();

describe('the household index', () => {
  it('forms a household of those who share a home, and keeps its id while most of it stays', async () => {
    await spend({ records: [...at('a', 'ann', 'ben', 'cem'), ...at('b', 'dan')] });
    const [household, told] = [await householdOf('ann'), (await events()).length];
    expect(await events()).toEqual(['formed first-seen', ...Array(3).fill('joined first-seen')]);
    expect(await city.table('standing')).toEqual([
      { standing: 'alone', persons: 1 },
      { standing: 'household', persons: 3 },
    ]);
    await spend({ records: [...at('a', 'ann', 'ben', 'dan'), ...at('b', 'cem')] });
    expect([await householdOf('ann'), await householdOf('dan'), await householdOf('cem')]).toEqual([
      household,
      household,
      undefined,
    ]);
    expect(await since(told)).toEqual(['joined first-seen', 'left alone']);
  });

  it('splits and merges after the majority, with an event each', async () => {
    await spend({ records: [...at('a', 'ann', 'ben', 'cem'), ...at('b', 'dan', 'eve')] });
    const [large, small, told] = [
      await householdOf('ann'),
      await householdOf('dan'),
      (await events()).length,
    ];
    await spend({ records: [...at('a', 'ann', 'ben'), ...at('b', 'dan', 'eve', 'cem')] });
    expect([await householdOf('ann'), await householdOf('cem')]).toEqual([large, small]);
    expect(await since(told)).toEqual(['joined moved', 'left moved', 'split members-parted']);
    const then = (await events()).length;
    await spend({ records: at('b', 'cem', 'dan', 'eve', 'ann') });
    expect([await householdOf('ann'), await householdOf('ben')]).toEqual([small, undefined]);
    expect(await since(then)).toEqual([
      'joined moved',
      'left moved',
      'left person-ended',
      'merged members-joined',
    ]);
  });

  it('retires a household of which one is left, and says where a family has withdrawn', async () => {
    await spend({ records: [...at('a', 'ann', 'ben'), ...at('b', 'cem', 'dan')] });
    const [told, household] = [(await events()).length, await householdOf('ben')];
    const gone = {
      records: [...at('a', 'ann'), ...at('b', 'cem')],
      withdrawn: [{ key: 'school ben', person: 'ben' }],
    };
    await spend(gone);
    expect(await since(told)).toEqual([
      ...['left alone', 'left alone', 'left person-ended', 'left withdrawn'],
      ...['retired no-members', 'retired withdrawn'],
    ]);
    const stone = { person_id: idOfPerson('ben'), household_id: household };
    expect(await city.table('tombstones')).toEqual([stone]);
    await spend({ ...gone, records: [...gone.records, ...at('c', 'eve', 'fay')] });
    expect(await city.table('tombstones')).toEqual([stone]);
    expect(new Set((await membersOf()).values()).has(household ?? '')).toBe(false);
    await spend({ records: [...gone.records, ...at('c', 'eve', 'fay')] });
    expect(await city.table('tombstones')).toEqual([]);
  });

  it('makes no household of a block or a shelter, and counts it', async () => {
    const shelter = Array.from({ length: 3000 }, (_, child) =>
      record(`c${child}`, 'school', { home: 'shelter' }),
    );
    await spend({ records: [...shelter, ...at('a', 'ann', 'ben'), record('cem', 'clinic')] });
    expect(await city.table('standing')).toEqual([
      { standing: 'crowd', persons: 3000 },
      { standing: 'household', persons: 2 },
      { standing: 'unknown', persons: 1 },
    ]);
  });
});

const PARTNERS = ['school', 'clinic', 'library'];

/** Nights of families who arrive, move, part, are known otherwise to another partner, or withdraw; ids of persons change. */
function* familyNights(nights: number, seed: number): Generator<HomeNight> {
  const draw = drawing(seed);
  const records = new Map<string, HomeRecord>();
  const withdrawn: { key: string; person: string }[] = [];
  let families = 0;
  const arrive = () => {
    families += 1;
    for (let child = 0; child < 1 + draw(3); child += 1) {
      for (const partner of PARTNERS) {
        const home = `home ${draw(5) === 0 ? draw(families) : families}`;
        const told = draw(4) === 0 ? {} : { phone: `phone ${families}` };
        if (draw(3) > 0) {
          const each = record(`${families}.${child}`, partner, { home, ...told });
          records.set(each.key, each);
        }
      }
    }
  };
  const any = () => [...records.values()][draw(records.size)];
  for (let family = 0; family < 20; family += 1) arrive();
  for (let night = 1; night <= nights; night += 1) {
    if (night > 1) {
      arrive();
      const [leaving, moving, found, merging] = [any(), any(), any(), any()];
      if (leaving !== undefined) records.delete(leaving.key);
      if (moving !== undefined && records.has(moving.key))
        records.set(moving.key, { ...moving, home: `home ${1 + draw(families)}` });
      if (found !== undefined && merging !== undefined && records.has(merging.key))
        records.set(merging.key, { ...merging, person: found.person });
    }
    if (night % 3 === 0) {
      const { person } = any() ?? { person: '' };
      for (const each of records.values()) {
        if (each.person !== person) continue;
        records.delete(each.key);
        withdrawn.push({ key: each.key, person });
      }
    }
    yield {
      records: [...records.values()],
      withdrawn: [...withdrawn],
      epoch: night < nights / 2 ? '1' : '2',
    };
  }
}

/** Who is where, counted up from the events alone. */
function replayed(history: readonly Row[]): Map<string, string> {
  const members = new Map<string, string>();
  const ordered = history.toSorted((one, other) => Number(one['sequence']) - Number(other['sequence']));
  for (const { change, person_id, household_id } of ordered) {
    if (change === 'left') members.delete(String(person_id));
    if (change === 'joined') members.set(String(person_id), String(household_id));
  }
  return members;
}

/** Households as sets of persons, whatever they are called. */
const partition = (members: ReadonlyMap<string, string>, nameOf: (id: string) => string): string[] => {
  const groups = new Map<string, string[]>();
  for (const [person, household] of members)
    groups.set(household, [...(groups.get(household) ?? []), nameOf(person)]);
  return [...groups.values()].map((each) => each.sort().join()).sort();
};

describe('nights of families', () => {
  it('move nobody without an event, give no id twice, and end where a rebuild does under other names', async () => {
    const seen = new Set<string>();
    const ended = new Set<string>();
    let last: HomeNight | undefined;
    for (const night of familyNights(12, 7)) {
      await spend(night);
      const [members, history] = [await membersOf(), await city.table('history')];
      expect(replayed(history)).toEqual(members);
      for (const { change, reason, household_id } of history) {
        seen.add(`${change} ${reason}`);
        if (change === 'merged' || change === 'retired') ended.add(String(household_id));
      }
      expect([...members.values()].filter((household) => ended.has(household))).toEqual([]);
      last = night;
    }
    expect([...seen].sort()).toEqual(
      expect.arrayContaining([
        'formed first-seen',
        'joined first-seen',
        'left alone',
        'left withdrawn',
        'retired no-members',
        'retired withdrawn',
      ]),
    );
    if (last === undefined) throw new Error('a night expected');
    const fresh = await householdIndex();
    const renamed = { ...last, records: last.records.toReversed(), renamed: 'otherwise' };
    await fresh.spend(renamed, PARTNERS.toReversed());
    const names = (renamed?: string) => {
      const of = new Map((last?.records ?? []).map(({ person }) => [idOfPerson(person, renamed), person]));
      return (id: string) => of.get(id) ?? '?';
    };
    expect(partition(await membersOf(fresh), names('otherwise'))).toEqual(
      partition(await membersOf(), names()),
    );
    expect((await membersOf()).size).toBeGreaterThan(20);
    await fresh.close();
  });
});
