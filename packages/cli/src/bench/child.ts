import { runCommand } from '../run-command.js';

/** A command in a process of its own that tells its parent how much memory it took at most, in bytes. */
const exitCode = await runCommand({ args: process.argv.slice(2), environment: process.env });
process.send?.({ exitCode, peakBytes: process.resourceUsage().maxRSS * 1024 });
process.exitCode = exitCode;
