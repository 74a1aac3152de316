import { inflateRawSync } from 'node:zlib';

export type WrittenSheet = {
  readonly name: string;
  readonly hidden: boolean;
  /** Text of each cell by its reference, such as A1; a date is its serial number. */
  readonly cells: ReadonlyMap<string, string>;
};

/** The sheets of a workbook in order, read from the archive itself. Made for tests, apart from the writer. */
export function readWorkbook(archive: Buffer): WrittenSheet[] {
  const files = unzipped(archive);
  const part = (path: string) => files.get(path)?.toString('utf8') ?? '';
  const shared = [...part('xl/sharedStrings.xml').matchAll(/<si>(.*?)<\/si>/gs)].map(([, item = '']) =>
    textOf(item),
  );
  const sheets = [...part('xl/workbook.xml').matchAll(/<sheet\s[^>]*>/g)].map(([tag]) => tag);
  return sheets.map((tag, index) => ({
    name: /name="([^"]*)"/.exec(tag)?.[1] ?? '',
    hidden: tag.includes('state="hidden"'),
    cells: cellsOf(part(`xl/worksheets/sheet${index + 1}.xml`), shared),
  }));
}

/** Times of modification of the archive's entries, as stored. */
export function timesOf(archive: Buffer): number[] {
  return entries(archive).map((entry) => archive.readUInt32LE(entry + 12));
}

function cellsOf(sheet: string, shared: readonly string[]): Map<string, string> {
  const cells = new Map<string, string>();
  for (const [, attributes = '', content = ''] of sheet.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
    const value = /<v>(.*?)<\/v>/s.exec(content)?.[1] ?? '';
    const reference = /r="([A-Z]+\d+)"/.exec(attributes)?.[1] ?? '';
    cells.set(
      reference,
      attributes.includes('t="s"') ? (shared[Number(value)] ?? '') : value || textOf(content),
    );
  }
  return cells;
}

const textOf = (xml: string): string =>
  [...xml.matchAll(/<t(?: [^>]*)?>(.*?)<\/t>/gs)].map(([, text = '']) => text).join('');

function unzipped(archive: Buffer): Map<string, Buffer> {
  return new Map(
    entries(archive).map((entry) => {
      const name = archive.toString('utf8', entry + 46, entry + 46 + archive.readUInt16LE(entry + 28));
      const local = archive.readUInt32LE(entry + 42);
      const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
      const stored = archive.subarray(start, start + archive.readUInt32LE(entry + 20));
      return [name, archive.readUInt16LE(entry + 10) === 8 ? inflateRawSync(stored) : stored];
    }),
  );
}

function entries(archive: Buffer): number[] {
  const found: number[] = [];
  const signature = Buffer.from([0x50, 0x4b, 0x01, 0x02]);
  for (let at = archive.indexOf(signature); at !== -1; at = archive.indexOf(signature, at + 4))
    found.push(at);
  return found;
}
