export type Stopwatch = {
  <Value>(step: string, work: () => Value): Value;
  readonly later: <Value>(step: string, work: () => Promise<Value>) => Promise<Value>;
  readonly seconds: () => Readonly<Record<string, number>>;
  /** Milliseconds since some moment. */
  readonly elapsed: () => number;
};

/** Adds up the seconds of each step. */
export function stopwatch(elapsed: () => number): Stopwatch {
  const seconds: Record<string, number> = {};
  const add = (step: string, from: number) => {
    seconds[step] = (seconds[step] ?? 0) + (elapsed() - from) / 1000;
  };
  const clock = <Value>(step: string, work: () => Value): Value => {
    const from = elapsed();
    const value = work();
    add(step, from);
    return value;
  };
  const later = async <Value>(step: string, work: () => Promise<Value>): Promise<Value> => {
    const from = elapsed();
    const value = await work();
    add(step, from);
    return value;
  };
  return Object.assign(clock, { later, elapsed, seconds: () => seconds });
}
