import type { Identifiers } from '@throughline/tokenize';
import type { Chance } from './chance.js';
import type { Roll } from './files.js';

/*
 * What partners get wrong, by record; a pair has about twice as much, so that three pairs in ten disagree
 * somewhere in name or birth date.
 */
const SHARE = {
  firstMistyped: 0.05,
  nickname: 0.03,
  lastMistyped: 0.06,
  lastOther: 0.015,
  birthDateMistyped: 0.015,
  birthDateSwapped: 0.007,
  moved: 0.08,
  phoneOther: 0.15,
  middleLeftOut: 0.2,
  guardianOther: 0.2,
  sexOther: 0.003,
};

/** A child as one partner has written it down. */
export function withErrors({ rows, nicknames }: Roll, child: number, chance: Chance): Identifiers {
  const row = rows[child];
  if (row === undefined) throw new RangeError('child: expected one of the roll');
  const stranger = rows[chance.below(rows.length)] ?? row;
  return {
    ...row,
    first: firstName(row.first, nicknames[child] ?? null, chance),
    middle: chance.chance(SHARE.middleLeftOut) ? null : row.middle,
    last: chance.chance(SHARE.lastOther) ? stranger.last : mistyped(row.last, SHARE.lastMistyped, chance),
    birth_date: birthDate(row.birth_date, chance),
    sex: chance.chance(SHARE.sexOther) ? stranger.sex : row.sex,
    phone: chance.chance(SHARE.phoneOther) ? stranger.phone : row.phone,
    guardian: chance.chance(SHARE.guardianOther) ? stranger.guardian : row.guardian,
    ...(chance.chance(SHARE.moved) ? homeOf(stranger) : {}),
  };
}

const homeOf = ({ street_number, street, zip }: Identifiers) => ({ street_number, street, zip });

function firstName(first: string | null, nickname: string | null, chance: Chance): string | null {
  if (nickname !== null && chance.chance(SHARE.nickname)) return nickname;
  return mistyped(first, SHARE.firstMistyped, chance);
}

/** A letter left out, doubled, exchanged with the next, or replaced. */
function mistyped(name: string | null, share: number, chance: Chance): string | null {
  if (name === null || name.length < 3 || !chance.chance(share)) return name;
  const letters = [...name];
  const at = chance.below(letters.length - 1);
  const [one = '', next = ''] = [letters[at], letters[at + 1]];
  const edits = [[next], [one, one, next], [next, one], [String.fromCharCode(65 + chance.below(26)), next]];
  letters.splice(at, 2, ...(edits[chance.below(edits.length)] ?? []));
  return letters.join('');
}

function birthDate(date: string | null, chance: Chance): string | null {
  if (date === null) return null;
  const [year = '', month = '', day = ''] = date.split('-');
  if (chance.chance(SHARE.birthDateSwapped) && day <= '12') return `${year}-${day}-${month}`;
  if (!chance.chance(SHARE.birthDateMistyped)) return date;
  const other = String(1 + chance.below(28)).padStart(2, '0');
  return chance.chance(0.5) ? `${year}-${month}-${other}` : `${Number(year) + 1}-${month}-${day}`;
}
