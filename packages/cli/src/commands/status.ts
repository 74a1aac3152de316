import { count, percentOf, visible } from '@throughline/pages';
import type { Effects } from '../effects.js';
import { type NightRun, readRuns } from '../night/runs.js';
import { type PartnerStanding, standings } from '../night/standing.js';
import type { Project } from '../project/project.js';

const HOUR = 3_600_000;

/** Prints how the last run ended and how each partner stands: a table, or JSON for other programs. */
export async function status(project: Project, asJson: boolean, effects: Effects): Promise<void> {
  const last = (await readRuns(project)).at(-1);
  const partners = await standings(project, effects);
  if (asJson)
    effects.stdout(`${JSON.stringify({ day: project.day, last: last ?? null, partners }, undefined, 2)}\n`);
  else effects.stdout([lastLine(last), '', ...table(partners), ''].join('\n'));
}

function lastLine(last: NightRun | undefined): string {
  if (last === undefined) return 'There has been no run yet.';
  const began = last.started.slice(0, 16).replace('T', ' ');
  const { code = '', partner } = last.failure ?? {};
  const words = {
    running: `has not ended: it is at work as process ${last.process}, or it was killed; the next run completes it`,
    done: 'ended well',
    held: 'ended well, with deliveries held',
    failed: `failed with ${code}${partner === undefined ? '' : ` at ${visible(partner)}`}; the last good state is untouched`,
  };
  return `The run of ${began} UTC ${words[last.status]}.`;
}

const HEAD = ['Partner', 'files', 'age', 'rows', 'change', 'rejected', 'linked', 'status'];

function table(partners: readonly PartnerStanding[]): string[] {
  const rows = [HEAD, ...partners.map(cells)];
  const widths = HEAD.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, at) =>
        at === 0 || at === row.length - 1 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  const matters = partners.filter(({ why }) => why !== '');
  return [...lines, ...(matters.length === 0 ? [] : ['', ...matters.map(matter)])];
}

const matter = ({ partner, light, why }: PartnerStanding): string =>
  `${light}  ${visible(partner)}: ${visible(why)}`;

const cells = ({
  partner,
  light,
  extracts,
  age,
  rows,
  before,
  rejected,
  records,
  linked,
}: PartnerStanding): string[] => [
  visible(partner),
  String(extracts),
  ageWords(age),
  counted(rows),
  changeWords(rows, before),
  counted(rejected),
  records === undefined || linked === undefined ? '-' : percentOf(linked, records),
  light,
];

const counted = (value: number | undefined): string => (value === undefined ? '-' : count(value));

const ageWords = (age: number | undefined): string => {
  if (age === undefined) return 'missing';
  return age < 48 * HOUR ? `${Math.floor(age / HOUR)} h` : `${Math.floor(age / (24 * HOUR))} d`;
};

const changeWords = (rows: number | undefined, before: number | undefined): string => {
  if (rows === undefined || before === undefined) return '-';
  if (rows === before) return 'none';
  const sign = rows > before ? '+' : '-';
  return before === 0 ? `+${count(rows)}` : `${sign}${percentOf(Math.abs(rows - before), before)}`;
};
