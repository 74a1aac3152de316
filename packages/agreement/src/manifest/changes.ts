import type { FieldManifest, ManifestField } from './field-manifest.js';
import { leavesAnything, leavesNoMore, leavingOf, treatmentWords } from './treatment-words.js';

/**
 * What a change does to what leaves the owner: `more` may leave, `less` leaves, what leaves is read `otherwise`, or
 * it stays the `same`.
 */
export type Effect = 'more' | 'less' | 'otherwise' | 'same';

/** One difference between two versions of a field manifest, in words. */
export type ManifestChange = {
  /** A column or a term of the manifest. */
  readonly place: string;
  readonly effect: Effect;
  readonly words: string;
};

/** The differences between two versions of a field manifest: of its terms, then column by column. */
export function changesBetween(older: FieldManifest, newer: FieldManifest): ManifestChange[] {
  return [...termChanges(older, newer), ...columnChanges(older, newer)];
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const NOT_TERMS: ReadonlySet<string> = new Set(['kind', 'id', 'version', 'supersedes', 'fields']);
const WORDS_ONLY: ReadonlySet<string> = new Set(['title', 'purpose', 'text_sha256']);

type Terms = Readonly<Record<string, unknown>>;

function termChanges(older: FieldManifest, newer: FieldManifest): ManifestChange[] {
  const [before, after]: [Terms, Terms] = [older, newer];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .filter((name) => !NOT_TERMS.has(name))
    .flatMap((name) =>
      leafChanges(before[name], after[name]).map(({ path, words }) => ({
        place: [name, ...path].join('.'),
        effect: effectOfTerm(name, older, newer),
        words,
      })),
    );
}

function effectOfTerm(name: string, older: FieldManifest, newer: FieldManifest): Effect {
  if (WORDS_ONLY.has(name)) return 'same';
  if (name === 'excludes') return partOf(older.excludes, newer.excludes) ? 'less' : 'more';
  if (name === 'opt_out_list') return newer.opt_out_list ? 'less' : 'more';
  if (name === 'status') return newer.status === 'revoked' ? 'less' : 'more';
  if (name === 'effective') return older.effective < newer.effective ? 'less' : 'more';
  if (name === 'expires') return newer.expires < older.expires ? 'less' : 'more';
  return 'otherwise';
}

const partOf = (part: readonly string[], whole: readonly string[]): boolean =>
  part.every((each) => whole.includes(each));

type LeafChange = { readonly path: readonly string[]; readonly words: string };

/** What differs between two values, down to texts and numbers. */
function leafChanges(before: unknown, after: unknown, path: readonly string[] = []): LeafChange[] {
  if (same(before, after)) return [];
  if (!isMap(before) || !isMap(after)) return [{ path, words: wasIs(before, after) }];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => leafChanges(before[name], after[name], [...path, name]));
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wasIs = (before: unknown, after: unknown): string => `was ${said(before)}, is ${said(after)}`;

function said(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((each) => said(each)).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function columnChanges(older: FieldManifest, newer: FieldManifest): ManifestChange[] {
  const gone = older.fields.filter(({ name }) => !newer.fields.some((field) => field.name === name));
  const come = newer.fields.filter(({ name }) => !older.fields.some((field) => field.name === name));
  const renamed = renamings(gone, come);
  const stayed = newer.fields.flatMap((after) => {
    const before = older.fields.find(({ name }) => name === after.name);
    return before === undefined ? [] : fieldChanges(before, after);
  });
  return [
    ...stayed,
    ...[...renamed].map(([from, to]) => changeOf(to.name, 'same', `was called ${from.name}`)),
    ...gone.filter((field) => !renamed.has(field)).map(removed),
    ...come.filter((field) => ![...renamed.values()].includes(field)).map(added),
  ];
}

const changeOf = (place: string, effect: Effect, words: string): ManifestChange => ({ place, effect, words });

/** A column that is gone and one that has come and is treated alike in everything. */
function renamings(
  gone: readonly ManifestField[],
  come: readonly ManifestField[],
): ReadonlyMap<ManifestField, ManifestField> {
  const left = [...come];
  const pairs = gone.flatMap((from): [ManifestField, ManifestField][] => {
    const at = left.findIndex((to) => same({ ...to, name: '' }, { ...from, name: '' }));
    const [to] = at < 0 ? [] : left.splice(at, 1);
    return to === undefined ? [] : [[from, to]];
  });
  return new Map(pairs);
}

/** A column that is gone is refused by name; one that has left rows out does so no more. */
const removed = (field: ManifestField): ManifestChange =>
  changeOf(
    field.name,
    field.only_when === undefined ? 'less' : 'more',
    `is no longer listed, so it is refused; was ${treatmentWords(field)}`,
  );

const added = (field: ManifestField): ManifestChange =>
  changeOf(field.name, leavesAnything(field) ? 'more' : 'same', `is new: ${treatmentWords(field)}`);

function fieldChanges(before: ManifestField, after: ManifestField): ManifestChange[] {
  return [
    ...treatmentChange(before, after),
    ...onlyWhenChange(before, after),
    ...wordChanges(before, after),
    ...readingChanges(before, after),
  ];
}

function treatmentChange(before: ManifestField, after: ManifestField): ManifestChange[] {
  const [was, is] = [treatmentWords(before), treatmentWords(after)];
  if (was === is) return [];
  const narrower = leavesNoMore(leavingOf(after), leavingOf(before));
  const wider = leavesNoMore(leavingOf(before), leavingOf(after));
  const effect = narrower && wider ? 'same' : narrower ? 'less' : 'more';
  return [changeOf(after.name, effect, `the treatment was ${was}, is ${is}`)];
}

/** Rows are left out unless the column holds one of the words: with more words, or without the column, fewer are. */
function onlyWhenChange(before: ManifestField, after: ManifestField): ManifestChange[] {
  if (same(before.only_when, after.only_when)) return [];
  const fewer =
    after.only_when !== undefined &&
    (before.only_when === undefined || partOf(after.only_when, before.only_when));
  const words = `rows were taken in ${when(before)}, are now ${when(after)}`;
  return [changeOf(after.name, fewer ? 'less' : 'more', words)];
}

const when = ({ only_when }: ManifestField): string =>
  only_when === undefined ? 'whatever it holds' : `only when it holds ${only_when.join(' or ')}`;

const inWords = ['description', 'purpose', 'basis', 'sensitivity'] as const;

const wordChanges = (before: ManifestField, after: ManifestField): ManifestChange[] =>
  inWords
    .filter((property) => before[property] !== after[property])
    .map((property) =>
      changeOf(after.name, 'same', `the ${property} was “${before[property]}”, is “${after[property]}”`),
    );

const TOLD: ReadonlySet<string> = new Set(['name', 'treatment', 'band', 'only_when', ...inWords]);

/** How a column is read, and what it becomes; both matter only where it is read at all. */
function readingChanges(before: ManifestField, after: ManifestField): ManifestChange[] {
  const [was, is]: [Terms, Terms] = [before, after];
  const matters = leavesAnything(before) && leavesAnything(after);
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => !TOLD.has(name));
  return names
    .filter((name) => !same(was[name], is[name]))
    .filter((name) => !(is[name] === undefined && follows(name, after)))
    .map((name) =>
      changeOf(
        after.name,
        matters ? 'otherwise' : 'same',
        `${name.replaceAll('_', ' ')}: ${leafChanges(was[name], is[name])
          .map(({ path, words }) => [...path, words].join(' '))
          .join('; ')}`,
      ),
    );
}

/** Which identifier or payload column it is falls away with the treatment, which has been told. */
const follows = (name: string, { treatment }: ManifestField): boolean =>
  (name === 'identifier' && !treatment.includes('link')) ||
  (name === 'column' && !treatment.includes('keep') && !treatment.includes('band'));
