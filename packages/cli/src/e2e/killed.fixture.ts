import { appendFileSync, readFileSync } from 'node:fs';
import { runCommand } from '../run-command.js';
import { stepKey } from './steps.fixture.js';

/**
 * Runs a night and kills itself, without any chance to tidy up, when a step starts that is not in the file of steps
 * seen before; the step is written there first.
 */
const [pipeline = '', seenFile = ''] = process.argv.slice(2);
const seen = new Set(readFileSync(seenFile, 'utf8').split('\n'));
process.exitCode = await runCommand({
  args: ['--log', 'none', 'run', pipeline],
  environment: {},
  around: (effects) => ({
    ...effects,
    stdout: () => undefined,
    emit: (event) => {
      const key = stepKey(event);
      if (key === undefined || seen.has(key)) return;
      appendFileSync(seenFile, `${key}\n`);
      process.kill(process.pid, 'SIGKILL');
    },
  }),
});
