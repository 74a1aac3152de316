import {
  type FieldManifest,
  fieldManifest,
  manifestOn,
  type Preset,
  presetManifest,
} from '@throughline/agreement';
import { safeName } from '@throughline/core';
import {
  type ReadableFile,
  readCanonicalCsv,
  type Scratch,
  type ScratchFile,
  type Session,
  sql,
} from '@throughline/engine';
import { toldOf, unpacked } from '../read/container.js';
import { kindOf } from '../read/kind.js';
import { readExtract } from '../read/read-extract.js';
import { type ReadTally, rowSink } from '../read/rows.js';
import { plainPath } from '../unpack/paths.js';
import type { Job } from '../unpack/task.js';
import { type DayColumns, dayColumnsOf } from './day-columns.js';
import { type ColumnFacts, factsOf, linesOfOthers, TABLE, wordCounts } from './facts.js';
import { type FormatGuess, guessFormat, type Said, standIns } from './guess-format.js';
import { type ColumnJudgement, isAmong, judged, listOf, wordsOfList } from './judge.js';
import { folded, meaningOf } from './known-words.js';

/** A column of a file: what may be said of it. `name` is undefined where the header may be a child. */
export type ColumnProfile = {
  readonly name: string | undefined;
  readonly place: number;
  readonly facts: ColumnFacts;
  readonly judgement: ColumnJudgement;
  /** Codes of our own lists that it has, and the lines where others stand. */
  readonly codes: readonly string[];
  readonly otherCodes: readonly number[];
};

/**
 * A preset that knows the columns of a file. `more`: columns that it does not know; `lacks`: the other way round;
 * `renamed`: what seems to be one of both under two names; `refused`: columns of the file that it refuses.
 */
export type PresetMatch = {
  readonly preset: Preset;
  readonly sha256: string;
  readonly share: number;
  readonly more: readonly string[];
  readonly lacks: readonly string[];
  readonly renamed: ReadonlyMap<string, string>;
  readonly refused: readonly string[];
};

/** What a file seems to be. Nothing in it is a value of a row. */
export type Profile = {
  readonly bytes: number;
  readonly guess: FormatGuess;
  readonly tally: ReadTally;
  readonly columns: readonly ColumnProfile[];
  readonly matches: readonly PresetMatch[];
  /** Of a sheet with a column a day: these columns, which are told together. */
  readonly days: DayColumns | undefined;
};

/** A preset and the hash of its file. */
export type KnownPreset = { readonly document: Preset; readonly sha256: string };

export type Profiling = {
  readonly said: Omit<Said, 'names'>;
  readonly presets: readonly KnownPreset[];
  readonly session: Session;
  readonly scratch: Scratch;
};

/**
 * Profiles a file: how it is made, and of each column its type, nulls, formats, shapes and likely meaning. Counts and
 * shapes only; what cannot be told from the file is said, not guessed.
 *
 * @throws ThroughlineError EXTRACT_MALFORMED, EXTRACT_OVER_LIMIT, ENCODING_BROKEN, EXTRACT_TRUNCATED.
 */
export async function profileFile(file: ReadableFile, profiling: Profiling): Promise<Profile> {
  const { file: plain, packed } = await unpackedFile(file, profiling.scratch);
  const guess = await guessFormat(plain, { ...profiling.said, names: namesOf(profiling.presets) });
  const tally = await load(plain, guess, profiling);
  const columns = await profileColumns(guess, profiling.session);
  const days = guess.named && !isTree(guess.format.type) ? dayColumnsOf(guess.columns) : undefined;
  const matches = guess.named ? matchesOf(guess, profiling.presets, days) : [];
  const delivery = packed === undefined ? {} : { packed };
  return { bytes: file.bytes, guess: { ...guess, delivery }, tally, columns, matches, days };
}

const namesOf = (presets: readonly KnownPreset[]): ReadonlySet<string> =>
  new Set(presets.flatMap(({ document }) => listedColumns(document).map(({ name }) => folded(name))));

type Unpacked = { readonly file: ReadableFile; readonly packed: 'gzip' | 'zip' | undefined };

/** A gzip, or a zip archive that is no workbook, is opened first. */
async function unpackedFile(file: ReadableFile, scratch: Scratch): Promise<Unpacked> {
  const kind = await kindOf(file);
  const packed = kind === 'gzip' ? 'gzip' : kind === 'zip' && !(await isWorkbook(file)) ? 'zip' : undefined;
  if (packed === undefined) return { file, packed };
  const spool = scratch.create('profile.unpacked');
  try {
    for await (const piece of unpacked(file, { kind: packed })) await spool.write(piece);
  } finally {
    await spool.close();
  }
  return { file: await scratch.reopen(spool, file.name), packed };
}

/** A workbook begins with a part of its own; other archives are packed files. */
async function isWorkbook(file: ReadableFile): Promise<boolean> {
  for await (const bytes of file.read()) {
    const head = Buffer.from(bytes.subarray(0, 4096)).toString('latin1');
    return /\[Content_Types\]\.xml|_rels\/|xl\/|docProps\//.test(head);
  }
  return false;
}

async function load(
  file: ReadableFile,
  guess: FormatGuess,
  { session, scratch }: Profiling,
): Promise<ReadTally> {
  const canonical = scratch.create('profile.csv');
  const { type } = guess.reading;
  const byPlace = type === 'workbook' || type === 'parquet' || type === 'arrow';
  const tally = byPlace
    ? await readByPlace(file, guess, canonical)
    : await readExtract(file, readingManifest(guess), canonical);
  await session.make(
    'profile',
    TABLE,
    sql`SELECT * FROM ${readCanonicalCsv(canonical.path, guess.columns.length)}`,
  );
  return tally;
}

/** The rows of a table whose columns have a place, whatever their names are; what is behind the last one is rejected. */
async function readByPlace(
  file: ReadableFile,
  { reading, columns, named }: FormatGuess,
  scratch: ScratchFile,
): Promise<ReadTally> {
  const sink = rowSink(scratch);
  const first = reading.type === 'workbook' ? reading.header_row + (named ? 1 : 0) : 1;
  const job =
    reading.type === 'workbook'
      ? {
          kind: reading.type,
          sheet: reading.sheet,
          headerRow: 1,
          headerRows: 1,
          hidden: reading.hidden,
          serialDates: [],
        }
      : { kind: reading.type };
  for await (const told of toldOf(file, job as Job)) {
    if (told[0] === 'stripped') sink.stripped(told[1]);
    if (told[0] !== 'row' || told[1] < first || told[2].every((cell) => (cell ?? '').trim() === '')) continue;
    const [, line, cells] = told;
    if (cells.slice(columns.length).some((cell) => cell !== null)) sink.reject(line, 'field_count');
    else
      sink.row(
        line,
        columns.map((_, index) => cells[index] ?? null),
      );
    await sink.flush();
  }
  return sink.close();
}

/** What every manifest says, and what matters to no profile. */
const TERMS = {
  kind: 'manifest',
  id: 'profile',
  version: 1,
  title: 'The profile of a file',
  effective: '2000-01-01',
  expires: '2999-12-31',
  partner: 'owner',
  agreement: 'none',
  purpose: 'To read a file for its profile.',
  scope: { covers_from: '2000-01-01', covers_to: '2999-12-31', active_only: false, exceptions_only: false },
  limits: { rejected_share: 1, unmapped_share: 1 },
};

/** A manifest that takes in every column, so that a file is profiled by what will read it. */
function readingManifest({ reading, columns }: FormatGuess): FieldManifest {
  const byPlace = reading.type === 'delimited' || reading.type === 'fixed-width';
  const names = byPlace ? standIns(columns.length) : columns;
  return fieldManifest.parse({
    ...TERMS,
    extract: 'profile',
    format: reading,
    records: { space: 'row', key: [], identifiers: true, one_row_each: false, duplicate_free: false },
    payload_table: null,
    fields: names.map((name) => ({
      name,
      description: 'a column of the file',
      type: 'text',
      sensitivity: 'direct',
      treatment: ['internal'],
      purpose: 'its profile',
      basis: 'owner-programme-records',
      optional: true,
    })),
  });
}

async function profileColumns(guess: FormatGuess, session: Session): Promise<ColumnProfile[]> {
  const profiles: ColumnProfile[] = [];
  for (const [index, column] of guess.columns.entries()) {
    const name = guess.named ? column : undefined;
    const facts = await factsOf(session, index);
    const judgement = judged(name, facts);
    profiles.push({
      name,
      place: index + 1,
      facts,
      judgement,
      ...(await codesOf(session, index, judgement)),
    });
  }
  return profiles;
}

async function codesOf(
  session: Session,
  index: number,
  { type, meaning }: ColumnJudgement,
): Promise<Pick<ColumnProfile, 'codes' | 'otherCodes'>> {
  const list = listOf(meaning);
  if (type !== 'code') return { codes: [], otherCodes: [] };
  const words = list === undefined ? [] : wordsOfList(list);
  const counted = words.length === 0 ? new Map<string, number>() : await wordCounts(session, index, words);
  return { codes: [...counted.keys()], otherCodes: await linesOfOthers(session, index, words) };
}

const LEAST_SHARE = 0.6;
const MATCHES_TOLD = 3;

function matchesOf(
  { columns, format }: FormatGuess,
  presets: readonly KnownPreset[],
  days: DayColumns | undefined,
): PresetMatch[] {
  const others = columns.filter((_, index) => days?.places.includes(index) !== true);
  return presets
    .filter(({ document }) => (document.unpivot === undefined) === (days === undefined))
    .filter(
      ({ document }) =>
        document.format.type === format.type || isTree(document.format.type) === isTree(format.type),
    )
    .map(({ document, sha256 }) => matchOf(others, document, sha256))
    .filter((match) => match.share >= LEAST_SHARE && isManifest(match))
    .sort(
      (a, b) => b.share - a.share || a.lacks.length - b.lacks.length || (a.preset.id < b.preset.id ? -1 : 1),
    )
    .slice(0, MATCHES_TOLD);
}

/** A table may come in many formats, a tree in its own only. */
const isTree = (type: string): boolean => ['json', 'xml', 'hl7'].includes(type);

function matchOf(columns: readonly string[], preset: Preset, sha256: string): PresetMatch {
  const listed = listedColumns(preset);
  const names = listed.map(({ name }) => name);
  const needed = listed.filter(({ optional, treatment }) => !optional && !treatment.includes('refuse'));
  const covers = coverOf(preset.format.type);
  const more = columns.filter((column) => !names.some((name) => covers(name, column)));
  const lacks = needed
    .map(({ name }) => name)
    .filter((name) => !columns.some((column) => covers(name, column)));
  const known = columns.length === 0 ? 0 : 1 - more.length / columns.length;
  const there = needed.length === 0 ? 1 : 1 - lacks.length / needed.length;
  const renamed = isTree(preset.format.type) ? new Map<string, string>() : renamings(preset, { more, lacks });
  return {
    preset,
    sha256,
    share: Math.min(known, there),
    more: more.filter((column) => ![...renamed.values()].includes(column)),
    lacks: lacks.filter((name) => !renamed.has(name)),
    renamed,
    refused: columns.filter((column) =>
      listed.some(({ name, treatment }) => treatment.includes('refuse') && covers(name, column)),
    ),
  };
}

/** A column of the file that the preset does not know and one of the preset that the file lacks, of one identifier alone. */
function renamings(
  { fields }: Preset,
  { more, lacks }: Pick<PresetMatch, 'more' | 'lacks'>,
): ReadonlyMap<string, string> {
  const roleOf = (column: string) => {
    const meaning = meaningOf(column);
    return meaning !== undefined && 'identifier' in meaning ? meaning.identifier : undefined;
  };
  const pairs = lacks.flatMap((name): [string, string][] => {
    const role = fields.find((field) => field.name === name)?.identifier;
    const theirs = more.filter((column) => role !== undefined && roleOf(column) === role);
    const ours = lacks.filter((other) => fields.find((field) => field.name === other)?.identifier === role);
    const [column] = theirs;
    return column !== undefined && theirs.length === 1 && ours.length === 1 ? [[name, column]] : [];
  });
  return new Map(pairs);
}

/** Whether a manifest on the preset would keep the rules: not without a column of its key, for example. */
function isManifest({ preset, sha256, lacks, renamed }: PresetMatch): boolean {
  const manifest = presetManifest.parse({
    ...TERMS,
    preset: preset.id,
    preset_sha256: sha256,
    basis: 'owner-programme-records',
    without: [...lacks],
    rename: Object.fromEntries(renamed),
  });
  try {
    manifestOn(preset, manifest, safeName('profile'));
    return true;
  } catch {
    return false;
  }
}

type Listed = { readonly name: string; readonly optional: boolean; readonly treatment: readonly string[] };

/** The columns that a preset expects in a header: not the parts of one, nor the section of a sheet, nor days. */
function listedColumns({ fields, splits, format, unpivot }: Preset): Listed[] {
  const cells = unpivot === undefined ? [] : [unpivot.heading, unpivot.cell];
  const parts = new Set([...splits.flatMap(({ into }) => into), ...cells]);
  const isPseudo = (name: string) => parts.has(name) || (format.type === 'sectioned' && name === 'section');
  return [
    ...fields.filter(({ name }) => !isPseudo(name)),
    ...splits.map(({ column }) => ({ name: column, optional: false, treatment: ['keep'] })),
  ];
}

/** Whether a name of a preset covers a column of a file; in a tree it covers everything below it. */
function coverOf(type: string): (name: string, column: string) => boolean {
  if (type === 'hl7') return (name, column) => hl7Field(name) === hl7Field(column);
  if (!isTree(type)) return (name, column) => isAmong(column, [name]);
  return (name, column) => `${plainPath(column)}.`.startsWith(`${plainPath(name)}.`);
}

const hl7Field = (place: string): string => /^PID-\d+/.exec(place)?.[0] ?? place;
