import type { ThroughlineEvent } from '@throughline/core';

/** One name for each step of a night, and for the moment at which each stage is done; undefined for other events. */
export function stepKey(event: ThroughlineEvent): string | undefined {
  if (event.event === 'step.start') return `${event.stage} ${event.of} ${event.step}`;
  if (event.event === 'stage.done') return `${event.stage} ${event.of} done`;
  return undefined;
}
