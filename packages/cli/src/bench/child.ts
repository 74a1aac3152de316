import { runCommand } from '../run-command.js';

/** A command in a process of its own that tells its parent how much memory it took at most, in bytes. */
const exitCode = await runCommand({ args: process.argv.slice(2), environment: process.env });
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
process.send?.({
  exitCode,
  peakBytes: maxRSS * 1024,
  processorSeconds: (userCPUTime + systemCPUTime) / 1e6,
});
process.exitCode = exitCode;
