import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { readManifestSheet } from './read.js';
import { sheetSource, withParts } from './returned.fixture.js';
import { writeManifestSheet } from './write.js';

let sheet: Uint8Array;
beforeAll(async () => {
  sheet = await writeManifestSheet(sheetSource());
});

const FIRST = 'xl/worksheets/sheet1.xml';
const refused = (bytes: Uint8Array) =>
  readManifestSheet(bytes).then(
    () => 'taken in',
    (thrown) => `${thrown.code} ${JSON.stringify(thrown.details)}`,
  );

describe('a workbook that came back', () => {
  it('is read if nothing is wrong with it', async () => {
    expect(await refused(sheet)).toBe('taken in');
    expect(await refused(withParts(sheet, {}))).toBe('taken in');
    expect(await refused(withParts(sheet, { 'xl/printerSettings/printerSettings1.bin': 'x' }))).toBe(
      'taken in',
    );
  });

  it.each<[string, Parameters<typeof withParts>[1], RegExp]>([
    ['macros', { 'xl/vbaProject.bin': 'x' }, /without macros/],
    [
      'a type with macros',
      {
        '[Content_Types].xml': (xml) =>
          xml.replace('spreadsheetml.sheet.main', 'ms-excel.sheet.macroEnabled.main'),
      },
      /without macros/,
    ],
    ['a link to another file', { 'xl/externalLinks/externalLink1.xml': '<x/>' }, /without links/],
    ['something embedded', { 'xl/embeddings/oleObject1.bin': 'x' }, /nothing embedded/],
    ['comments', { 'xl/comments1.xml': '<comments/>' }, /without comments/],
    [
      'a hidden sheet',
      { 'xl/workbook.xml': (xml) => xml.replace('<sheet ', '<sheet state="veryHidden" ') },
      /hidden/,
    ],
    ['a formula', { [FIRST]: (xml) => xml.replace(/(<c r="B3"[^>]*>)/, '$1<f>1+1</f>') }, /no formulas/],
    ['a formula under another prefix', { [FIRST]: (xml) => `${xml}<x:f t="shared"/>` }, /no formulas/],
    [
      'another sheet',
      { 'xl/workbook.xml': (xml) => xml.replace('name="About"', 'name="Other"') },
      /Fields and About/,
    ],
    ['XML that ends early', { [FIRST]: (xml) => xml.slice(0, 200) }, /SHEET_REFUSED/],
  ])('is refused: %s', async (_, parts, message) => {
    expect(await refused(withParts(sheet, parts))).toMatch(message);
  });

  it('is refused where a row is struck through by its looks alone, and names the cell', async () => {
    const inked = (mark: string) =>
      withParts(sheet, { 'xl/styles.xml': (xml) => xml.replace('<color rgb="FF1D2733"/>', `${mark}$&`) });
    expect(await refused(inked('<strike/>'))).toMatch(/"cell":"B2","rule":"no text struck through/);
    expect(await refused(inked('<x:strike val="true"/>'))).toMatch(/"cell":"B2"/);
    expect(await refused(inked('<strike val="0"/>'))).toBe('taken in');
  });

  it('is refused where it is no workbook, is cut short, or unpacks into too much', async () => {
    expect(await refused(new Uint8Array([1, 2, 3]))).toMatch(/^SHEET_REFUSED/);
    expect(await refused(sheet.subarray(0, sheet.length - 30))).toMatch(/^SHEET_REFUSED/);
    expect(await refused(bomb())).toMatch(/of a size that a sheet of texts can have/);
    const many = Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`a${at}.xml`, new Uint8Array()]));
    expect(await refused(zipSync(many))).toMatch(/^SHEET_REFUSED/);
  });

  it('never repeats a text of the sheet that is wrong', async () => {
    const told = await refused(
      withParts(sheet, { 'xl/workbook.xml': (xml) => xml.replace('name="About"', 'name="Zlatan"') }),
    );
    expect(told).not.toMatch(/Zlatan/);
  });
});

/** An archive whose directory announces 49 MB (PKWARE APPNOTE 6.3.10, section 4.3.12). */
function bomb(): Uint8Array {
  const archive = zipSync({ 'xl/bomb.xml': new Uint8Array(10) });
  const view = new DataView(archive.buffer, archive.byteOffset);
  const directory = view.getUint32(archive.length - 6, true);
  view.setUint32(directory + 24, 49 * 1024 ** 2, true);
  return archive;
}
