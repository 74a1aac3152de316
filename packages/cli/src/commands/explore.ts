import { basename, resolve } from 'node:path';
import { openRelease, type Release, respond, serve, serverLinks, writeSite } from '@throughline/explore';
import type { ExploreOptions } from '../command-line/explore.js';
import type { Effects } from '../effects.js';

/** Enough for a group-by over millions of cells, and no more than a small machine has to spare. */
const LIMITS = { memory: '512MB', threads: 2 };

/**
 * Serves a release folder to the browsers of this machine until it is stopped, or writes it as a site.
 *
 * @throws ThroughlineError ARTIFACT_*, DATABASE_FAILED, PORT_TAKEN, OUTPUT_EXISTS, OUTPUT_UNWRITABLE
 */
export async function explore(folder: string, options: ExploreOptions, effects: Effects): Promise<void> {
  const place = (path: string) => resolve(effects.workingFolder, path);
  const earlier: Release[] = [];
  for (const each of options.earlier ?? []) earlier.push(await openRelease(place(each), LIMITS));
  const release = await openRelease(place(folder), LIMITS);
  if (options.static !== undefined) {
    const pages = await writeSite({ release, earlier }, place(options.static));
    for (const { database } of [release, ...earlier]) database.close();
    effects.stdout(`Wrote ${pages} pages. Begin with ${basename(options.static)}/index.html\n`);
    return;
  }
  const site = { release, earlier, links: serverLinks };
  const allowance = { rows: options.rows, ms: 1000 * options.timeLimit };
  const { address } = await serve((asked) => respond({ site, allowance }, asked), { port: options.port });
  effects.stdout(
    `The release of ${release.day}: ${address}\nOnly this machine can reach it. Ctrl+C ends it.\n`,
  );
}
