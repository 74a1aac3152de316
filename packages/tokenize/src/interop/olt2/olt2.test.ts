import { readFileSync } from 'node:fs';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { birthDate, firstName, lastName, postalCode, sex, socialSecurityNumber } from './attributes.js';
import { OLT2_BLANK, type Olt2Column, type Olt2Person, olt2, olt2Columns, olt2Rules } from './olt2.js';

const folder = new URL('../../../../../fixtures/vectors/openlinktoken/', import.meta.url);
const published = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const rowsOf = (csv: string): Record<string, string>[] => {
  const [header = '', ...lines] = csv.trim().split(/\r?\n/);
  const columns = header.split(',');
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((cell, at) => [columns[at] ?? '', cell])),
  );
};
const personOf = (row: Record<string, string>): Olt2Person =>
  Object.fromEntries(olt2Columns.map((column) => [column, row[column] ?? ''])) as Olt2Person;

const people = rowsOf(published('sample.csv'));
const tokens = rowsOf(published('hashed-output.csv'));
const metadata = JSON.parse(published('output.metadata.json'));
const today = '2026-11-27';
const profile = olt2(utf8ToBytes('HashingKey'), today);
const made = people.map((row) => ({ id: row['RecordId'], ...profile.tokenize(personOf(row)) }));

describe('olt2', () => {
  it('gives the 525 published tokens, byte for byte and in order', () => {
    const ours = made.flatMap(({ id, tokens }) =>
      olt2Rules.map((rule) => ({ RuleId: rule, Token: tokens[rule], RecordId: id })),
    );
    expect(ours.length).toBe(525);
    expect(ours).toEqual(tokens);
  });

  it('counts what the published run counted', () => {
    const blanks = Object.fromEntries(
      olt2Rules.map((rule) => [rule, made.filter(({ tokens }) => tokens[rule] === OLT2_BLANK).length]),
    );
    expect(blanks).toEqual(metadata.BlankTokensByRule);
    // Called rows there, and counts a row once for each of its invalid attributes.
    const total = made.reduce((sum, { invalid }) => sum + invalid.size, 0);
    expect(total).toBe(metadata.TotalRowsWithInvalidAttributes);
    const invalid = (column: Olt2Column) => made.filter((each) => each.invalid.has(column)).length;
    expect(Object.fromEntries(olt2Columns.map((column) => [column, invalid(column)]))).toEqual(
      metadata.InvalidAttributesByType,
    );
  });

  it('gives other tokens under another secret, and the same ones again', () => {
    const person = personOf(people[1] ?? {});
    const other = olt2(utf8ToBytes('hashingKey'), today).tokenize(person).tokens;
    for (const rule of olt2Rules) expect(other[rule]).not.toBe(profile.tokenize(person).tokens[rule]);
    expect(olt2(utf8ToBytes('HashingKey'), today).tokenize(person)).toEqual(profile.tokenize(person));
  });
});

describe('the attributes', () => {
  it.each([
    [firstName, 'Dr. Kevin III', 'Kevin'],
    [firstName, 'Sister Joanna', 'Joanna'],
    [firstName, 'Jennifer A.', 'Jennifer'],
    [firstName, 'Mary Ann', 'Mary'],
    [firstName, 'De Andre', 'DeAndre'],
    [firstName, 'José', 'Jose'],
    [firstName, 'TEST16', null],
    [firstName, '李', null],
    [lastName, 'Knight IV', 'Knight'],
    [lastName, "O'Connell-Ruiz", 'OConnellRuiz'],
    [lastName, 'Ng', 'Ng'],
    [lastName, 'Xz', null],
    [lastName, 'N/A', null],
    [sex, ' f ', 'Female'],
    [sex, 'X', null],
    [postalCode, '980', '98000'],
    [postalCode, '75740-2343', '75740'],
    [postalCode, '12345', null],
    [postalCode, '55501', null],
    [postalCode, 't2x1v4', 'T2X 1V4'],
    [postalCode, 'K1A 2', null],
    [postalCode, 'H3Z', 'H3Z 000'],
    [socialSecurityNumber, '1234567', '001234567'],
    [socialSecurityNumber, '000-12-3456', null],
    [socialSecurityNumber, '111-11-1111', null],
    [socialSecurityNumber, '111111111', '111111111'],
    [birthDate(today), '01/31/2015', '2015-01-31'],
    [birthDate(today), '31.01.2015', '2015-01-31'],
    [birthDate(today), '2015-01-31T08:00:00Z', '2015-01-31'],
    [birthDate(today), '2015-02-30', null],
    [birthDate(today), '2026-11-28', null],
    [birthDate(today), '1909-12-31', null],
  ])('%o of %s is %s', (attribute, value, normal) => {
    expect(attribute(value)).toBe(normal);
  });

  it('never throw, and their normal forms are valid and their own normal forms', () => {
    const attributes = [firstName, lastName, sex, postalCode, birthDate(today)];
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(...attributes), (value, attribute) => {
        const normal = attribute(value);
        if (normal !== null) expect(attribute(normal)).toBe(normal);
      }),
    );
  });
});
