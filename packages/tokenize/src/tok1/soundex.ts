const CODES: Readonly<Record<string, string>> = {
  ...{ B: '1', F: '1', P: '1', V: '1' },
  ...{ C: '2', G: '2', J: '2', K: '2', Q: '2', S: '2', X: '2', Z: '2' },
  ...{ D: '3', T: '3' },
  ...{ L: '4' },
  ...{ M: '5', N: '5' },
  ...{ R: '6' },
};
const LENGTH = 4;

/**
 * American Soundex of a name in capitals, as the US National Archives define it: the first letter, then three
 * digits. Letters of one code count once where they are side by side or parted by H or W, not where a vowel parts
 * them; the first letter's own code counts too.
 *
 * @returns null for a name without a letter from A to Z.
 * @see https://www.archives.gov/research/census/soundex
 */
export function soundex(name: string): string | null {
  const letters = name.replace(/[^A-Z]/g, '');
  const first = letters[0];
  if (first === undefined) return null;
  let code = first;
  let last = CODES[first];
  for (const letter of letters.slice(1)) {
    if (letter === 'H' || letter === 'W') continue;
    const digit = CODES[letter];
    if (digit !== undefined && digit !== last) code += digit;
    last = digit;
    if (code.length === LENGTH) break;
  }
  return code.padEnd(LENGTH, '0');
}
