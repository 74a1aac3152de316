import type { Rng } from '../random/streams.js';
import type { Address } from './child.js';

const STREETS = [
  'Elm',
  'Oak',
  'Maple',
  'Cedar',
  'Walnut',
  'Chestnut',
  'Pleasant',
  'School',
  'Church',
  'Mill',
  'River',
  'Spring',
  'Summer',
  'Winter',
  'Highland',
  'Prospect',
  'Central',
  'Union',
  'Pearl',
  'Franklin',
  'Washington',
  'Adams',
  'Jackson',
  'Lincoln',
  'Garfield',
  'Webster',
  'Medford',
  'Lowell',
  'Salem',
  'Essex',
  'Cross',
  'Bow',
  'Canal',
  'Dock',
  'Foundry',
  'Tannery',
  'Quarry',
  'Orchard',
  'Meadow',
  'Hillside',
  'Fairview',
  'Bellevue',
  'Cabot',
  'Winthrop',
  'Endicott',
  'Thorndike',
  'Sycamore',
  'Linden',
  'Willow',
  'Hawthorne',
];
const KINDS = ['St', 'St', 'St', 'St', 'Ave', 'Ave', 'Rd', 'Ter', 'Pl'];
const ZIPS = ['02155', '02155', '02155', '02153', '02156'];

export const CITY = 'Millbrook';
export const STATE = 'MA';

export function someAddress(rng: Rng): Address {
  return {
    number: rng.between(1, 240),
    street: `${rng.pick(STREETS)} ${rng.pick(KINDS)}`,
    unit: rng.chance(0.55) ? someUnit(rng) : '',
    zip: rng.pick(ZIPS),
  };
}

function someUnit(rng: Rng): string {
  return rng.chance(0.6)
    ? String(rng.between(1, 12))
    : `${rng.between(1, 4)}${rng.pick(['A', 'B', 'C', 'L', 'R'])}`;
}

/** 12 Elm St, Apt 3 */
export const streetLine = ({ number, street, unit }: Address): string =>
  `${number} ${street}${unit === '' ? '' : `, Apt ${unit}`}`;
