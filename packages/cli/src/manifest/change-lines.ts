import type { Effect, ManifestChange } from '@throughline/agreement';
import { visible } from '@throughline/pages';

const EFFECTS: Readonly<Record<Effect, string>> = {
  more: 'MORE MAY LEAVE',
  less: 'less leaves',
  otherwise: 'read otherwise',
  same: '',
};

/** One difference as a line of the terminal. */
export const changeRow = ({ place, effect, words }: ManifestChange): string =>
  `  ${visible(place)}: ${visible(words)}${EFFECTS[effect] === '' ? '' : ` (${EFFECTS[effect]})`}\n`;
