import type { Day } from '../calendar/days.js';
import { PRE_KINDERGARTEN } from '../people/births.js';
import type { Address, Child } from '../people/child.js';
import { streetLine } from '../people/streets.js';
import type { Rng } from '../random/streams.js';

/** The family's address on a day: before the move, the former one. A system told late shows it longer. */
export function addressOn({ household }: Child, day: Day): Address {
  const { address, formerAddress, movedOn } = household;
  return formerAddress !== null && movedOn !== null && day < movedOn ? formerAddress : address;
}

/** 12 Elm St, Apt 3 in any of the ways it is typed. */
export function typedAddress(rng: Rng, address: Address): string {
  const line = streetLine(address);
  const unit = rng.pick([', Apt ', ' Apt ', ' #', ', Unit ']);
  const typed = line.replace(', Apt ', unit);
  return rng.chance(0.2)
    ? typed.replace(/ St(?=,| |$)/, ' Street').replace(/ Ave(?=,| |$)/, ' Avenue')
    : typed;
}

/** 617-555-0123 */
export const dashedPhone = (digits: string): string =>
  `${digits.slice(0, 3)}-${digits.slice(3, 6)}-${digits.slice(6)}`;

/** (617) 555-0123 */
export const bracketedPhone = (digits: string): string =>
  `(${digits.slice(0, 3)}) ${digits.slice(3, 6)}-${digits.slice(6)}`;

/** Aspen's grade codes: PK, KF, 01 to 12. */
export function aspenGrade(grade: number): string {
  if (grade === PRE_KINDERGARTEN) return 'PK';
  return grade === 0 ? 'KF' : String(grade).padStart(2, '0');
}

/** PK, K, 01 to 12. */
export function plainGrade(grade: number): string {
  return grade === 0 ? 'K' : aspenGrade(grade);
}

/** A grade as programme staff type it. */
export function typedGrade(rng: Rng, grade: number): string {
  if (grade === PRE_KINDERGARTEN) return rng.pick(['PK', 'Pre-K', 'PreK']);
  if (grade === 0) return rng.pick(['K', 'K', 'Kindergarten', 'KG']);
  const ordinal = { 1: 'st', 2: 'nd', 3: 'rd' }[grade] ?? 'th';
  return rng.pick([String(grade), String(grade), `${grade}${ordinal}`, `Grade ${grade}`]);
}
