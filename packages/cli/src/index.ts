export type { Effects } from './effects.js';
export { type CommandLine, runCommand } from './run-command.js';
