import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countsOf } from './compile/compile.js';
import { catalogue } from './reference/catalogue.js';
import { type Cell, measuredWhole } from './reference/city.js';
import { exampleCity, exampleConfig, levelOf } from './reference/examples.js';

const definitions = await catalogue();
const config = exampleConfig(definitions);
const city = exampleCity(definitions, config);

let folder: string;
let cells: readonly Cell[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catalogue-'));
  ({ cells } = await measuredWhole({ folder, city, config }));
});
afterAll(() => rm(folder, { recursive: true }));

/** By-access measures have no cells of their own: the outcome's say how a child counts. */
function cellsNamed(measure: string, preset: string): string {
  const definition = definitions.find((each) => each.measure === measure);
  const chosen = definition?.presets.find(({ name }) => name === preset);
  const counts = definition === undefined || chosen === undefined ? undefined : countsOf(definition, chosen);
  return counts?.kind === 'by_access'
    ? `${counts.outcome.measure}_${counts.outcome.preset}`
    : `${measure}_${preset}`;
}

function countsAs(measure: string, preset: string, level: string): string {
  const cell = cells.find(
    (each) => each.table_name === `${cellsNamed(measure, preset)}.race_ethnicity` && each.level_1 === level,
  );
  // A child on no roll has no level, but in measures of children on record.
  if (cell === undefined) return 'not counted';
  return (['yes', 'no', 'unknown'] as const).find((verdict) => cell[verdict] === 1) ?? 'not counted';
}

describe.each(definitions)('ten children of $measure', ({ measure, example }) => {
  it.each(example.map((child, index) => ({ ...child, index })))('$is', ({ counts_as, index }) => {
    const level = levelOf(measure, index);
    const found = Object.keys(counts_as).map((preset) => [preset, countsAs(measure, preset, level)]);
    expect(Object.fromEntries(found)).toEqual(counts_as);
  });
});

describe('the whole catalogue', () => {
  it('shows every preset in an example', () => {
    const shown = definitions.flatMap(({ measure, example }) =>
      example.flatMap(({ counts_as }) => Object.keys(counts_as).map((name) => `${measure}/${name}`)),
    );
    const missing = definitions.flatMap(({ measure, presets }) =>
      presets.filter(({ name }) => !shown.some((each) => each.startsWith(`${measure}/${name}`))),
    );
    expect(missing).toEqual([]);
  });
});
