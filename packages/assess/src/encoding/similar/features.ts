import type { Identifiers } from '@throughline/tokenize';

/**
 * What an attacker supposes that a similarity encoding may be made of: bigrams of names, pieces and digits of the
 * birth date and the ZIP code, sex.
 */
export function featuresOf({ first, last, birth_date, zip, sex }: Identifiers): string[] {
  return [
    ...bigrams(first).map((bigram) => `F${bigram}`),
    ...bigrams(last).map((bigram) => `L${bigram}`),
    ...(birth_date === null ? [] : datePieces(birth_date)),
    ...(zip === null ? [] : [`Z${zip}`, `z${zip.slice(-2)}`, ...digits(zip, 'p')]),
    ...(sex === null ? [] : [`S${sex}`]),
  ];
}

const bigrams = (name: string | null): string[] => {
  const letters = name === null ? [] : ['_', ...name, '_'];
  return letters.slice(1).map((letter, at) => `${letters[at]}${letter}`);
};

function datePieces(date: string): string[] {
  const [year = '', month = '', day = ''] = date.split('-');
  return [
    `y${year}`,
    `m${month}`,
    `d${day}`,
    `ym${year}${month}`,
    `md${month}${day}`,
    `yd${year}${day}`,
    ...digits(`${year}${month}${day}`, 'b'),
  ];
}

const digits = (text: string, label: string): string[] =>
  [...text].map((digit, at) => `${label}${at}${digit}`);
