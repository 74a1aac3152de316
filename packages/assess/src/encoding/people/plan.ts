import type { PartnerPlan } from '@throughline/tokenize';
import type { Scene } from './scene.js';
import { type Lists, listAt } from './values.js';

/** What each partner of a scene would tell before sealing: of each pass the unique share and the half-split estimate. */
export function plansOf(scene: Scene, names: readonly string[], values: readonly Lists[]): PartnerPlan[] {
  let from = scene.roll;
  return scene.files.map(({ rows }, file) => {
    const until = from + rows.length;
    const passes = new Map(names.map((name, pass) => [name, sharesOf(values[pass], from, until)] as const));
    from = until;
    return { partner: `file-${file}`, persons: rows.length, passes };
  });
}

function sharesOf(values: Lists | undefined, from: number, until: number) {
  const all = new Map<number, number>();
  const halves = [new Map<number, number>(), new Map<number, number>()];
  let holding = 0;
  for (let row = from; row < until; row += 1) {
    const value = listAt(values, row)[0];
    if (value === undefined) continue;
    const half = halves[row % 2];
    all.set(value, (all.get(value) ?? 0) + 1);
    half?.set(value, (half.get(value) ?? 0) + 1);
    if (row % 2 === 0) holding += 1;
  }
  const [first = new Map<number, number>(), second = new Map<number, number>()] = halves;
  const unique = [...all.values()].filter((holders) => holders === 1).length;
  const met = [...first].filter(([value, holders]) => holders === 1 && second.get(value) === 1).length;
  const others = (until - from) / 2;
  return {
    uniqueShare: all.size === 0 ? 0 : unique / all.size,
    meetingRate: holding === 0 ? 0 : met / holding / others,
  };
}
