import { createCipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';

/*
 * The encodings once more, slowly and plainly, from docs/reference/encoding.md alone. It shares no line with the
 * product: what the two agree on is what the page says.
 */

type Row = Readonly<Record<string, string | null>>;
type Pass = { readonly name: string; readonly parts: readonly string[] };
type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');
const lv = (...parts: (string | Buffer)[]): Buffer =>
  Buffer.concat(
    parts.flatMap((part) => {
      const bytes = typeof part === 'string' ? utf8(part) : part;
      return [Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes];
    }),
  );
const hmac = (hash: 'sha256' | 'sha512', key: Buffer, ...message: readonly Uint8Array[]): Buffer =>
  createHmac(hash, key).update(Buffer.concat(message)).digest();
const sha256 = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
/** The key stream of ChaCha20, long enough for whatever is drawn of it. */
const streamOf = (key: Buffer): Buffer =>
  createCipheriv('chacha20', key, Buffer.alloc(16)).update(Buffer.alloc(100_000));
const flip = (bytes: Uint8Array, bit: number): void => {
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
};

/** 0..count-1 after Fisher and Yates, by draws below `range` of which those that would favour a place are left out. */
function shuffled(count: number, range: number, draw: () => number): number[] {
  const list = Array.from({ length: count }, (_, place) => place);
  for (let i = count - 1; i > 0; i -= 1) {
    let drawn = draw();
    while (drawn >= range - (range % (i + 1))) drawn = draw();
    const j = drawn % (i + 1);
    [list[i], list[j]] = [list[j] ?? 0, list[i] ?? 0];
  }
  return list;
}

const canonical = (value: Json | undefined): string => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
};

export type SecondKeys = (purpose: string, ...names: readonly string[]) => Buffer;

/** K(purpose, name) of a root, or O(purpose, name) of a record key. */
export function secondKeys(root: Uint8Array, id: string, linkage: Json & { epoch: string }): SecondKeys {
  const schema = sha256('{"normal_form":"norm-1","tokens":"tok1"}').toString('hex');
  const salt = sha256(`throughline/v1/agreement${canonical({ id, linkage })}`);
  return (purpose, ...names) => {
    const info = lv('throughline', 'v1', purpose, id, linkage.epoch, schema, ...names);
    return Buffer.from(hkdfSync('sha256', root, salt, info, 32));
  };
}

export const secondCheckValue = (keys: SecondKeys): string =>
  hmac('sha256', keys('kcv', ''), utf8('check')).toString('hex', 0, 8);

const letters = (value: string): string[] => Array.from(value);
const bigrams = (name: string): string[] => {
  const padded = ['_', ...letters(name), '_'];
  return [...new Set(padded.slice(1).map((letter, at) => `${padded[at]}${letter}`))].slice(0, 64);
};

function soundex(value: string): string[] {
  const all = value.replace(/[^A-Z]/g, '');
  if (all === '') return [];
  const code = (letter: string) =>
    ['BFPV', 'CGJKQSXZ', 'DT', 'L', 'MN', 'R'].findIndex((group) => group.includes(letter)) + 1;
  const heard = all.replace(/[HW]/g, (letter, at: number) => (at === 0 ? letter : ''));
  const codes = letters(heard).map(code);
  const digits = codes.filter((digit, at) => at > 0 && digit > 0 && digit !== codes[at - 1]);
  return [`${all[0]}${digits.join('')}000`.slice(0, 4)];
}

/** From which character of a date a part is, and up to which. */
const spans: Readonly<Record<string, readonly [number, number]>> = {
  year: [0, 4],
  month: [5, 7],
  day: [8, 10],
  year_month: [0, 7],
  month_day: [5, 10],
};

function formOf(value: string, form: string): string[] {
  if (form === '') return [value];
  if (form === 'known') return ['known'];
  if (form === 'soundex') return soundex(value);
  if (form === 'initial') return letters(value).slice(0, 1);
  if (form === 'end3') return [letters(value).slice(-3).join('')];
  const span = spans[form];
  return [span === undefined ? letters(value).slice(0, Number(form)).join('') : value.slice(...span)];
}

/** The alternatives of a part. */
export function secondPart(part: string, row: Row): string[][] {
  const whole = (name: string): string[] => {
    const value = row[name] ?? '';
    return value === '' || value.length > 400 ? [] : [value];
  };
  const [name = '', form = ''] = part.split('.');
  if (name === 'names' || name === 'names3') {
    const both = ['first', 'last'].flatMap((each) =>
      whole(each).flatMap((value) => formOf(value, name === 'names' ? '' : '3')),
    );
    return both.length < 2 ? [] : [both.sort((a, b) => Buffer.compare(utf8(a), utf8(b)))];
  }
  if (part === 'birth_date.swap' || part === 'month_day.sorted') {
    return whole('birth_date').map((date) => {
      const [year, month = '', day = ''] = date.split('-');
      const swap = month > day ? `${year}-${day}-${month}` : date;
      return [part === 'birth_date.swap' ? swap : swap.slice(5)];
    });
  }
  if (part === 'last_part') {
    const words = [...whole('last'), ...whole('last_parts').flatMap((value) => value.split(' '))];
    return [...new Set(words.filter((word) => word !== ''))].slice(0, 6).map((word) => [word]);
  }
  return whole(name).flatMap((value) => formOf(value, form).map((formed) => [formed]));
}

/** bytes(part) for each alternative. */
const bytesOf = (part: string, row: Row): Buffer[] =>
  secondPart(part, row).map((values) => Buffer.concat([lv(part), lv(...values)]));

/** The tokens of a rule, in hexadecimal; none where a part is missing. */
export function secondTokens(keys: SecondKeys, { name, parts }: Pass, row: Row): string[] {
  const messages = parts.reduce<Buffer[]>(
    (begun, part) =>
      begun.flatMap((start) => bytesOf(part, row).map((bytes) => Buffer.concat([start, bytes]))),
    [lv(name)],
  );
  return messages.map((message) => hmac('sha256', keys('tok', name), message).toString('hex', 0, 16));
}

const turned = (word: bigint, by: bigint): bigint => BigInt.asUintN(64, (word << by) | (word >> (64n - by)));
const added = (a: bigint, b: bigint): bigint => BigInt.asUintN(64, a + b);

function sipHash(key: Buffer, message: Buffer): Buffer {
  const [k0, k1] = [key.readBigUInt64LE(0), key.readBigUInt64LE(8)];
  let [a, b] = [k0 ^ 0x736f6d6570736575n, k1 ^ 0x646f72616e646f6dn];
  let [c, d] = [k0 ^ 0x6c7967656e657261n, k1 ^ 0x7465646279746573n];
  const round = () => {
    [a, c] = [added(a, b), added(c, d)];
    [b, d] = [turned(b, 13n) ^ a, turned(d, 16n) ^ c];
    [a, c] = [added(turned(a, 32n), d), added(c, b)];
    [b, d] = [turned(b, 17n) ^ c, turned(d, 21n) ^ a];
    c = turned(c, 32n);
  };
  const padded = Buffer.alloc(8 * Math.floor(message.length / 8 + 1));
  message.copy(padded);
  padded[padded.length - 1] = message.length & 255;
  for (let at = 0; at < padded.length; at += 8) {
    const word = padded.readBigUInt64LE(at);
    d ^= word;
    for (let i = 0; i < 2; i += 1) round();
    a ^= word;
  }
  c ^= 0xffn;
  for (let i = 0; i < 4; i += 1) round();
  const result = Buffer.alloc(8);
  result.writeBigUInt64LE(a ^ b ^ c ^ d);
  return result;
}

export type SecondSealing = {
  readonly passes: readonly Pass[];
  readonly similar: readonly string[];
  readonly exact: readonly string[];
  readonly keys: SecondKeys;
  readonly own: SecondKeys;
  /** 0..1 */
  readonly decoys: number;
};

function positionsOf(field: string, sealing: SecondSealing, { record, row }: SecondRecord): Set<number> {
  const value = secondPart(field, row)[0]?.[0];
  const codes =
    value === undefined
      ? [0, 1, 2, 3, 4, 5, 6].map((i) =>
          hmac('sha256', sealing.own('seal1-missing', field), lv(record), Buffer.from([i])),
        )
      : bigrams(value).map((bigram) => hmac('sha256', sealing.keys('seal1-vector', ''), lv(bigram)));
  return new Set(codes.flatMap((code) => [...code.subarray(0, 18)]));
}

type SecondRecord = { readonly record: string; readonly row: Row };

/** One slot, and whether it is real. */
export function secondSlot(
  sealing: SecondSealing,
  { name, parts }: Pass,
  asked: SecondRecord & { readonly mayBeReal: boolean },
): { readonly slot: Buffer; readonly real: boolean } {
  const { record, row, mayBeReal } = asked;
  const each = parts.map((part) => bytesOf(part, row)[0]);
  const message = Buffer.concat(each.includes(undefined) ? [] : each.flatMap((bytes) => bytes ?? []));
  const secret = (real: boolean) =>
    real
      ? hmac('sha512', sealing.keys('seal1', name), lv(name), message)
      : hmac('sha512', sealing.own('seal1-filler', name), lv(name, record), message);
  const candidate = mayBeReal && message.length > 0;
  const draw = streamOf(secret(true).subarray(16, 48)).readUInt32BE(0);
  const real = candidate && draw >= Math.floor(sealing.decoys * 2 ** 32);
  const h = secret(real);
  const stream = streamOf(h.subarray(16, 48));
  let next = 4 + 32 * sealing.similar.length;
  const permutation = shuffled(256, 256, () => stream[next++] ?? 0);
  const vectors = sealing.similar.map((field, index) => {
    const sealed = Uint8Array.from(stream.subarray(4 + 32 * index, 36 + 32 * index));
    for (const position of positionsOf(field, sealing, asked)) flip(sealed, permutation[position] ?? 0);
    return sealed;
  });
  const codes = sealing.exact.map((field) => {
    const missing = hmac('sha256', sealing.own('seal1-missing', field), lv(record)).subarray(0, 16);
    return sipHash(h.subarray(48), bytesOf(field, row)[0] ?? lv(field, missing)).subarray(0, 4);
  });
  return { slot: Buffer.concat([h.subarray(0, 16), ...vectors, ...codes]), real };
}

/** The record-level encoding, 256 bytes; undefined where a name or the birth date is missing. */
export function secondClkd(keys: SecondKeys, t: number, row: Row): Buffer | undefined {
  const [first, last, date] = ['first', 'last', 'birth_date'].map((part) => secondPart(part, row)[0]?.[0]);
  if (first === undefined || last === undefined || date === undefined) return undefined;
  const [yy, mm, dd] = [date.slice(2, 4), date.slice(5, 7), date.slice(8, 10)];
  const zip = secondPart('zip', row)[0]?.[0];
  const features: (readonly [kind: string, text: string])[] = [
    ...bigrams(first).map((text) => ['first', text] as const),
    ...bigrams(last).map((text) => ['last', text] as const),
    ...Object.entries({
      yy,
      mm,
      dd,
      yymm: yy + mm,
      mmdd: mm + dd,
      yydd: yy + dd,
      y: yy.slice(1),
      d: dd.slice(1),
    }),
    ...Object.entries(zip === undefined ? {} : { zip, 'zip.2': letters(zip).slice(-2).join('') }),
  ];
  const filter = Buffer.alloc(1024);
  for (const [kind, text] of features) {
    const codes = [0, 1].map((i) => hmac('sha256', keys('clkd1', kind), lv(text), Buffer.from([0, 0, 0, i])));
    for (let draw = 0; draw < 27; draw += 1) filter[Buffer.concat(codes).readUInt16LE(2 * draw) % 1024] = 1;
  }
  const stream = streamOf(keys('clkd1-diffusion', ''));
  const draws = Array.from({ length: 50_000 }, (_, at) => stream.readUInt16LE(2 * at)).values();
  let pool: number[] = [];
  const output = Buffer.alloc(256);
  for (let bit = 0; bit < 2048; bit += 1) {
    const taken: number[] = [];
    while (taken.length < t) {
      if (pool.length === 0) pool = shuffled(1024, 65_536, () => draws.next().value ?? 0);
      const place = pool.find((each) => !taken.includes(each)) ?? 0;
      pool = pool.filter((each) => each !== place);
      taken.push(place);
    }
    if (taken.reduce((sum, place) => sum ^ (filter[place] ?? 0), 0) === 1) flip(output, bit);
  }
  return output;
}

type RowOf = {
  readonly agreement: string;
  readonly epoch: string;
  readonly partner: string;
  readonly record: string;
};

/** A row of the residual under the owner's keys and those of the wrap key: its nonce and 272 bytes. */
export function secondWrap(
  { own, wrap }: { readonly own: SecondKeys; readonly wrap: SecondKeys },
  { agreement, epoch, partner, record }: RowOf,
  vector: Uint8Array,
): { readonly nonce: string; readonly wrapped: Buffer } {
  const code = hmac('sha256', own('residual-nonce', ''), lv(record), vector).toString('hex', 0, 16);
  const nonce = code.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const cipher = createCipheriv('aes-256-gcm', wrap('wrap', partner, nonce), Buffer.alloc(12));
  cipher.setAAD(lv('throughline', 'v1', 'residual', agreement, epoch, partner, record));
  const wrapped = Buffer.concat([cipher.update(vector), cipher.final(), cipher.getAuthTag()]);
  return { nonce, wrapped };
}
