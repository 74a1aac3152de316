import { ThroughlineError } from '@throughline/core';

const LOOKS_LIKE_KEY = /^(?:[0-9a-fA-F]{64}|[A-Za-z0-9+/_-]{43}=?)$/;

/**
 * Refuses a command line or an environment in which something looks like a 32-byte key: other users of the machine
 * can read both.
 *
 * @throws ThroughlineError SECRET_ON_COMMAND_LINE
 */
export function refuseExposedSecrets(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): void {
  const values = args.flatMap((argument) => [argument, argument.slice(argument.indexOf('=') + 1)]);
  const named = Object.entries(environment).filter(([name]) => /^THROUGHLINE_.*(KEY|SECRET)/i.test(name));
  if (values.some((value) => LOOKS_LIKE_KEY.test(value)) || named.some(([, value]) => (value ?? '') !== '')) {
    throw new ThroughlineError('SECRET_ON_COMMAND_LINE', {});
  }
}
