import { type Sha256, safeName } from '@throughline/core';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { manifest } from '../documents/sample-documents.fixture.js';
import { changesBetween } from './changes.js';
import { fieldManifest } from './field-manifest.js';
import { type Revision, reviseManifest } from './revise.js';

const HASH = 'a'.repeat(64) as Sha256;
const nothing: Revision = { edits: [], renamed: [], added: [] };
const text = `# Read this first.\n${stringify(manifest)}# The end.\n`;
const revised = (revision: Partial<Revision>, of = text) =>
  reviseManifest({ file: safeName('m.yaml'), text: of, sha256: HASH }, { ...nothing, ...revision });
const lines = (one: string) => one.split('\n');

describe('reviseManifest', () => {
  it('makes the next version, and leaves comments and all else', () => {
    const { text: next, manifest: made } = revised({});
    expect(made.version).toBe(2);
    expect(lines(next).filter((line) => !lines(text).includes(line))).toEqual([
      'version: 2',
      `supersedes: ${HASH}`,
    ]);
    expect(next).toMatch(/^# Read this first\.[\s\S]*# The end\.\n$/);
  });

  it('says what its text says', () => {
    const { text: next, manifest: made } = revised({
      edits: [{ name: 'Grade', treated: { treatment: ['refuse'] } }],
    });
    expect(fieldManifest.parse(parse(next))).toEqual(made);
  });

  it('changes words, and takes away what a treatment no longer has', () => {
    const { manifest: made } = revised({
      edits: [
        {
          name: 'Grade',
          treated: { treatment: ['drop'] },
          description: 'grade, not used',
          purpose: 'none at all',
        },
        { name: 'DOB', treated: { treatment: ['refuse'] }, basis: 'state-law' },
      ],
    });
    const [, grade, birth] = made.fields;
    expect(grade).toMatchObject({
      description: 'grade, not used',
      purpose: 'none at all',
      treatment: ['drop'],
    });
    expect([grade?.column, birth?.identifier, birth?.basis]).toEqual([undefined, undefined, 'state-law']);
  });

  it('renames a column wherever it stands', () => {
    const { manifest: made } = revised({ renamed: [{ from: 'Student ID', to: 'StudentNumber' }] });
    expect(made.records?.key).toEqual(['StudentNumber']);
    expect(changesBetween(fieldManifest.parse(manifest), made).map(({ words }) => words)).toContain(
      'was called Student ID',
    );
    const splits = [{ column: 'GD', at: ' / ', into: ['Grade', 'DOB'] }];
    const split = revised({ renamed: [{ from: 'GD', to: 'G/D' }] }, stringify({ ...manifest, splits }));
    expect(split.manifest.splits[0]?.column).toBe('G/D');
  });

  it('keeps the headers of sections right', () => {
    const format = {
      type: 'sectioned',
      encoding: 'utf-8',
      delimiter: ',',
      quote: null,
      title_rows: 0,
      closing: null,
      sections: [{ name: 'a', heading: null, columns: ['Student ID', 'Grade', 'DOB'] }],
    };
    const { manifest: made } = revised(
      {
        edits: [{ name: 'Grade', treated: { treatment: ['refuse'] } }],
        renamed: [{ from: 'DOB', to: 'Born' }],
      },
      stringify({ ...manifest, format }),
    );
    expect(made.format.type === 'sectioned' && made.format.sections[0]?.columns).toEqual([
      'Student ID',
      'Born',
    ]);
  });

  it('adds columns that are not used', () => {
    const { manifest: made } = revised({
      added: [
        { name: 'Shoe: size', treatment: 'drop', description: 'new: "size"', purpose: '# not asked for' },
      ],
    });
    expect(made.fields.at(-1)).toMatchObject({
      name: 'Shoe: size',
      treatment: ['drop'],
      purpose: '# not asked for',
    });
  });

  it('refuses what is no manifest any more', () => {
    const keyless = { edits: [{ name: 'Student ID', treated: { treatment: ['drop' as const] } }] };
    expect(() => revised(keyless)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    const taken = { renamed: [{ from: 'Grade', to: 'DOB' }] };
    expect(() => revised(taken)).toThrow(/this column is listed twice/);
  });
});
