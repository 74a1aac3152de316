import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Column } from './hierarchies.js';
import type { Row } from './rows.js';

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../../../fixtures/disclosure/adult/${name}`, import.meta.url));

/** UCI Adult with the hierarchies of ARX. Columns in the order of the file; nothing is sensitive. */
export function readAdult(): { readonly columns: readonly Column[]; readonly rows: readonly Row[] } {
  const [header = '', ...lines] = gunzipSync(fixture('adult.csv.gz')).toString('utf8').trim().split(/\r?\n/);
  const columns = header.split(';').map((name): Column => {
    const levels = fixture(`${name}.csv`)
      .toString('utf8')
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(';'));
    return { name, hierarchy: new Map(levels.map((steps) => [steps[0] ?? '', steps])) };
  });
  return { columns, rows: lines.map((line) => ({ keys: line.split(';'), sensitive: [] })) };
}
