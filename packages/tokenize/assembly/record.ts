/*
 * A record as the encodings see it: its identifiers in UTF-8, and the parts that rules are made of, each written as
 * LV(part) and LV of its values. `src/tok1/parts.ts` says the same slowly; a test compares them.
 */

/** Of an identifier: its address and its length; a length of 0 is a missing one. */
const FIELD: usize = 8;
/** Of a part asked for: its kind, its field, from, until (1 byte each); the address and the length of LV(part). */
const PART: usize = 12;
/** Alternatives that a part has at most. */
const MOST: usize = 6;
/** Of a part written: how many alternatives there are, then the address and the length of each. */
export const WRITTEN: usize = 4 + MOST * 8;

/** Kinds of part; 0 is the whole of a field. */
const LEADING: u8 = 1;
const TRAILING: u8 = 2;
const SOUNDEX: u8 = 3;
const SURNAMES: u8 = 4;
const SORTED: u8 = 5;
const DATED: u8 = 6;
const UNSWAPPED: u8 = 7;

/** In UTF-16 units. */
const LONGEST_VALUE: usize = 400;
const SPACE: u8 = 0x20;
const DATE: usize = 10;

/** Digits of Soundex for A to Z; 0 for a vowel, 9 for H and W, which are passed over. */
const DIGITS: usize = memory.data<u8>([
  0, 1, 2, 3, 0, 1, 2, 9, 0, 2, 2, 4, 5, 5, 0, 1, 2, 6, 2, 3, 0, 1, 9, 2, 0, 2,
]);
const code: usize = memory.data(4);
const swapped: usize = memory.data(16);

/** Finds the identifiers of a text in which a byte stands between them. @returns how many there are, or one more than `most`. */
export function splitFields(text: usize, length: usize, between: u8, fields: usize, most: usize): usize {
  const end = text + length;
  let found: usize = 0;
  let start = text;
  for (let at = text; at <= end; at += 1) {
    if (at < end && load<u8>(at) != between) continue;
    if (found == most) return most + 1;
    store<u32>(fields + found * FIELD, <u32>start);
    store<u32>(fields + found * FIELD, <u32>known(start, at - start), 4);
    found += 1;
    start = at + 1;
  }
  return found;
}

/** The length of a value, or 0 if it is one of more than 400 UTF-16 units, which counts as missing. */
function known(value: usize, length: usize): usize {
  if (length <= LONGEST_VALUE) return length;
  let units: usize = 0;
  for (let at = value; at < value + length; at += 1) {
    const byte = load<u8>(at);
    if ((byte & 0xc0) != 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units <= LONGEST_VALUE ? length : 0;
}

/** Writes the parts of a record one after the other, up to seven bytes behind the last. @returns where they end. */
export function writeParts(parts: usize, count: usize, fields: usize, written: usize, into: usize): usize {
  let at = into;
  for (let each: usize = 0; each < count; each += 1) {
    at = writePart(parts + each * PART, fields, written + each * WRITTEN, at);
  }
  return at;
}

function writePart(part: usize, fields: usize, written: usize, at: usize): usize {
  const field = fields + FIELD * load<u8>(part, 1);
  const value: usize = load<u32>(field);
  const length: usize = load<u32>(field, 4);
  const kind = load<u8>(part);
  const from: usize = load<u8>(part, 2);
  const until: usize = load<u8>(part, 3);
  store<u32>(written, 0);
  if (kind == SORTED) return sorted(part, fields, written, at);
  if (kind == SURNAMES) return surnames(part, fields, written, at);
  if (length == 0) return at;
  if (kind == LEADING) return one(part, written, at, value, leading(value, length, from));
  if (kind == TRAILING) {
    const skipped = length - trailing(value, length, from);
    return one(part, written, at, value + skipped, length - skipped);
  }
  if (kind == SOUNDEX) return one(part, written, at, code, soundex(value, length));
  if (kind == DATED) {
    return length < until ? at : one(part, written, at, value + from, until - from);
  }
  if (kind == UNSWAPPED) {
    if (length < until) return at;
    return one(part, written, at, unswapped(value, length) + from, until - from);
  }
  return one(part, written, at, value, length);
}

/** Writes an alternative of one value; none where the value is empty. @returns where it ends. */
function one(part: usize, written: usize, at: usize, value: usize, length: usize): usize {
  if (length == 0) return at;
  return noted(written, at, valueOf(labelOf(part, at), value, length));
}

/** Notes an alternative that has been written. */
function noted(written: usize, start: usize, end: usize): usize {
  const count = load<u32>(written);
  store<u32>(written + 4 + 8 * <usize>count, <u32>start);
  store<u32>(written + 4 + 8 * <usize>count, <u32>(end - start), 4);
  store<u32>(written, count + 1);
  return end;
}

function labelOf(part: usize, at: usize): usize {
  return copied(load<u32>(part, 4), load<u32>(part, 8), at);
}

/** LV(value). */
function valueOf(at: usize, value: usize, length: usize): usize {
  store<u16>(at, bswap<u16>(<u16>length));
  return copied(value, length, at + 2);
}

/** Eight bytes at a time: up to seven bytes behind the last are overwritten. @returns where it ends. */
export function copied(from: usize, length: usize, to: usize): usize {
  for (let done: usize = 0; done < length; done += 8) store<u64>(to + done, load<u64>(from + done));
  return to + length;
}

/** Bytes of so many leading code points; of all of them where there are fewer. */
function leading(value: usize, length: usize, points: usize): usize {
  let left = points;
  for (let at: usize = 0; at < length; at += 1) {
    if ((load<u8>(value + at) & 0xc0) == 0x80) continue;
    if (left == 0) return at;
    left -= 1;
  }
  return length;
}

/** Bytes of so many last code points; of all of them where there are fewer. */
function trailing(value: usize, length: usize, points: usize): usize {
  let left = points;
  for (let at = length; at > 0; at -= 1) {
    if ((load<u8>(value + at - 1) & 0xc0) == 0x80) continue;
    left -= 1;
    if (left == 0) return length - at + 1;
  }
  return length;
}

/** American Soundex of the letters A to Z. @returns 4, or 0 where there is none. */
function soundex(value: usize, length: usize): usize {
  let written: usize = 0;
  let last: u8 = 0;
  for (let at: usize = 0; at < length && written < 4; at += 1) {
    const letter = load<u8>(value + at) - 0x41;
    if (letter >= 26) continue;
    const digit = load<u8>(DIGITS + letter);
    if (written == 0) {
      store<u8>(code, letter + 0x41);
      written = 1;
      last = digit;
      continue;
    }
    if (digit == 9) continue;
    if (digit != 0 && digit != last) {
      store<u8>(code + written, digit + 0x30);
      written += 1;
    }
    last = digit;
  }
  if (written == 0) return 0;
  for (; written < 4; written += 1) store<u8>(code + written, 0x30);
  return 4;
}

/** A whole date with its month and day in ascending order: 2014-09-03 and 2014-03-09 -> 2014-03-09 */
function unswapped(date: usize, length: usize): usize {
  if (length != DATE) return date;
  const month = bswap<u16>(load<u16>(date, 5));
  const day = bswap<u16>(load<u16>(date, 8));
  if (month <= day) return date;
  copied(date, DATE, swapped);
  store<u16>(swapped, load<u16>(date, 8), 5);
  store<u16>(swapped, load<u16>(date, 5), 8);
  return swapped;
}

/** First and last name, or so many of their leading code points, the lower first: two values. */
function sorted(part: usize, fields: usize, written: usize, at: usize): usize {
  const first = fields + FIELD * load<u8>(part, 1);
  const last = fields + FIELD * load<u8>(part, 3);
  const points: usize = load<u8>(part, 2);
  let value: usize = load<u32>(first);
  let length: usize = load<u32>(first, 4);
  let other: usize = load<u32>(last);
  let otherLength: usize = load<u32>(last, 4);
  if (length == 0 || otherLength == 0) return at;
  if (points > 0) {
    length = leading(value, length, points);
    otherLength = leading(other, otherLength, points);
  }
  const end = labelOf(part, at);
  if (isBefore(other, otherLength, value, length)) {
    return noted(written, at, valueOf(valueOf(end, other, otherLength), value, length));
  }
  return noted(written, at, valueOf(valueOf(end, value, length), other, otherLength));
}

/** Bytes of UTF-8 are in the order of code points. */
function isBefore(one: usize, oneLength: usize, other: usize, otherLength: usize): bool {
  const order = memory.compare(one, other, min(oneLength, otherLength));
  return order == 0 ? oneLength < otherLength : order < 0;
}

/** The joined surname, then each word of a double one, every one once. */
function surnames(part: usize, fields: usize, written: usize, at: usize): usize {
  const last = fields + FIELD * load<u8>(part, 1);
  const words = fields + FIELD * load<u8>(part, 3);
  let end = one(part, written, at, load<u32>(last), load<u32>(last, 4));
  const stop: usize = load<u32>(words) + load<u32>(words, 4);
  let start: usize = load<u32>(words);
  for (let next = start; next <= stop; next += 1) {
    if (next < stop && load<u8>(next) != SPACE) continue;
    const length = next - start;
    if (length > 0 && load<u32>(written) < MOST && !isWritten(part, written, start, length)) {
      end = one(part, written, end, start, length);
    }
    start = next + 1;
  }
  return end;
}

function isWritten(part: usize, written: usize, value: usize, length: usize): bool {
  const before: usize = load<u32>(part, 8) + 2;
  const count: usize = load<u32>(written);
  for (let each: usize = 0; each < count; each += 1) {
    const alternative = written + 4 + 8 * each;
    const same = load<u32>(alternative, 4) == <u32>(before + length);
    if (same && memory.compare(load<u32>(alternative) + before, value, length) == 0) return true;
  }
  return false;
}
