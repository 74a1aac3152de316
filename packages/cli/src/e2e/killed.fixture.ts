import { appendFileSync, readFileSync } from 'node:fs';
import { runCommand } from '../run-command.js';
import { stepKey } from './steps.fixture.js';

/** Every so many steps; a night has some hundred and twenty, and each kill costs a process. */
const KILLED_STEPS = 14;

/**
 * Runs a night and kills itself, without any chance to tidy up, when a kind of stage is done for the first time or one
 * of some steps starts; what has been seen before is in a file, and is written there first.
 */
const [pipeline = '', seenFile = ''] = process.argv.slice(2);
const seen = new Set(readFileSync(seenFile, 'utf8').split('\n'));
const isDone = (stage: string): boolean =>
  [...seen].some((each) => each.startsWith(`${stage} `) && each.endsWith(' done'));
process.exitCode = await runCommand({
  args: ['--log', 'none', 'run', pipeline],
  environment: {},
  around: (effects) => ({
    ...effects,
    stdout: () => undefined,
    emit: (event) => {
      const key = stepKey(event);
      if (key === undefined || seen.has(key)) return;
      const isFirstOfStage = event.event === 'stage.done' && !isDone(event.stage);
      seen.add(key);
      appendFileSync(seenFile, `${key}\n`);
      if (isFirstOfStage || seen.size % KILLED_STEPS === 0) process.kill(process.pid, 'SIGKILL');
    },
  }),
});
