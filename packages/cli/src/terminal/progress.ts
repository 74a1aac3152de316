import { type Emit, type ThroughlineEvent, warningNames } from '@throughline/core';

export type Output = { readonly write: (text: string) => unknown; readonly isTTY?: boolean | undefined };

const CLEAR_LINE = '\r\u001b[2K';

/**
 * Renders events for a person: one line that changes while a stage works, one line that stays when it is done.
 */
export function terminalProgress(output: Output): Emit {
  const lasting = (text: string) => output.write(`${CLEAR_LINE}${text}\n`);
  return (event) => {
    if (event.event === 'step.start') {
      output.write(`${CLEAR_LINE}  ${event.stage} ${event.of}: ${event.step} …`);
      return;
    }
    const line = lastingLine(event);
    if (line !== undefined) lasting(line);
  };
}

function lastingLine(event: ThroughlineEvent): string | undefined {
  switch (event.event) {
    case 'stage.current':
      return `  ${event.stage} ${event.of}: up to date`;
    case 'stage.done':
      return `  ${event.stage} ${event.of}: done in ${seconds(event.ms)}`;
    case 'stage.failed':
      return `  ${event.stage} ${event.of}: stopped (${event.code})`;
    case 'parcel.sent':
      return `  parcel ${event.sequence} to ${event.host}: sealed`;
    case 'parcel.taken':
      return `  parcel ${event.sequence} of ${event.host}: taken in`;
    case 'parcel.refused':
      return `  parcel of ${event.host}: refused (${event.code})`;
    case 'parcel.landing':
      return `  ${event.parcels} parcels still arriving`;
    case 'warning':
      return `  warning: ${warningNames[event.about]}`;
    default:
      return undefined;
  }
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
