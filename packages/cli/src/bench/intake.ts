import { join } from 'node:path';
import {
  exists,
  makePrivateFolder,
  openSession,
  readableFile,
  readText,
  removeFolder,
  type ScratchFile,
  type Session,
  scratchIn,
  sql,
  writeDurably,
} from '@throughline/engine';
import { makeProject } from '../commands/init.js';
import { type Cost, costOf } from './measure-command.js';

const STUDENTS = 20_000;
const ROWS = 2_000_000;
const PIECE = 20_000;

/**
 * Times the intake of 2,000,000 exceptions of attendance as Aspen writes them (Windows-1252, backslash escapes), from the
 * file to the artifact and its log entry, and DuckDB's own reader on the same rows in UTF-8 and RFC 4180, which is all that it does.
 */
export async function benchIntake(place: string, print: (line: string) => void): Promise<void> {
  const pipeline = join(place, 'pipeline.yaml');
  if (!(await exists(pipeline))) {
    await makeProject(place, { students: STUDENTS, seed: 'bench' });
    await writeDurably(
      pipeline,
      (await readText(pipeline)).replace(/^limits: .*$/m, 'limits: { memory: 450MB, threads: 2 }'),
      0o644,
    );
  }
  const inbox = join(place, 'extracts', 'district');
  const ids = await studentsOf(join(inbox, 'students.csv'));
  await removeFolder(join(place, 'state'));
  await costOf(['keys', 'create', pipeline]);
  const plain = join(place, 'plain');
  await writeAbsences({ inbox, plain, ids }, PIECE);
  const base = await costOf(['ingest', pipeline, '--partner', 'district']);
  await writeAbsences({ inbox, plain, ids }, ROWS);
  await removeFolder(join(place, 'state', 'partners'));
  const cost = await costOf(['ingest', pipeline, '--partner', 'district']);
  const reader = await costOfReader(join(plain, 'absences.csv'), place);
  const more = ROWS - PIECE;
  const seconds = cost.seconds - base.seconds;
  const processor = cost.processorSeconds - base.processorSeconds;
  print(
    `intake of ${ROWS.toLocaleString('en-US')} exceptions of attendance, Windows-1252, backslash escapes, ${process.version}`,
  );
  print(
    `whole command with all extracts  ${cost.seconds.toFixed(1)} s, ${cost.processorSeconds.toFixed(1)} s of processor time, peak ${cost.peakMegabytes.toFixed(0)} MB`,
  );
  print(`the same with 20,000             ${base.seconds.toFixed(1)} s`);
  print(
    `the exceptions                   ${seconds.toFixed(1)} s, ${(more / seconds / 1e6).toFixed(2)} M rows/s`,
  );
  print(
    `                                 ${processor.toFixed(1)} s of processor time on all cores, ${(more / processor / 1e6).toFixed(2)} M rows a second of it`,
  );
  print(
    `DuckDB read_csv, UTF-8, to table ${reader.seconds.toFixed(1)} s, ${(ROWS / reader.seconds / 1e6).toFixed(2)} M rows/s; ${reader.processorSeconds.toFixed(1)} s of processor time`,
  );
  print(
    `ratio                            ${(seconds / reader.seconds).toFixed(1)}; of processor time ${(processor / reader.processorSeconds).toFixed(1)}`,
  );
}

/** The export lists the absences of active students only. */
async function studentsOf(path: string): Promise<string[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await readableFile(path, 'roster')).read()) pieces.push(piece);
  const latin = Buffer.concat(pieces).toString('latin1');
  return [...latin.matchAll(/^(?:"\d+"|\\N),"(\d+)","Active"/gm)].map(([, id = '']) => id);
}

const HEADER =
  '"state_id","local_id","absence","tardy","dismissed","reason","excused","comment","event_date","school_local_id"\r\n';

type Written = { readonly inbox: string; readonly plain: string; readonly ids: readonly string[] };

/** The same rows twice: as the system writes them, and in UTF-8 by RFC 4180, since DuckDB takes no `\\N` for nothing. */
async function writeAbsences({ inbox, plain, ids }: Written, rows: number): Promise<void> {
  await removeFolder(plain);
  await makePrivateFolder(plain);
  await removeFolder(join(inbox, 'absences.csv'));
  const files = [scratchIn(inbox).create('absences.csv'), scratchIn(plain).create('absences.csv')] as const;
  await put(files, HEADER);
  const random = sequence(7);
  for (let row = 0; row < rows; row += PIECE) {
    await put(files, Array.from({ length: PIECE }, () => absence(ids, random)).join(''));
  }
  for (const file of files) await file.close();
}

async function put([system, plain]: readonly [ScratchFile, ScratchFile], text: string): Promise<void> {
  await system.write(Uint8Array.from(Buffer.from(text.replaceAll('’', '\u0092'), 'latin1')));
  await plain.write(text.replaceAll('\\N', '').replaceAll('\\"', '""'));
}

/** A linear congruential sequence (Numerical Recipes, 7.1): the same file in every run. */
function sequence(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const FIRST_DAY = Date.UTC(2025, 7, 27);
const DAY = 86_400_000;

function absence(ids: readonly string[], random: (below: number) => number): string {
  const id = ids[random(ids.length)] ?? '';
  const day = new Date(FIRST_DAY + random(290) * DAY).toISOString().slice(0, 10);
  const comment = random(20) === 0 ? '"Mother called: \\"sick\\", l’école"' : '\\N';
  return `"10${id}88","${id}","${random(2)}","${random(2)}","0",${random(3) === 0 ? '\\N' : '"Illness"'},"${random(2)}",${comment},"${day}","0010"\r\n`;
}

async function costOfReader(
  path: string,
  place: string,
): Promise<Pick<Cost, 'seconds' | 'processorSeconds'>> {
  const session: Session = await openSession({
    folders: [join(place, 'plain')],
    spill: join(place, 'spill'),
    memory: '1GB',
    threads: 2,
  });
  const started = performance.now();
  const used = process.cpuUsage();
  await session.make(
    'read',
    'absences',
    sql`SELECT * FROM read_csv(${path}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
      columns = {'state_id': 'VARCHAR', 'local_id': 'VARCHAR', 'absence': 'VARCHAR', 'tardy': 'VARCHAR', 'dismissed': 'VARCHAR',
        'reason': 'VARCHAR', 'excused': 'VARCHAR', 'comment': 'VARCHAR', 'event_date': 'VARCHAR', 'school_local_id': 'VARCHAR'})`,
  );
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(used);
  session.close();
  await removeFolder(join(place, 'spill'));
  return { seconds, processorSeconds: (user + system) / 1e6 };
}
