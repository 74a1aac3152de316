/** Pairs of records, each once, in the order in which they came: open addressing in typed arrays. */
export type PairList = {
  /** Adds a pair where it is new. @returns its place in the order. */
  readonly placeOf: (one: number, two: number) => number;
  readonly count: () => number;
  readonly columns: () => { readonly a: Int32Array; readonly b: Int32Array };
};

const FREE = -1;

export function pairList(): PairList {
  let a = new Int32Array(1024);
  let b = new Int32Array(1024);
  let places = new Int32Array(4096).fill(FREE);
  let count = 0;
  const slotOf = (one: number, two: number): number => {
    const mask = places.length - 1;
    const mixed = Math.imul(one, 0x9e3779b1) ^ Math.imul(two, 0x85ebca6b);
    for (let place = (mixed ^ (mixed >>> 15)) & mask; ; place = (place + 1) & mask) {
      const pair = places[place] ?? FREE;
      if (pair === FREE || (a[pair] === one && b[pair] === two)) return place;
    }
  };
  const grow = (): void => {
    [a, b] = [doubled(a), doubled(b)];
    places = new Int32Array(places.length * 2).fill(FREE);
    for (let pair = 0; pair < count; pair += 1) places[slotOf(a[pair] ?? 0, b[pair] ?? 0)] = pair;
  };
  const placeOf = (one: number, two: number): number => {
    const slot = slotOf(one, two);
    const known = places[slot] ?? FREE;
    if (known !== FREE) return known;
    a[count] = one;
    b[count] = two;
    places[slot] = count;
    count += 1;
    if (count === a.length) grow();
    return count - 1;
  };
  return {
    placeOf,
    count: () => count,
    columns: () => ({ a: a.slice(0, count), b: b.slice(0, count) }),
  };
}

function doubled(of: Int32Array): Int32Array<ArrayBuffer> {
  const twice = new Int32Array(of.length * 2);
  twice.set(of);
  return twice;
}
