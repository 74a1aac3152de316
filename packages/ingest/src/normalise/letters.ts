/** Characters without width, direction marks and controls: invisible, so that nobody typed them on purpose. */
const HIDDEN = /[\p{Cf}\p{Cc}]/gu;

/** Straight, curly and reversed apostrophes, accents used as such, primes, and the letters that stand for them. */
const APOSTROPHES = /['`\u00b4\u02b9-\u02c1\u02c8\u2018-\u201b\u2032\u2035\uff07]/gu;

/**
 * Marks are dropped where they are accents or optional vowels. Elsewhere they are letters in all but name: without
 * them two Hindi or Thai names would become one.
 */
const ACCENTS =
  /(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}]\p{M}*)\p{M}/gu;
/** A mark without a letter before it is nothing. */
const STRAY_MARKS = /(?<![\p{L}\p{N}\p{M}])\p{M}+/gu;

/** Latin letters that Unicode does not take apart. */
const WHOLE_LETTERS: Readonly<Record<string, string>> = {
  Æ: 'AE',
  Œ: 'OE',
  Ø: 'O',
  Đ: 'D',
  Ð: 'D',
  Þ: 'TH',
  Ł: 'L',
  Ħ: 'H',
  Ŧ: 'T',
  Ŋ: 'NG',
  ẞ: 'SS',
};
const WHOLE = new RegExp(`[${Object.keys(WHOLE_LETTERS).join('')}]`, 'gu');

/**
 * Upper-case letters and digits of any script, words apart by one space, hyphens kept between letters;
 * `de la O'Brien–Núñez` becomes `DE LA OBRIEN-NUNEZ`. Empty if there is no letter or digit.
 */
export const folded = (raw: string): string =>
  ONE_WORD.test(raw)
    ? raw.toUpperCase()
    : (PLAIN.test(raw) ? plainLetters(raw) : anyLetters(raw))
        .replace(/ *-[ -]*/g, '-')
        .replace(/^[ -]+|[ -]+$/g, '');

/** Most names are a single word of plain letters, of which nothing but the case can differ. */
const ONE_WORD = /^[A-Za-z0-9]*$/;

/** Most names are plain ASCII, for which the general rule does no more than this and takes ten times as long. */
const PLAIN = /^[ -~]*$/;
const plainLetters = (raw: string): string =>
  raw
    .replace(/['`.]/g, '')
    .toUpperCase()
    .replace(/[^A-Z0-9-]+/g, ' ');

const anyLetters = (raw: string): string =>
  raw
    .replace(HIDDEN, '')
    .replace(APOSTROPHES, '')
    .normalize('NFKD')
    .replace(APOSTROPHES, '')
    .replaceAll('.', '')
    .replace(ACCENTS, '')
    .toUpperCase()
    .replace(WHOLE, (letter) => WHOLE_LETTERS[letter] ?? letter)
    .normalize('NFC')
    .replace(/\p{Pd}/gu, '-')
    .replace(STRAY_MARKS, '')
    .replace(/[^\p{L}\p{N}\p{M}-]+/gu, ' ');

/** The words of a folded text; hyphens part words too. */
export const wordsOf = (text: string): string[] =>
  text === '' ? [] : /[ -]/.test(text) ? text.split(/[ -]/).filter((word) => word !== '') : [text];

export const hasHidden = (raw: string): boolean => !PLAIN.test(raw) && raw.search(HIDDEN) >= 0;

const LATIN = /\p{Script=Latin}/u;
const LOOK_ALIKE = /[\p{Script=Greek}\p{Script=Cyrillic}]/u;

/** Whether a word mixes scripts whose letters look alike: a slip of a keyboard, or meant to deceive. */
export const mixesScripts = (text: string): boolean =>
  !PLAIN.test(text) && wordsOf(text).some((word) => LATIN.test(word) && LOOK_ALIKE.test(word));
