// Appends an entry in a process of its own and kills it, with SIGKILL, before the n-th file is renamed into place.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const [folder, moment] = process.argv.slice(2);
let left = Number(moment);

const rename = fs.promises.rename;
fs.promises.rename = (from, to) => {
  left -= 1;
  if (left < 0) process.kill(process.pid, 'SIGKILL');
  return rename(from, to);
};
syncBuiltinESMExports();

const { appendToLog } = await import('../../dist/log/append.js');
const { logPlace, madeEntry } = await import('../../dist/log/log.fixture.js');

await appendToLog(logPlace(folder), madeEntry(1000 + Number(moment)), process.getuid?.());
