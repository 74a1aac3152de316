/*
 * Exact tokens of many records. Messages wait until there are four of them, which are hashed at once; where the token of
 * each belongs is decided before, so tokens are in the order of the records and of the rules.
 */
import { copied, WRITTEN } from './record';
import { CODES, hmac256, LANES } from './sha256';

/** Of a rule: the states of its key; LV(rule), address and length; the places of its parts, address and number. */
const RULE: usize = 20;
const LANE: usize = 12;
const CODE: usize = 32;
/** Of a token: the place of its rule, then 16 bytes. */
const ENTRY: usize = 17;
const TOKEN: usize = 16;
const NONE: u8 = 0xff;

/** Where the tokens of the four messages go. */
const targets: usize = memory.data(16, 16);
let waiting: usize = 0;

/**
 * Makes the tokens of a record whose parts are written.
 *
 * @param rooms for each of four messages, and how many bytes that is.
 * @param missing a byte for each rule: which of its parts is the first that is missing, or 255.
 * @param into where the entries go. The last tokens are there after the next `finishTokens`.
 * @returns where they end.
 */
export function takeTokens(
  rules: usize,
  count: usize,
  written: usize,
  rooms: usize,
  room: usize,
  missing: usize,
  into: usize,
): usize {
  let end = into;
  for (let rule: usize = 0; rule < count; rule += 1) {
    const asked = rules + rule * RULE;
    const gap = firstMissing(asked, written);
    store<u8>(missing + rule, gap);
    if (gap != NONE) continue;
    const choices = choicesOf(asked, written);
    for (let choice: u32 = 0; choice < choices; choice += 1) {
      store<u8>(end, <u8>rule);
      take(asked, written, rooms + waiting * room, end + 1, choice, choices);
      end += ENTRY;
    }
  }
  return end;
}

/** Hashes the messages that wait. A lane without one hashes the first once more. */
export function finishTokens(): void {
  if (waiting == 0) return;
  for (let lane = waiting; lane < 4; lane += 1) memory.copy(LANES + lane * LANE, LANES, LANE);
  hmac256();
  for (let lane: usize = 0; lane < waiting; lane += 1) {
    memory.copy(load<u32>(targets + 4 * lane), CODES + lane * CODE, TOKEN);
  }
  waiting = 0;
}

function partOf(rule: usize, place: usize, written: usize): usize {
  return written + WRITTEN * load<u32>(load<u32>(rule, 12) + 4 * place);
}

function firstMissing(rule: usize, written: usize): u8 {
  const parts: usize = load<u32>(rule, 16);
  for (let place: usize = 0; place < parts; place += 1) {
    if (load<u32>(partOf(rule, place, written)) == 0) return <u8>place;
  }
  return NONE;
}

function choicesOf(rule: usize, written: usize): u32 {
  const parts: usize = load<u32>(rule, 16);
  let choices: u32 = 1;
  for (let place: usize = 0; place < parts; place += 1) choices *= load<u32>(partOf(rule, place, written));
  return choices;
}

/** Writes a message and lets it wait; of the parts with alternatives the last is the first to change. */
function take(rule: usize, written: usize, message: usize, target: usize, choice: u32, choices: u32): void {
  const parts: usize = load<u32>(rule, 16);
  let end = copied(load<u32>(rule, 4), load<u32>(rule, 8), message);
  let rest = choice;
  let below = choices;
  for (let place: usize = 0; place < parts; place += 1) {
    const part = partOf(rule, place, written);
    below /= load<u32>(part);
    const alternative: usize = part + 4 + 8 * (rest / below);
    rest %= below;
    end = copied(load<u32>(alternative), load<u32>(alternative, 4), end);
  }
  const lane = LANES + waiting * LANE;
  store<u32>(lane, <u32>message);
  store<u32>(lane, <u32>(end - message), 4);
  store<u32>(lane, load<u32>(rule), 8);
  store<u32>(targets + 4 * waiting, <u32>target);
  waiting += 1;
  if (waiting == 4) finishTokens();
}
