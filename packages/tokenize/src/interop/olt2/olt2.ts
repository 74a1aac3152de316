import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, clean, utf8ToBytes } from '@noble/hashes/utils.js';
import { type OltToken, oltTokens, toBase64 } from '@throughline/agreement';
import { birthDate, firstName, lastName, postalCode, sex, socialSecurityNumber } from './attributes.js';

/** A person as OpenLinkToken takes one in: the values as sent, empty where there is none. */
export type Olt2Person = Readonly<Record<Olt2Column, string>>;
export const olt2Columns = [
  'BirthDate',
  'FirstName',
  'LastName',
  'PostalCode',
  'Sex',
  'SocialSecurityNumber',
] as const;
export type Olt2Column = (typeof olt2Columns)[number];

export const olt2Rules = oltTokens;
export type Olt2Rule = OltToken;

/** What stands for a token that could not be made. It is no token: two of them say nothing, and it never joins. */
export const OLT2_BLANK = '0'.repeat(64);

/** The tokens of a person, one a rule, and the first invalid attribute met by each rule that has none. */
export type Olt2Tokens = {
  readonly tokens: Readonly<Record<Olt2Rule, string>>;
  readonly invalid: ReadonlySet<Olt2Column>;
};

export type Olt2 = {
  readonly tokenize: (person: Olt2Person) => Olt2Tokens;
  readonly erase: () => void;
};

type Part = readonly [Olt2Column, (normal: string) => string];
const whole = (normal: string): string => normal.toUpperCase();
const leading =
  (letters: number) =>
  (normal: string): string =>
    normal.slice(0, letters).toUpperCase();

/** In the order in which the signature joins them, which is also the order in which they are judged. */
const RULES: Readonly<Record<Olt2Rule, readonly Part[]>> = {
  T1: [
    ['LastName', whole],
    ['FirstName', leading(1)],
    ['Sex', whole],
    ['BirthDate', whole],
  ],
  T2: [
    ['LastName', whole],
    ['FirstName', whole],
    ['BirthDate', whole],
    ['PostalCode', leading(3)],
  ],
  T3: [
    ['LastName', whole],
    ['FirstName', whole],
    ['Sex', whole],
    ['BirthDate', whole],
  ],
  T4: [
    ['SocialSecurityNumber', whole],
    ['Sex', whole],
    ['BirthDate', whole],
  ],
  T5: [
    ['LastName', whole],
    ['FirstName', leading(3)],
    ['Sex', whole],
  ],
};

/**
 * Tokens of OpenLinkToken 2.1: Base64 of HMAC-SHA-256 under the shared secret over the lower-case hexadecimal
 * SHA-256 of the signature, whose parts are joined by `|`.
 *
 * @param secret the hashing secret that the parties share, any bytes; copied.
 * @param today the day of tokenization, ISO date: a later birth date is invalid.
 */
export function olt2(secret: Uint8Array, today: string): Olt2 {
  const start = hmac.create(sha256, secret);
  const work = start.clone();
  const digest = new Uint8Array(sha256.outputLen);
  const attributes = { ...ATTRIBUTES, BirthDate: birthDate(today) };
  const token = (signature: string): string => {
    const hash = utf8ToBytes(bytesToHex(sha256(utf8ToBytes(signature))));
    start._cloneInto(work).update(hash).digestInto(digest);
    return toBase64(digest);
  };
  return {
    tokenize: (person) => tokensOf(person, { attributes, token }),
    erase: () => {
      start.destroy();
      work.destroy();
      clean(digest);
    },
  };
}

const ATTRIBUTES = {
  FirstName: firstName,
  LastName: lastName,
  PostalCode: postalCode,
  Sex: sex,
  SocialSecurityNumber: socialSecurityNumber,
};

type Maker = {
  readonly attributes: Readonly<Record<Olt2Column, (value: string) => string | null>>;
  readonly token: (signature: string) => string;
};

function tokensOf(person: Olt2Person, { attributes, token }: Maker): Olt2Tokens {
  const invalid = new Set<Olt2Column>();
  const made = (rule: Olt2Rule): string => {
    const values: string[] = [];
    for (const [column, form] of RULES[rule]) {
      const normal = attributes[column](person[column]);
      if (normal === null) {
        invalid.add(column);
        return OLT2_BLANK;
      }
      values.push(form(normal));
    }
    return token(values.join('|'));
  };
  const [T1, T2, T3, T4, T5] = [made('T1'), made('T2'), made('T3'), made('T4'), made('T5')];
  return { tokens: { T1, T2, T3, T4, T5 }, invalid };
}
