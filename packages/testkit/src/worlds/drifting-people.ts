/** A person of one night: an id that lasts, and a value per column. */
export type NightPerson = { readonly id: string; readonly values: readonly string[] };

/** Lehmer's generator, modulus 2^31 - 1. */
const lehmer = (seed: number): ((below: number) => number) => {
  let state = (seed % 2147483646) + 1;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
};

/**
 * Nights of people of whom one arrives, leaves or changes every night, the first night unchanged. Whoever arrives has
 * the values of somebody who is there; whoever changes takes one value from somebody else.
 */
export function* driftingPeople(
  people: readonly NightPerson[],
  nights: number,
  seed: number,
): Generator<readonly NightPerson[]> {
  const draw = lehmer(seed);
  let now = [...people];
  yield now;
  for (let night = 1; night < nights; night++) {
    const at = draw(now.length);
    const [one, other] = [now[at], now[draw(now.length)]];
    if (one === undefined || other === undefined) return;
    const column = draw(one.values.length);
    const changed = {
      id: one.id,
      values: one.values.map((value, c) => (c === column ? (other.values[c] ?? value) : value)),
    };
    const moves = [
      () => [...now, { id: `new-${night}`, values: one.values }],
      () => now.filter((_, place) => place !== at),
      () => now.map((person, place) => (place === at ? changed : person)),
    ];
    now = (moves[draw(moves.length)] ?? (() => now))();
    yield now;
  }
}
