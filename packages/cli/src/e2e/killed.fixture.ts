import { appendFileSync, readFileSync } from 'node:fs';
import { runCommand } from '../run-command.js';
import { stepKey } from './steps.fixture.js';

/** Every so many steps; a night has some hundred and twenty, and each kill costs a process. */
const KILLED_STEPS = 5;

/**
 * Runs a night and kills itself, without any chance to tidy up, when a stage is done or one of some steps starts that
 * is not in the file of those seen before; it is written there first.
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
      seen.add(key);
      appendFileSync(seenFile, `${key}\n`);
      if (event.event === 'stage.done' || seen.size % KILLED_STEPS === 0)
        process.kill(process.pid, 'SIGKILL');
    },
  }),
});
