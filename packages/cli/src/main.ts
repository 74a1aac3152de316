#!/usr/bin/env node
import { runCommand } from './run-command.js';

// A reader that has seen enough, such as `head`, closes the pipe; that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 15);
});

process.exitCode = await runCommand({ args: process.argv.slice(2), environment: process.env });
