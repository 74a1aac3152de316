import { readFile } from 'node:fs/promises';
import { leavesNoMore, leavingOf } from '@throughline/agreement';
import { ThroughlineError } from '@throughline/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideSheet } from './decide.js';
import type { SheetColumn } from './layout.js';
import { readManifestSheet } from './read.js';
import { type EditedRow, manifestText, returned, rowOf, sheetSource, withParts } from './returned.fixture.js';
import { fieldRows, type HeaderChange } from './rows.js';
import { writeManifestSheet } from './write.js';

type Edit = Parameters<typeof returned>[0];

const decided = async (edit: Edit, change?: HeaderChange) =>
  decideSheet(sheetSource(change), manifestText, await readManifestSheet(await returned(edit, change)));
const set =
  (column: string, change: Partial<EditedRow>): Edit =>
  (rows) => {
    Object.assign(rowOf(rows, column), change);
    return rows;
  };
const lines = ({ changes }: Awaited<ReturnType<typeof decided>>) =>
  changes.map(({ place, effect, words }) => `${effect} | ${place}: ${words}`);
const refusal = (edit: Edit, change?: HeaderChange) =>
  decided(edit, change).then(
    () => 'taken in',
    (thrown) =>
      thrown instanceof ThroughlineError ? `${thrown.code} ${JSON.stringify(thrown.details)}` : thrown,
  );

describe('a sheet that comes back', () => {
  it('says nothing if nothing was written into it', async () => {
    const same = decideSheet(
      sheetSource(),
      manifestText,
      await readManifestSheet(await writeManifestSheet(sheetSource())),
    );
    expect(same).toEqual({ revised: undefined, changes: [], notes: [], unresolved: [], unnamed: 0 });
    expect(await decided((rows) => rows.toReversed())).toEqual(same);
  });

  it('says nothing either if LibreOffice has saved it, with its lists to choose from and its look', async () => {
    const saved = await readFile(new URL('../../../fixtures/sheets/libreoffice.xlsx', import.meta.url));
    expect(decideSheet(sheetSource(), manifestText, await readManifestSheet(saved)).revised).toBeUndefined();
  });

  it('strikes a column: the export must not have it; a part of a column is read over instead', async () => {
    const struck = await decided((rows) => {
      for (const name of ['Home language', 'Left']) rowOf(rows, name).decision = ' Strike';
      return rows;
    });
    expect(lines(struck)).toEqual([
      'less | Home language: the treatment was keep, is refuse',
      'less | Left: the treatment was keep, is drop',
    ]);
    expect(struck.revised?.manifest.version).toBe(4);
    expect(struck.revised?.text).toContain('name: Home language');
  });

  it('narrows a treatment, and changes words and grounds', async () => {
    const edited = await decided((rows) => {
      Object.assign(rowOf(rows, 'Student ID'), { treatment: 'INTERNAL', note: 'We do not want it linked.' });
      Object.assign(rowOf(rows, 'Grade'), { description: ' the  grade ', basis: 'state-law' });
      return rows;
    });
    expect(lines(edited)).toEqual([
      'less | Student ID: the treatment was internal + link, is internal',
      'same | Grade: the description was “grade of the student”, is “the grade”',
      'same | Grade: the basis was “ferpa-studies”, is “state-law”',
    ]);
    expect(edited.notes).toEqual([{ column: 'Student ID', note: 'We do not want it linked.' }]);
  });

  it('settles a change of the export: a column by another name, and one that is new', async () => {
    const change = { added: ['Grade level', 'Bus'], missing: ['Grade'] };
    const untouched = await decided((rows) => rows, change);
    expect(untouched.unresolved).toEqual(['Grade']);
    expect(lines(untouched)).toEqual(['same | Grade level: is new: refuse', 'same | Bus: is new: refuse']);
    const settled = await decided((rows) => {
      rowOf(rows, 'Grade level').renamedFrom = 'Grade';
      Object.assign(rowOf(rows, 'Bus'), { treatment: 'drop', description: 'number of the bus' });
      return rows;
    }, change);
    expect(settled.unresolved).toEqual([]);
    expect(lines(settled)).toEqual(['same | Grade level: was called Grade', 'same | Bus: is new: drop']);
    expect(settled.revised?.manifest.fields.map(({ name }) => name)).toContain('Grade level');
  });

  it('asks the owner for the name of a column of which only the place is told', async () => {
    const change = { added: ['Bus'], missing: ['Grade'], unnamed: ['7 (G)', '9 (I)'] };
    const [seventh, ninth] = change.unnamed.map((place) => `at ${place}: write its name here`) as [
      string,
      string,
    ];
    const untouched = await decided((rows) => rows, change);
    expect([untouched.unnamed, lines(untouched)]).toEqual([2, ['same | Bus: is new: refuse']]);
    const named = await decided((rows) => {
      Object.assign(rowOf(rows, seventh), { column: 'Grd', renamedFrom: 'Grade' });
      Object.assign(rowOf(rows, ninth), { column: 'Zone', treatment: 'drop' });
      return rows;
    }, change);
    expect(named.unnamed).toBe(0);
    expect(lines(named)).toEqual([
      'same | Grd: was called Grade',
      'same | Bus: is new: refuse',
      'same | Zone: is new: drop',
    ]);
    for (const edit of [{ treatment: 'drop' }, { decision: 'strike' }, { renamedFrom: 'Grade' }])
      expect(await refusal(set(ninth, edit), change)).toMatch(/name of the column first/);
    for (const column of ['Shoe', 'x'.repeat(121)])
      expect(await refusal(set(ninth, { column }), change)).toMatch(/SHEET_REFUSED.*not listed yet/);
    expect(await refusal(set(ninth, { column: 'Bus' }), change)).toMatch(/a name for one column only/);
    expect(await refusal(set('Bus', { column: 'Tram' }), change)).toMatch(/follows from the others/);
  });
});

describe('a sheet that asks for more', () => {
  it.each<[string, Edit]>([
    ['a value of what is only linked', set('Birth', { treatment: 'keep' })],
    ['tokens of what is only kept', set('Grade', { treatment: 'link + keep' })],
    ['a column that is dropped', set('Shoe', { treatment: 'keep' })],
    ['the rows that a column leaves out, by striking it', set('Consent', { decision: 'strike' })],
    ['the rows that a column leaves out, by dropping it', set('Consent', { treatment: 'drop' })],
  ])('is refused: %s', async (_, edit) => {
    expect(await refusal(edit)).toMatch(/^SHEET_WIDENS/);
  });

  it('is refused where nobody can look: in a new column', async () => {
    expect(await refusal(set('Bus', { treatment: 'keep' }), { added: ['Bus'], missing: [] })).toMatch(
      /^SHEET_WIDENS/,
    );
  });
});

describe('a sheet that was changed where it must not be', () => {
  it.each<[string, Edit, RegExp]>([
    ['a row is gone', (rows) => rows.slice(1), /every row: to say no/],
    ['a row is there twice', (rows) => [...rows, ...rows.slice(0, 1)], /every row once/],
    ['a row is new', (rows) => [...rows, { ...rowOf(rows, 'Shoe'), number: '99' }], /no rows besides/],
    [
      'a decision is empty',
      set('Shoe', { decision: '' }),
      /"row":"7","column":"Decision","rule":"agree or strike"/,
    ],
    ['a decision is another word', set('Shoe', { decision: 'maybe' }), /agree or strike/],
    ['a column has another name', set('Shoe', { column: 'Shoes' }), /"column":"Column of the export"/],
    ['who sees it was changed', set('Shoe', { seenBy: 'everybody' }), /"column":"Who sees it"/],
    ['how long was changed', set('Shoe', { kept: 'a week' }), /write what you want under Your note/],
    ['a treatment is no word of ours', set('Shoe', { treatment: 'hash' }), /one of the treatments/],
    [
      'a ground is none of the agreement',
      set('Shoe', { basis: 'because' }),
      /a legal basis of the agreement/,
    ],
    [
      'an old column is renamed',
      set('Shoe', { renamedFrom: 'Grade' }),
      /an old name only beside a new column/,
    ],
    ['a text turns around', set('Shoe', { note: 'no\u202Eyes' }), /that can all be seen/],
    ['a text is endless', set('Shoe', { note: 'x'.repeat(2001) }), /at most 2000 characters/],
    ['a description is too short for a manifest', set('Shoe', { description: 'x' }), /^CONFIG_INVALID/],
    ['the key is struck', set('Student ID', { decision: 'strike' }), /^CONFIG_INVALID.*a key needs/],
  ])('is refused: %s', async (_, edit, message) => {
    expect(await refusal(edit)).toMatch(message);
  });

  it.each([
    'Version',
    'SHA-256',
    'Agreement SHA-256',
    'Manifest',
  ])('is stale where its %s is another', async (key) => {
    const edit: Edit = (_, about) => {
      for (const row of about) if (row[0] === key) row[1] = 'x';
      return undefined;
    };
    expect(await refusal(edit)).toMatch(/^SHEET_STALE/);
  });

  it('is refused: there is a column of their own', async () => {
    const sheet = await returned((rows) => rows);
    const cell = '<c r="N2" t="inlineStr"><is><t>also this</t></is></c></row>';
    const wider = withParts(sheet, {
      'xl/worksheets/sheet1.xml': (xml) => xml.replace(/(<row r="2"[\s\S]*?)<\/row>/, `$1${cell}`),
    });
    await expect(readManifestSheet(wider)).rejects.toThrow(/no columns besides those of the sheet/);
  });

  it('takes a new name once', async () => {
    const change = { added: ['Grade level', 'Level'], missing: ['Grade'] };
    const both: Edit = (rows) => {
      for (const name of change.added) rowOf(rows, name).renamedFrom = 'Grade';
      return rows;
    };
    expect(await refusal(both, change)).toMatch(/one new name for a column/);
    expect(await refusal(set('Level', { renamedFrom: 'Shoe' }), change)).toMatch(/no longer has/);
  });
});

describe('whatever is written into a sheet', () => {
  const words = fc.oneof(
    fc.constantFrom(
      'agree',
      'strike',
      'keep',
      'link',
      'internal',
      'drop',
      'refuse',
      'band by year',
      'link + keep',
      'Grade',
      '',
      '=1',
    ),
    fc.string({ maxLength: 12 }),
  );
  const cells = fc.array(
    fc.record({
      row: fc.nat(fieldRows(sheetSource()).length - 1),
      key: fc.constantFrom<SheetColumn>(
        'decision',
        'treatment',
        'description',
        'basis',
        'renamedFrom',
        'purpose',
      ),
      words,
    }),
    { minLength: 1, maxLength: 4 },
  );

  it('never lets more leave', async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(cells, async (edits) => {
        const sheet = {
          about: {
            Manifest: 'school-students',
            Version: '3',
            'SHA-256': 'a'.repeat(64),
            Agreement: 'dsa-school',
            'Agreement SHA-256': 'b'.repeat(64),
          },
          rows: fieldRows(sheetSource()).map((row, index) => ({ ...row, place: index + 2 })),
        };
        for (const { row, key, words: written } of edits)
          Object.assign(sheet.rows[row] ?? {}, { [key]: written });
        const before = sheetSource().manifest.document.fields;
        try {
          const fields = decideSheet(sheetSource(), manifestText, sheet).revised?.manifest.fields ?? before;
          taken += 1;
          for (const [index, field] of fields.entries()) {
            const old = before[index];
            expect(old !== undefined && leavesNoMore(leavingOf(field), leavingOf(old))).toBe(true);
            expect([field.only_when, field.name]).toEqual([old?.only_when, old?.name]);
          }
        } catch (thrown) {
          if (!(thrown instanceof ThroughlineError)) throw thrown;
        }
      }),
      { numRuns: 150 },
    );
    expect(taken).toBeGreaterThan(8);
  });
});
