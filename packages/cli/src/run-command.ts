import { CommanderError } from 'commander';
import { actionsOver } from './actions.js';
import { type Effects, type LogFormat, processEffects } from './effects.js';
import { program } from './program.js';
import { refuseExposedSecrets } from './terminal/exposed-secret.js';
import { failureBlock, failureEvent } from './terminal/failure.js';

export type CommandLine = {
  /** The arguments after the name of the program. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Changes the effects of the process; tests watch events with it. */
  readonly around?: (effects: Effects) => Effects;
  readonly stderr?: (text: string) => void;
};

const USAGE = 2;

const toStandardError = (text: string): void => void process.stderr.write(text);

/** Runs one command. @returns the exit status. */
export async function runCommand({
  args,
  environment,
  around = (effects) => effects,
  stderr = toStandardError,
}: CommandLine): Promise<number> {
  const root = program(
    actionsOver(async () => around(await processEffects(root.opts<{ log: LogFormat }>().log))),
  );
  root.exitOverride();
  for (const command of [...root.commands, ...root.commands.flatMap((each) => each.commands)])
    command.exitOverride();
  try {
    refuseExposedSecrets(args, environment);
    await root.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : USAGE;
    return fail(thrown, { log: root.opts<{ log: LogFormat }>().log, stderr });
  }
}

type Telling = { readonly log: LogFormat; readonly stderr: (text: string) => void };

/** Tells a person of a failure or, where every line is JSON, a program. @returns the exit status. */
async function fail(thrown: unknown, { log, stderr }: Telling): Promise<number> {
  const { text, exitCode } = failureBlock(thrown);
  if (log === 'json') (await processEffects(log)).emit(failureEvent(thrown));
  else stderr(text);
  return exitCode;
}
