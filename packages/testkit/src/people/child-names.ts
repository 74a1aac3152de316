import { parts } from '../calendar/days.js';
import type { Rng } from '../random/streams.js';
import type { Household, LegalName, Sex } from './child.js';
import type { NameBook } from './name-book.js';

const SHARE_MIDDLE = 0.78;
const SHARE_NICKNAME = 0.35;
const SHARE_SUFFIX = 0.035;

/** Pairs that a careless clerk, or a careless linkage, takes for one child. */
const NEAR_TWINS: Readonly<Record<'F' | 'M', readonly (readonly [string, string])[]>> = {
  F: [
    ['Ariana', 'Arianna'],
    ['Mila', 'Lila'],
    ['Kayla', 'Layla'],
    ['Emily', 'Emely'],
  ],
  M: [
    ['Jayden', 'Kayden'],
    ['Aidan', 'Jaidan'],
    ['Jaden', 'Jadon'],
    ['Eric', 'Erick'],
  ],
};

/** The two given names of twins whose names differ by a letter, or undefined. */
export function nearTwinNames(rng: Rng, sex: Sex): readonly [string, string] | undefined {
  return sex !== 'X' && rng.chance(0.25) ? rng.pick(NEAR_TWINS[sex]) : undefined;
}

export function someName(
  rng: Rng,
  about: { household: Household; sex: Sex; birth: number; given?: string | undefined },
  names: NameBook,
): LegalName {
  const drawn = () => names.given(rng, givenBy(rng, about));
  return {
    given: about.given ?? drawn(),
    middle: rng.chance(SHARE_MIDDLE) ? drawn() : '',
    ...familyName(about.household),
    suffix: about.sex === 'M' && rng.chance(SHARE_SUFFIX) ? rng.pick(['Jr.', 'Jr.', 'III', 'II']) : '',
  };
}

/** Empty unless the child goes by a short form. */
export function someNickname(rng: Rng, given: string, names: NameBook): string {
  return rng.chance(SHARE_NICKNAME) ? (names.nickname(rng, given) ?? '') : '';
}

function givenBy(rng: Rng, about: { household: Household; sex: Sex; birth: number }) {
  const sex = about.sex === 'X' ? rng.pick(['F', 'M'] as const) : about.sex;
  return { heritage: about.household.heritage, sex, birthYear: parts(about.birth).year };
}

/** All children of a household carry the same surnames: both parents' in half the Spanish-speaking homes. */
function familyName({ heritage, surnames, zone }: Household): Pick<LegalName, 'surnames' | 'joiner'> {
  const turn = (zone * 7919) % 1;
  if (heritage === 'hispanic') {
    if (turn < 0.38) return { surnames, joiner: ' ' };
    return turn < 0.5 ? { surnames, joiner: '-' } : { surnames: [surnames[0]], joiner: ' ' };
  }
  return turn < 0.05 ? { surnames, joiner: '-' } : { surnames: [surnames[0]], joiner: ' ' };
}
