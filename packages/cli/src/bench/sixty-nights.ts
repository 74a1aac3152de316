import { join } from 'node:path';
import { copyFolder, readText, removeFolder, writeDurably } from '@throughline/engine';
import { makeProject } from '../commands/init.js';
import type { processEffects } from '../effects.js';
import { runCommand } from '../run-command.js';
import { shorter } from './short-night.js';
import { deliver, eventsOf, publishedBy, publishOnce, saveNight, troubledNight } from './troubled-nights.js';
import { type Ended, type TroubledCity, troubles } from './troubles.js';

const A_TROUBLE_EVERY = 3;

/** How large the city is, and for how many nights it is run; sixty unless somebody is in a hurry. */
export type Simulation = { readonly students: number; readonly nights: number };

type Print = (line: string) => void;

/** Runs a command in this process and keeps what it says. */
async function command(...words: string[]): Promise<Ended> {
  let said = '';
  const say = (text: string) => {
    said += text;
  };
  const around = (effects: Awaited<ReturnType<typeof processEffects>>) => ({ ...effects, stdout: say });
  const status = await runCommand({
    args: ['--log', 'none', ...words],
    environment: {},
    stderr: say,
    around,
  });
  return { status, said };
}

/**
 * Nights of a made-up city with a short list of measures, each with some more events, twice: undisturbed, and with a
 * trouble in every third night. Says in which nights what would be published differs.
 */
export async function benchSixtyNights(
  place: string,
  { students, nights }: Simulation,
  print: Print,
): Promise<void> {
  const steady = await newCity(join(place, 'steady'), students);
  const whole = await eventsOf(steady.folder);
  await firstNight(steady, whole, nights);
  const shaken = await copyOf(steady, join(place, 'shaken'));
  const complaints: string[] = [];
  let troubled = 0;
  for (let night = 1; night <= nights; night += 1) {
    for (const city of [steady, shaken]) {
      await onNight(city, night);
      await deliver(city.folder, whole, { night, nights });
    }
    const undisturbed = await command('run', steady.pipeline);
    if (undisturbed.status !== 0)
      complaints.push(`night ${night}: the undisturbed run ended with ${undisturbed.status}`);
    const trouble =
      night > 1 && night % A_TROUBLE_EVERY === 0 ? troubles[troubled % troubles.length] : undefined;
    if (trouble !== undefined) troubled += 1;
    const complaint = trouble === undefined ? await quietNight(shaken) : await troubledNight(shaken, trouble);
    for (const each of [complaint, await saveNight(shaken), await differenceOf(steady, shaken)])
      if (each !== undefined) complaints.push(`night ${night}: ${each}`);
  }
  print(
    `${nights} nights of a city of ${students} students, ${troubled} of them with a trouble (${troubles.length} kinds)`,
  );
  print(
    `  nights in which a measure or the release differs from that of the undisturbed run: ${complaints.filter((each) => /differs/.test(each)).length}`,
  );
  print(`  complaints: ${complaints.length}`);
  for (const complaint of complaints) print(`    ${complaint}`);
}

/** A first run of the first night, after which the city publishes: what is out must stand through all of them. */
async function firstNight(city: TroubledCity, whole: string, nights: number): Promise<void> {
  await onNight(city, 1);
  await deliver(city.folder, whole, { night: 1, nights });
  const { status, said } = await command('run', city.pipeline);
  if (status !== 0) throw new Error(said);
  await publishOnce(city);
}

async function quietNight(city: TroubledCity): Promise<string | undefined> {
  const { status, said } = await command('run', city.pipeline);
  return status === 0 ? undefined : `a quiet night ended with ${status}: ${said.split('\n')[0]}`;
}

async function differenceOf(one: TroubledCity, other: TroubledCity): Promise<string | undefined> {
  const [expected, found] = [await publishedBy(one.folder), await publishedBy(other.folder)];
  const names = Object.keys({ ...expected, ...found });
  const differing = names.filter((name) => expected[name] !== found[name]);
  return differing.length === 0 ? undefined : `differs in ${differing.join(', ')}`;
}

const cityIn = (folder: string): TroubledCity => ({
  folder,
  pipeline: join(folder, 'pipeline.yaml'),
  saved: `${folder}-saved`,
  command,
});

const FIRST_NIGHT = Date.UTC(2026, 5, 16);
const DAY = 86_400_000;

/** A night is another day: a partner may deliver a few times on each. */
async function onNight({ pipeline }: TroubledCity, night: number): Promise<void> {
  const day = new Date(FIRST_NIGHT + (night - 1) * DAY).toISOString().slice(0, 10);
  await writeDurably(pipeline, (await readText(pipeline)).replace(/^clock: \S+/m, `clock: ${day}`), 0o644);
}

async function newCity(folder: string, students: number): Promise<TroubledCity> {
  await removeFolder(folder);
  await makeProject(folder, { students, seed: '7' });
  const city = cityIn(folder);
  await writeDurably(city.pipeline, shorter(await readText(city.pipeline)), 0o644);
  const { status, said } = await command('keys', 'create', city.pipeline);
  if (status !== 0) throw new Error(said);
  return city;
}

/** The same city with the same keys. */
async function copyOf({ folder: from }: TroubledCity, folder: string): Promise<TroubledCity> {
  const city = cityIn(folder);
  for (const old of [folder, city.saved]) await removeFolder(old);
  await copyFolder(from, folder);
  return city;
}
