/** Millbrook: a synthetic city of any size, from a seed. Nobody in it is real. */
export { CANARIES } from './city/canaries.js';
export type { City } from './city/city.js';
export { type CityPlan, MILLBROOK } from './city/generate.js';
export {
  type SecondKeys,
  type SecondSealing,
  secondCheckValue,
  secondClkd,
  secondKeys,
  secondPart,
  secondSlot,
  secondTokens,
  secondWrap,
} from './encoding/second.js';
export { type SecondGate, secondGate } from './encoding/second-gate.js';
export { madeUpKeyText } from './people/approvers.js';
export { type Rng, streams } from './random/streams.js';
export type { RollChild } from './roll/roll.js';
export { driftingPeople, type NightPerson } from './worlds/drifting-people.js';
export { everyTable, type PrintedSum, widthsByTrying } from './worlds/every-table.js';
export { type SmallWorld, smallWorld } from './worlds/small-world.js';
export { generateCity } from './write/generate-city.js';
export { readRoll } from './write/read-roll.js';
export { writeCity } from './write/write-city.js';
