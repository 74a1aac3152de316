import type { Command } from 'commander';
import { actionsOver } from '../actions.js';
import { program } from '../program.js';

/** `commands.md`: every command with its arguments and options, from the command line itself. */
export function commandsPage(): string {
  const root = program(actionsOver(() => Promise.reject(new Error('a page runs no command'))));
  const commands = root.commands.flatMap((command) =>
    command.commands.length > 0 ? [...command.commands] : [command],
  );
  return [
    '# Commands',
    '',
    'Results go to standard output, everything else to standard error: progress on a terminal, JSON lines elsewhere.',
    '',
    optionsTable(root),
    ...commands.flatMap(commandSection),
    '',
  ].join('\n');
}

function commandSection(command: Command): string[] {
  const path = [command.parent?.name(), command.name()].filter(
    (name) => name !== undefined && name !== 'throughline',
  );
  return [
    '',
    `## throughline ${path.join(' ')}`,
    '',
    `${sentence(command.description())}`,
    '',
    `    throughline ${path.join(' ')} ${command.usage()}`,
    '',
    ...command.registeredArguments.map((argument) => `- \`<${argument.name()}>\`: ${argument.description}`),
    ...(command.options.length === 0 ? [] : ['', optionsTable(command)]),
  ];
}

function optionsTable(command: Command): string {
  const rows = command.options.map((option) => {
    const fallback = option.defaultValue === undefined ? '' : ` (default: ${String(option.defaultValue)})`;
    const choices = option.argChoices === undefined ? '' : `: ${option.argChoices.join(', ')}`;
    return `| \`${option.flags}\` | ${option.description}${choices}${fallback} |`;
  });
  return ['| option | what it does |', '|---|---|', ...rows].join('\n');
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
