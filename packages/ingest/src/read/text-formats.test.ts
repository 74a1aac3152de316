import { describe, expect, it } from 'vitest';
import { deliveries } from '../sample/delivered.fixture.js';
import { bytesOf } from '../sample/extract.fixture.js';
import { COMMA, field, sampleManifest } from '../sample/manifest.fixture.js';

const { read } = deliveries();

type Over = Parameters<typeof sampleManifest>[0];

const link = (name: string, identifier: 'last' | 'first' | 'birth_date', over = {}) =>
  field(name, { treatment: ['link'], identifier, ...over });

const manifestOf = (over: Over) =>
  sampleManifest({
    records: { space: 'participant', key: [], identifiers: true, one_row_each: false, duplicate_free: false },
    payload_table: null,
    fields: [link('last', 'last'), link('first', 'first'), field('note')],
    ...over,
  });

describe('a delimited extract', () => {
  it('may have no header, if its manifest lists the columns', async () => {
    const manifest = manifestOf({ format: { ...COMMA, columns: ['last', 'note', 'first'] } });
    const { text, tally } = await read('Ruiz,x,Ana\nPark,y\nLee,z,Bo\n', manifest);
    expect(text).toBe('1,Ruiz,Ana\n3,Lee,Bo\n');
    expect(tally.rejected).toEqual([{ line: 2, reason: 'field_count' }]);
  });

  it('may have title lines, a delimiter too many and a closing row', async () => {
    const format = { ...COMMA, delimiter: ';', title_rows: 2, trailing_delimiter: true, closing: 'TRAILER' };
    const text =
      'Report "of Monday\r\n\r\nlast;first;note;\r\nRuiz;Ana;x;\r\nPark;Bo;y;z\r\nTRAILER;1\r\nprinted\r\n';
    const { text: rows, tally } = await read(text, manifestOf({ format }));
    expect(rows).toBe('4,Ruiz,Ana\n');
    expect(tally.rejected).toEqual([
      { line: 5, reason: 'field_count' },
      { line: 7, reason: 'after_closing' },
    ]);
    await expect(read(text.slice(0, text.indexOf('TRAILER')), manifestOf({ format }))).rejects.toMatchObject({
      code: 'EXTRACT_TRUNCATED',
      details: { rule: 'no closing row' },
    });
  });

  it('may drift in case and spaces of its header, if its manifest says so', async () => {
    const drifted = '\ufeffLast ,FIRST,_note\nRuiz,Ana,x\n';
    expect((await read(drifted, manifestOf({ format: { ...COMMA, header_match: 'folded' } }))).text).toBe(
      '2,Ruiz,Ana\n',
    );
    await expect(read(drifted, manifestOf({ format: COMMA }))).rejects.toMatchObject({
      code: 'HEADER_NOT_FOUND',
    });
  });

  it('may lack an optional column, but no other', async () => {
    const fields = [link('last', 'last'), link('first', 'first', { optional: true }), field('note')];
    expect((await read('note,last\nx,Ruiz\n', manifestOf({ fields }))).text).toBe('2,Ruiz,\n');
    await expect(read('first,last\nAna,Ruiz\n', manifestOf({ fields }))).rejects.toMatchObject({
      code: 'HEADER_MISSING_COLUMN',
      details: { columns: ['note'] },
    });
  });

  const either = manifestOf({ format: { ...COMMA, encoding: 'utf-8-or-windows-1252' } });
  const HEADER = 'last,first,note\n';
  it.each([
    ['UTF-8 with a mark', bytesOf(0xef, 0xbb, 0xbf, HEADER, 'Nu', 0xc3, 0xb1, 'ez,Ana,x\n'), 'utf-8'],
    ['UTF-8', bytesOf(HEADER, 'Nu', 0xc3, 0xb1, 'ez,Ana,x\n'), 'utf-8'],
    ['Windows-1252', bytesOf(HEADER, 'Nu', 0xf1, 'ez,Ana,x\n'), 'windows-1252'],
    [
      'Windows-1252 in the last of 20,000 lines',
      bytesOf(HEADER, 'a,b,x\n'.repeat(20_000), 'Nu', 0xf1, 'ez,Ana,x\n'),
      'windows-1252',
    ],
    [
      'UTF-16 of a spreadsheet',
      Uint8Array.from(Buffer.from(`\ufeff${HEADER}Nuñez,Ana,x\n`, 'utf16le')),
      'utf-16le',
    ],
    [
      'UTF-16 the other way round',
      Uint8Array.from(Buffer.from(`\ufeff${HEADER}Nuñez,Ana,x\n`, 'utf16le').swap16()),
      'utf-16be',
    ],
  ])('is read as %s by its mark or by the whole of it', async (_, bytes, encoding) => {
    const { text, tally } = await read(bytes, either);
    expect(text).toContain('Nuñez,Ana');
    expect(tally.encoding).toBe(encoding);
  });
});

describe('an extract of fixed columns', () => {
  const columns = [
    { name: 'last', start: 1, width: 6 },
    { name: 'first', start: 8, width: 4 },
    { name: 'note', start: 12, width: 3 },
  ];
  const format = {
    type: 'fixed-width' as const,
    encoding: 'windows-1252' as const,
    columns,
    title_rows: 1,
    closing: '99',
  };

  it('is cut as its layout says', async () => {
    const bytes = bytesOf(
      'EXTRACT 2026\r\nN',
      0xfa,
      0xf1,
      'ez  Ana xyz\r\n\r\nPark   Bo  ab \r\n99000002\r\n',
    );
    const { text, tally } = await read(bytes, manifestOf({ format }));
    expect(text).toBe('2,Núñez,Ana\n4,Park,Bo\n');
    expect(tally.rejected).toEqual([]);
  });

  it('rejects lines of another length or with something between the columns', async () => {
    const text =
      'title\nRuiz   Ana xyz\nRuiz   Ana\nRuiz  xAna xyz\nRuiz   Ana xyzMORE\n99\nRuiz   Ana xyz\n';
    const { tally } = await read(text, manifestOf({ format }));
    expect(tally.rows).toBe(5);
    expect(tally.rejected).toEqual([
      { line: 3, reason: 'line_length' },
      { line: 4, reason: 'between_columns' },
      { line: 5, reason: 'line_length' },
      { line: 7, reason: 'after_closing' },
    ]);
    const trimmed = { ...format, trimmed: true };
    expect((await read('title\nRuiz   Ana\n99', manifestOf({ format: trimmed }))).text).toBe('2,Ruiz,Ana\n');
  });

  it('is refused without its closing line, or with columns upon one another', async () => {
    await expect(read('title\nRuiz   Ana xyz\n', manifestOf({ format }))).rejects.toMatchObject({
      code: 'EXTRACT_TRUNCATED',
    });
    const over = [...columns, { name: 'more', start: 3, width: 3 }];
    expect(() =>
      manifestOf({
        format: { ...format, columns: over },
        fields: [link('last', 'last'), link('first', 'first'), field('note'), field('more')],
      }),
    ).toThrow(/lies upon another/);
  });
});

describe('JSON', () => {
  const fields = [
    link('name[use=official].family', 'last'),
    link('name[use=official].given', 'first'),
    link('birthDate', 'birth_date', { type: 'date', format: ['%Y-%m-%d'], required: true }),
    field('name'),
    field('resourceType'),
    field('ssn', { treatment: ['refuse'] }),
  ];
  const document = {
    type: 'json',
    layout: 'document',
    records: 'entry[*].resource[resourceType=Patient]',
  } as const;
  const patient = (family: string, over: object = {}) => ({
    resourceType: 'Patient',
    name: [
      { use: 'old', family: 'Before', given: ['X'] },
      { use: 'official', family, given: ['Ana', 'María'] },
    ],
    birthDate: '2016-02-29',
    ...over,
  });
  const bundle = (...patients: object[]) =>
    JSON.stringify({
      resourceType: 'Bundle',
      entry: [
        { resource: { resourceType: 'Organization', alias: 'x' } },
        ...patients.map((resource) => ({ resource })),
      ],
    });

  it('gives the records at a path, and of lists the values that are asked for', async () => {
    const { text, tally } = await read(
      bundle(patient('Ruiz'), patient('Núñez Vega')),
      manifestOf({ format: document, fields }),
    );
    expect(text).toBe('1,Ruiz,Ana María,2016-02-29\n2,Núñez Vega,Ana María,2016-02-29\n');
    expect(tally.rows).toBe(2);
  });

  it('is read line by line, broken lines rejected', async () => {
    const lines = [
      JSON.stringify(patient('Ruiz')),
      '',
      '{"resourceType":',
      '[1]',
      '"Zzqcanary"',
      JSON.stringify(patient('Lee')),
    ];
    const { text, tally } = await read(
      `\ufeff${lines.join('\r\n')}`,
      manifestOf({ format: { type: 'json', layout: 'lines' }, fields }),
    );
    expect(text).toBe('1,Ruiz,Ana María,2016-02-29\n6,Lee,Ana María,2016-02-29\n');
    expect(tally.rejected.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      '3 not_json',
      '4 not_a_record',
      '5 not_a_record',
    ]);
  });

  it.each([
    [
      'a member that nobody approved',
      bundle(patient('Ruiz', { address: [{ city: 'Zzqcanary' }] })),
      'HEADER_UNKNOWN_COLUMN',
      { columns: ['address.city'] },
    ],
    [
      'a member that is refused',
      bundle(patient('Ruiz', { ssn: '1' })),
      'COLUMN_REFUSED',
      { columns: ['ssn'] },
    ],
    [
      'no record with a member that rows need',
      bundle(patient('Ruiz', { birthDate: undefined })),
      'HEADER_MISSING_COLUMN',
      { columns: ['birthDate'] },
    ],
    [
      'names that are values',
      JSON.stringify({ entry: [{ resource: { resourceType: 'Patient', Zzqcanary: 1, b: 2, c: 3, d: 4 } }] }),
      'HEADER_NOT_FOUND',
      {},
    ],
    ['a broken document', '{"entry": [\n{"resource": Zzqcanary}]}', 'EXTRACT_MALFORMED', { rule: 'JSON' }],
  ])('is refused with %s, without a value', async (_, text, code, details) => {
    const reading = read(text, manifestOf({ format: document, fields }));
    await expect(reading).rejects.toMatchObject({ code, details });
    await expect(reading).rejects.not.toThrow(/Zzqcanary/);
  });

  it('rejects numbers that JavaScript rounds, branches where texts are asked for, and what is too deep', async () => {
    const lines = [
      '{"a":12345678901234567890,"b":"x"}',
      '{"a":{"c":1},"b":"x"}',
      `{"a":${'['.repeat(70)}${']'.repeat(70)}}`,
      '{"a":7,"b":true}',
      '{"__proto__":{"a":1},"a":8,"b":"\\u0000y"}',
    ];
    const manifest = manifestOf({
      format: { type: 'json', layout: 'lines' },
      fields: [link('a', 'last'), link('b', 'first'), field('__proto__')],
    });
    const { text, tally } = await read(lines.join('\n'), manifest);
    expect(text).toBe('4,7,true\n5,8,y\n');
    expect(tally.rejected.map(({ reason }) => reason)).toEqual(['not_a_text', 'not_a_text', 'too_deep']);
  });

  it('gives the codes of Ed-Fi descriptors', async () => {
    const manifest = manifestOf({
      format: { type: 'json', layout: 'document', descriptors: true },
      fields: [link('studentReference.studentUniqueId', 'last'), link('gradeLevelDescriptor', 'first')],
    });
    const page = [
      {
        studentReference: { studentUniqueId: '604821' },
        gradeLevelDescriptor: 'uri://ed-fi.org/GradeLevelDescriptor#First grade',
      },
    ];
    expect((await read(JSON.stringify(page), manifest)).text).toBe('1,604821,First grade\n');
  });
});

describe('XML', () => {
  const format = { type: 'xml' as const, record: 'Student', others: ['Parent'] };
  const fields = [
    link('Name.LastSurname', 'last'),
    link('Name.FirstName', 'first'),
    link('BirthData.BirthDate', 'birth_date', { type: 'date', format: ['%Y-%m-%d'] }),
    field('@id', { optional: true }),
    field('StudentUniqueId'),
  ];
  const student = (last: string, more = '') =>
    `<Student id="s1"><StudentUniqueId>7</StudentUniqueId><Name>\n<FirstName><![CDATA[Ana]]></FirstName><LastSurname>${last}</LastSurname></Name><BirthData><BirthDate>2016-02-29</BirthDate></BirthData>${more}</Student>`;
  const file = (...records: string[]) =>
    `<?xml version="1.0"?>\n<InterchangeStudent xmlns="http://ed-fi.org/0300">\n${records.join('\n')}\n</InterchangeStudent>`;

  it('gives the elements that are records, with the line of each', async () => {
    const { text } = await read(
      file(student('Ruiz'), '<Parent><Name>x</Name></Parent>', student('O&apos;Neil &amp; Co')),
      manifestOf({ format, fields }),
    );
    expect(text).toBe("3,Ruiz,Ana,2016-02-29\n6,O'Neil & Co,Ana,2016-02-29\n");
  });

  it.each([
    [
      'an element that nobody approved',
      file(student('Ruiz', '<SSN>Zzqcanary</SSN>')),
      'HEADER_UNKNOWN_COLUMN',
      { columns: ['SSN'] },
    ],
    [
      'other records that nobody listed',
      file(student('Ruiz'), '<Staff/>'),
      'HEADER_UNKNOWN_COLUMN',
      { count: 1 },
    ],
    ['a document type', `<!DOCTYPE x [<!ENTITY a "Zzqcanary">]>${file()}`, 'EXTRACT_MALFORMED', {}],
    ['an entity that there is not', file(student('&Zzqcanary;')), 'EXTRACT_MALFORMED', { line: 4 }],
    ['no end', file(student('Ruiz')).slice(0, -20), 'EXTRACT_MALFORMED', {}],
    ['elements without end', '<a>'.repeat(100_000), 'EXTRACT_OVER_LIMIT', {}],
    ['a record without end', `<i><Student><a>${'x'.repeat(2_000_000)}`, 'EXTRACT_OVER_LIMIT', {}],
  ])('is refused with %s, without a value', async (_, text, code, details) => {
    const reading = read(text, manifestOf({ format, fields }));
    await expect(reading).rejects.toMatchObject({ code, details });
    await expect(reading).rejects.not.toThrow(/Zzqcanary/);
  });
});

describe('HL7 v2', () => {
  const format = { type: 'hl7' as const, others: ['PV1'] };
  const fields = [
    link('PID-5[7=L].1', 'last'),
    link('PID-5[7=L].2', 'first'),
    link('PID-7', 'birth_date', { type: 'date', format: ['%Y%m%d'] }),
    field('PID-3[5=MR].1', { type: 'id', pattern: 'digits', width: 6, treatment: ['internal'] }),
    field('PID-1'),
    field('PID-6'),
    field('PID-19', { treatment: ['refuse'] }),
  ];
  const message = (pid: string) =>
    `MSH|^~\\&|EHR|SBHC|||20260615||ADT^A08|1|P|2.5\rEVN|A08\r${pid}\rPV1|1|O\r`;
  const ANA =
    'PID|1||R9^^^REG^PN~000123^^^SBHC^MR||Before^Ana^^^^^N~N\\XFA\\ez \\T\\ Vega^Ana^M^^^^L|""|20160229';

  it('gives a row for each PID segment: repetitions by a component, escapes, "" for nothing', async () => {
    const { text } = await read(
      `\x0b${message(ANA)}\x1c\r${message(ANA.replace('Ana^M', '""^M'))}`,
      manifestOf({ format, fields }),
    );
    expect(text).toBe('3,Núez & Vega,Ana,20160229,000123\n8,Núez & Vega,,20160229,000123\n');
  });

  it.each([
    [
      'a number that is refused',
      message(`${ANA}${'|'.repeat(12)}123-45-6789`),
      'COLUMN_REFUSED',
      { columns: ['PID-19'] },
    ],
    [
      'a field that nobody approved',
      message(`${ANA}||||Zzqcanary`),
      'HEADER_UNKNOWN_COLUMN',
      { columns: ['PID-11'] },
    ],
    [
      'a segment that nobody approved',
      `${message(ANA)}NK1|1|Zzqcanary\r`,
      'HEADER_UNKNOWN_COLUMN',
      { columns: ['NK1'] },
    ],
    ['no message', 'PID|1||Zzqcanary', 'EXTRACT_MALFORMED', { line: 1 }],
  ])('is refused with %s, without a value', async (_, text, code, details) => {
    const reading = read(text, manifestOf({ format, fields }));
    await expect(reading).rejects.toMatchObject({ code, details });
    await expect(reading).rejects.not.toThrow(/Zzqcanary/);
  });
});
