import type { City } from '../city/city.js';
import { type CityPlan, plannedCity } from '../city/generate.js';
import { readNames } from './read-names.js';

/** Reads the name tables and makes the city. Equal plans and tables make equal cities. */
export function generateCity({ namesDir, ...plan }: CityPlan & { readonly namesDir: string }): City {
  return plannedCity(plan, readNames(namesDir));
}
