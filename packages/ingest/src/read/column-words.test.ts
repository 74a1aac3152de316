import { readdir, readFile } from 'node:fs/promises';
import { parseYaml, preset } from '@throughline/agreement';
import { safeName } from '@throughline/core';
import { describe, expect, it } from 'vitest';
import { isColumnName } from './column-words.js';

const fixtures = new URL('../../../../fixtures/names/', import.meta.url);
const presets = new URL('../../../../pipelines/presets/', import.meta.url);

/** Every given name, family name and nickname of the tables. */
async function namesOfPeople(): Promise<string[]> {
  const columns = { surnames: [0], given_by_cohort: [0], given_by_ethnicity: [0], nicknames: [0, 1] };
  const names = await Promise.all(
    Object.entries(columns).map(async ([table, places]) => {
      const [, ...lines] = (await readFile(new URL(`${table}.csv`, fixtures), 'utf8')).trim().split('\n');
      return lines.flatMap((line) => places.map((place) => line.split(',')[place] ?? ''));
    }),
  );
  return [...new Set(names.flat().map((name) => name.toLowerCase()))];
}

describe('isColumnName', () => {
  it.each([
    ...['ssn', 'student.ssn', 'SSN', 'DOB', 'Grade level', 'home_room', 'StudentGradeLevel', 'STUDENT_NAME'],
    ...["Child's date of birth", 'What is your child’s first name?', 'PID-19', 'DOE041'],
    ...['address.city', 'bus_number', 'NK1', 'attendance.absentMinutes'],
  ])('knows %s for a name of a column', (name) => {
    expect(isColumnName(name)).toBe(true);
  });

  it.each([
    ...[
      '',
      'Zzqcanary',
      'Zzqcanary ID',
      'notesZzqcanary',
      'White',
      'Homeless',
      'English learner',
      'Bus',
      'Y',
    ],
    ...['12', 'Grade 4', 'Room 12', '12 School Street', '2015-03-09', 'a@b.org', 'name\nAna', 'Ñame', 'PV9'],
    ...['first', 'constructor', '__proto__', 'id '.repeat(40)],
  ])('does not take %j for one', (name) => {
    expect(isColumnName(name)).toBe(false);
  });

  it('takes the name of nobody for one, nor two or three of them together', async () => {
    const people = (await namesOfPeople()).filter((name) => name !== 'dob');
    expect(people.length).toBeGreaterThan(10_000);
    expect(people.filter(isColumnName)).toEqual([]);
    const ofOurWords = people.filter((name) => isColumnName(`${name} id`));
    const pairs = ofOurWords.flatMap((one) =>
      ofOurWords.flatMap((other) => [`${one} ${other}`, `${one}, ${other}`]),
    );
    expect(pairs.filter(isColumnName)).toEqual([]);
  });

  it('knows most columns of our presets', async () => {
    const files = (await readdir(presets)).filter((name) => name.endsWith('.yaml'));
    const names = await Promise.all(
      files.map(async (name) => {
        const source = { file: safeName(name), text: await readFile(new URL(name, presets), 'utf8') };
        const isPreset = /^kind: preset$/m.test(source.text);
        return isPreset ? parseYaml(source, preset).fields.map((field) => field.name) : [];
      }),
    );
    const all = names.flat();
    expect(all.filter(isColumnName).length / all.length).toBeGreaterThan(0.6);
  });
});
