/*
 * Which passes are used, once more, from docs/reference/encoding.md alone; it shares no line with the product.
 */

type Plan = {
  readonly persons: number;
  readonly passes: ReadonlyMap<string, { readonly u: number; readonly r: number }>;
};
export type SecondGate = {
  readonly plans: readonly Plan[];
  readonly passes: readonly string[];
  readonly highRisk: boolean;
  readonly expectedPersons: number | undefined;
  readonly expectedOverlap: number | undefined;
  readonly knownChildren: number | undefined;
};

/** The passes that partners use; none where fewer than two partners seal. */
export function secondGate(asked: SecondGate): string[] {
  const overlapping = asked.plans.length === 2 && (asked.expectedOverlap ?? 0) >= 0.6;
  const sealing = asked.plans.filter((plan) => plan.persons >= 10_000 || overlapping);
  if (sealing.length < 2) return [];
  const sizes = sealing.map((plan) => plan.persons);
  const n = Math.min(...sizes);
  const N = Math.max(...sizes, asked.expectedPersons ?? 0);
  const U = sealing.length === 2 && n >= 30_000 && !asked.highRisk ? 0.9 : 0.95;
  let budget = 0.9 * Math.min(1, Math.sqrt(n / 30_000));
  if (asked.knownChildren !== undefined) {
    budget = Math.min(budget, (0.9 * n) / (30 * asked.knownChildren));
  }
  const used: string[] = [];
  for (const pass of asked.passes) {
    const told = sealing.map((plan) => plan.passes.get(pass));
    if (told.some((each) => each === undefined || each.u < U)) continue;
    const m = (sealing.length - 1) * Math.max(...told.map((each) => each?.r ?? 0)) * N;
    if (m > budget) continue;
    budget -= m;
    used.push(pass);
  }
  return used;
}
