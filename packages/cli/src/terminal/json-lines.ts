import type { Emit } from '@throughline/core';
import pino from 'pino';

/**
 * Renders events as JSON lines on standard error. Only events can be logged, and events hold counts, durations and
 * names: redaction by path is not relied on.
 */
export function jsonLines(): Emit {
  const logger = pino({ base: null, level: 'info' }, pino.destination({ dest: 2, sync: true }));
  return (event) => {
    if (event.event === 'stage.failed' || event.event === 'command.failed') logger.error(event);
    else if (event.event === 'warning' || event.event === 'parcel.refused') logger.warn(event);
    else logger.info(event);
  };
}
