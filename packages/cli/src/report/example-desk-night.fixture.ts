import type { DeskNight } from './desk-night.js';
import { exampleNight } from './example-night.fixture.js';

const { city, file, synthetic, day, software, measures, agreements, release, candidate } = exampleNight;

/** The example night as a desk on a host of its own knows it. */
export const exampleDeskNight: DeskNight = {
  ...{ city, file, synthetic, day, software, measures, agreements, release, candidate },
  partners: [
    { name: 'district', light: 'OK', why: '' },
    { name: 'health', light: 'HELD', why: 'health-3: rows' },
    { name: 'city', light: 'RESTING', why: 'data of 2026-06-12 in use' },
  ],
  awaited: [],
};
