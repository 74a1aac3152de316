import {
  errorCodes,
  type SafeName,
  safeName,
  ThroughlineError,
  type ThroughlineEvent,
} from '@throughline/core';

/**
 * An error as one block: code, what, where, what to do. Anything that is not a `ThroughlineError` is a bug, of
 * which only the place in our own code is told, since a message could hold a value.
 */
export function failureBlock(thrown: unknown): { readonly text: string; readonly exitCode: number } {
  const failure = thrown instanceof ThroughlineError ? thrown : new ThroughlineError('BUG', {});
  const { meaning, remedy, exit } = errorCodes[failure.code];
  const places = Object.entries(failure.details).map(
    ([name, value]) => `${name.replaceAll('_', ' ')} ${said(value)}`,
  );
  const lines = [
    `error ${failure.code} (exit ${exit})`,
    `  what   ${meaning}`,
    ...(places.length === 0 ? [] : [`  where  ${places.join(', ')}`]),
    ...(thrown instanceof ThroughlineError ? [] : [`  where  ${ownFrames(thrown)}`]),
    `  to do  ${remedy}`,
  ];
  return { text: `${lines.join('\n')}\n`, exitCode: exit };
}

/** An error as an event, for programs: the same as the block. */
export function failureEvent(thrown: unknown): Extract<ThroughlineEvent, { event: 'command.failed' }> {
  const isOurs = thrown instanceof ThroughlineError;
  const { code, details } = isOurs
    ? thrown
    : new ThroughlineError('BUG', { where: safeName(ownFrames(thrown)) });
  const { exit, meaning, remedy } = errorCodes[code];
  return { event: 'command.failed', code, exit, details, meaning, remedy };
}

const said = (value: number | boolean | SafeName | readonly SafeName[]): string =>
  Array.isArray(value) ? value.join(', ') : String(value);

/** Functions and lines of our own code, without the message. */
function ownFrames(thrown: unknown): string {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  const frames = [
    ...stack.matchAll(/^\s+at (?:async )?([\w.<>]+)?.*?([\w-]+\/dist\/[\w/.-]+:\d+):\d+\)?$/gm),
  ];
  return frames.length === 0
    ? 'unknown'
    : frames
        .slice(0, 4)
        .map((frame) => `${frame[1] ?? ''} ${frame[2]}`.trim())
        .join(' < ');
}
