import type { GuardedSource } from '@throughline/engine';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import type { Entry, ZipFile } from 'yauzl';
import { limits, unpackedMost } from '../read/limits.js';
import { contentOf, opened } from './packed.js';
import { malformed, overLimit } from './told.js';

/** What a workbook says about itself, before its cells are read. */
export type Outline = {
  readonly sheets: readonly {
    readonly name: string;
    readonly hidden: boolean;
    readonly part: string | undefined;
  }[];
  /** Whether days are counted from 1904 instead of 1900. */
  readonly from1904: boolean;
  /** Merged ranges of a sheet, from its part of the archive. */
  readonly merged: (part: string) => Promise<readonly Range[]>;
};

/** Rows and columns from 1, both ends included. */
export type Range = {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
};

const MOST_PARTS = 10_000;

/**
 * Reads the outline of a workbook, after the archive's directory has been checked: no part twice, no password, and no
 * more bytes unpacked than are allowed.
 */
export async function outlineOf(source: GuardedSource): Promise<Outline> {
  const archive = await opened(source);
  const parts = await partsOf(archive);
  requireRoom(parts, source.bytes);
  const tags = (part: string) => tagsOf(archive, parts, part);
  const workbook = await tags('xl/workbook.xml');
  const targets = new Map(
    (await tags('xl/_rels/workbook.xml.rels')).map(({ attributes }) => [
      attributes['Id'],
      attributes['Target'],
    ]),
  );
  return {
    sheets: workbook
      .filter(({ name }) => name === 'sheet')
      .map(({ attributes }) => ({
        name: attributes['name'] ?? '',
        hidden: attributes['state'] !== undefined && attributes['state'] !== 'visible',
        part: partAt(targets.get(attributes['r:id'])),
      })),
    from1904: workbook.some(
      ({ name, attributes }) => name === 'workbookPr' && /^(?:1|true)$/.test(attributes['date1904'] ?? ''),
    ),
    merged: async (part) =>
      (await tags(part)).flatMap(({ name, attributes }) =>
        name === 'mergeCell' ? rangeOf(attributes['ref'] ?? '') : [],
      ),
  };
}

function partAt(target: string | undefined): string | undefined {
  if (target === undefined) return undefined;
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`;
}

function partsOf(archive: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  if (archive.entryCount > MOST_PARTS) throw overLimit('parts of a workbook', MOST_PARTS);
  const parts = new Map<string, Entry>();
  return new Promise((resolve, reject) => {
    archive.on('error', reject).on('end', () => resolve(parts));
    archive.on('entry', (entry) => {
      const broken = parts.has(entry.fileName) || (entry.generalPurposeBitFlag & 1) !== 0;
      if (broken) return reject(malformed('a workbook without a password or a part twice'));
      parts.set(entry.fileName, entry);
      archive.readEntry();
    });
    archive.readEntry();
  });
}

function requireRoom(parts: ReadonlyMap<string, Entry>, bytes: number): void {
  const most = Math.min(unpackedMost(bytes), limits.columnar);
  const total = [...parts.values()].reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  if (total > most) throw overLimit('unpacked bytes', most);
}

type Tag = { readonly name: string; readonly attributes: Readonly<Record<string, string>> };

/** The tags of a part that the outline needs; a part that is not there has none. */
async function tagsOf(archive: ZipFile, parts: ReadonlyMap<string, Entry>, part: string): Promise<Tag[]> {
  const entry = parts.get(part);
  if (entry === undefined) return [];
  const tags: Tag[] = [];
  const parser = new SaxesParser({ xmlns: false });
  parser.on('error', () => {
    throw malformed('XML of a workbook');
  });
  parser.on('doctype', () => {
    throw malformed('XML without a document type');
  });
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    const local = name.slice(name.indexOf(':') + 1);
    if (OUTLINE_TAGS.has(local)) tags.push({ name: local, attributes });
  });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const piece of await contentOf(archive, entry)) {
    parser.write(decoder.decode(piece as Uint8Array, { stream: true }));
  }
  parser.close();
  return tags;
}

const OUTLINE_TAGS: ReadonlySet<string> = new Set(['sheet', 'workbookPr', 'Relationship', 'mergeCell']);

function rangeOf(reference: string): Range[] {
  const [, left, top, right, bottom] = /^([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)$/.exec(reference) ?? [];
  if (left === undefined || right === undefined) return [];
  return [{ top: Number(top), left: columnNumber(left), bottom: Number(bottom), right: columnNumber(right) }];
}

const columnNumber = (letters: string): number =>
  [...letters].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0);
