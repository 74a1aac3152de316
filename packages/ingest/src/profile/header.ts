import { dayColumnsOf } from './day-columns.js';
import { folded, meaningOf } from './known-words.js';

/** Whether the first row of a table names its columns. */
export type HeaderGuess = { readonly isHeader: boolean; readonly unsure: readonly string[] };

type Row = readonly (string | null)[];

/** What is known beforehand: a person's word, and folded names of columns that presets have. */
export type SaidOfHeader = { readonly header: boolean | undefined; readonly names: ReadonlySet<string> };

const LOOKED_AT = 2000;
const OFTEN_NAMES =
  /(?:^|[a-z])(?:id|name|date|day|time|code|number|status|type|school|grade|year|city|state|count|flag|addr\w*|is[A-Z]\w*|doe\d{3})$/i;

/**
 * Says whether the first row is a header. Where that is not plain, it is taken for a child's, and nothing of it is told:
 * a person who knows can say so.
 */
export function headerOf(rows: readonly Row[], { header: said, names: lexicon }: SaidOfHeader): HeaderGuess {
  if (said !== undefined) return { isHeader: said, unsure: [] };
  const [first = [], ...others] = rows;
  const days = new Set(dayColumnsOf(first)?.places);
  const names = first.map((cell) => (cell ?? '').trim()).filter((_, index) => !days.has(index));
  const places = first.flatMap((_, index) => (days.has(index) ? [] : [index]));
  const filled = names.filter((name) => name !== '');
  const known = filled.filter(
    (name) => meaningOf(name.split(' / ').at(-1) ?? '') !== undefined || OFTEN_NAMES.test(name),
  ).length;
  const listed = filled.filter((name) => lexicon.has(folded(name))).length;
  if (listed >= 3 && listed * 3 >= filled.length * 2) return { isHeader: true, unsure: doubtsAbout(names) };
  const valued = filled.filter(looksLikeValue).length;
  const again = others
    .slice(0, LOOKED_AT)
    .some((row) => places.some((place, at) => (row[place] ?? '').trim() === names[at] && names[at] !== ''));
  const sound = filled.length * 2 > names.length && valued === 0 && !again;
  if (sound && known * 3 >= filled.length && known >= 2)
    return { isHeader: true, unsure: doubtsAbout(names) };
  return {
    isHeader: false,
    unsure: [
      'The first row may be a header or a child, so none of it is told. If it is a header, say --header yes; if there is none, --header no.',
    ],
  };
}

/** Dates, numbers, e-mail addresses and telephone numbers name no column. */
const looksLikeValue = (cell: string): boolean =>
  /^[-+$]?[\d.,/:() -]+%?$/.test(cell) ||
  /@/.test(cell) ||
  /^\d{1,4}[-/]\d{1,2}[-/]\d{1,4}/.test(cell) ||
  cell.length > 120;

function doubtsAbout(names: readonly string[]): string[] {
  const blank = names.filter((name) => name === '').length;
  const twice = names.filter((name, index) => name !== '' && names.indexOf(name) !== index).length;
  const alike = names.length - new Set(names.map(folded)).size - twice - Math.max(0, blank - 1);
  return [
    ...(blank === 0
      ? []
      : [
          `${blank} column${blank === 1 ? ' has' : 's have'} no name: the draft drops it; a manifest can do nothing else with it.`,
        ]),
    ...(twice === 0
      ? []
      : [`${twice} name${twice === 1 ? ' is' : 's are'} used twice: such a file is refused.`]),
    ...(alike > 0 ? ['Some names differ in case or punctuation only.'] : []),
  ];
}
