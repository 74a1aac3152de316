import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What one command cost. */
export type Cost = {
  readonly seconds: number;
  /** Of all its threads together: what does not depend on who else is at work. */
  readonly processorSeconds: number;
  readonly peakMegabytes: number;
};

type Told = { readonly exitCode: number; readonly peakBytes: number; readonly processorSeconds: number };

const child = fileURLToPath(new URL('./child.js', import.meta.url));

/** Runs a command of the command line in a process of its own. @throws Error if it does not exit with 0. */
export function costOf(args: readonly string[]): Promise<Cost> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    let told: Told | undefined;
    const running = fork(child, ['--log', 'none', ...args], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    running.on('message', (message) => {
      told = message as Told;
    });
    running.on('exit', () => {
      if (told?.exitCode !== 0) reject(new Error(`bench: \`throughline ${args[0] ?? ''}\` did not succeed`));
      else
        resolve({
          seconds: (performance.now() - started) / 1000,
          peakMegabytes: told.peakBytes / 1e6,
          processorSeconds: told.processorSeconds,
        });
    });
  });
}
