import { type Day, dayFrom, parts } from '../calendar/days.js';
import type { Rng } from '../random/streams.js';

const KEYBOARD = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/** One slip of the hand: a neighbouring key, two letters swapped, one dropped, or one typed twice. */
export function mistyped(rng: Rng, text: string): string {
  const letters = [...text];
  if (letters.length < 3) return text;
  const position = rng.between(1, letters.length - 2);
  const letter = letters[position] ?? '';
  const slips = [[neighbour(rng, letter)], [letters[position + 1] ?? '', letter], [], [letter, letter]];
  const slip = rng.below(slips.length);
  const replaced = slip === 1 ? 2 : 1;
  return [...letters.slice(0, position), ...(slips[slip] ?? []), ...letters.slice(position + replaced)].join(
    '',
  );
}

/** A date written wrongly: day and month swapped where both read as a date, a wrong year, or a wrong digit. */
export function misdated(rng: Rng, day: Day): Day {
  const { year, month, dayOfMonth } = parts(day);
  const slip = rng.below(3);
  if (slip === 0 && dayOfMonth <= 12 && dayOfMonth !== month) return dayFrom(year, dayOfMonth, month);
  if (slip === 1) return dayFrom(year + rng.pick([-1, 1, 10, -10]), month, Math.min(dayOfMonth, 28));
  return dayFrom(year, month, dayOfMonth <= 18 ? dayOfMonth + 10 : dayOfMonth - 10);
}

/** A key beside the letter's on the keyboard, in the letter's own case; accented letters lose the accent. */
function neighbour(rng: Rng, letter: string): string {
  const small = letter.toLowerCase();
  const row = KEYBOARD.find((keys) => keys.includes(small));
  if (row === undefined) return letter.normalize('NFD').slice(0, 1);
  const index = row.indexOf(small);
  const typed =
    row[index === 0 || (index < row.length - 1 && rng.chance(0.5)) ? index + 1 : index - 1] ?? small;
  return letter === small ? typed : typed.toUpperCase();
}
