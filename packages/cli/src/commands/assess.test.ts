import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { millbrook, type Told, told } from '../e2e/night.fixture.js';
import { readPage, withTag } from '../report/markup-reader.fixture.js';

let folder: string;
let pipeline: string;
let own: Told;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await millbrook();
  pipeline = at('pipeline.yaml');
  await told(['ingest', pipeline, '--partner', 'district']);
  own = await told(['assess', 'encoding', pipeline, '--partner', 'district', '--quick', '--out', at('own')]);
});
afterAll(() => rm(folder, { recursive: true }));

type Assessment = {
  readonly kind: string;
  readonly verdict: string;
  readonly effort: { readonly children: number; readonly seeds: readonly number[] };
  readonly findings: readonly {
    readonly attack: string;
    readonly passes: boolean | null;
    readonly gate: { readonly control: boolean } | null;
  }[];
};
const assessment = async (): Promise<Assessment> =>
  JSON.parse(await readFile(at('own/encoding.json'), 'utf8'));

describe("assess encoding on an owner's own identifiers", () => {
  it('attacks the records of the owner, and every control breaks', async () => {
    const { kind, effort, findings } = await assessment();
    expect(kind).toBe('encoding-assessment');
    expect(effort.children).toBeGreaterThan(2_000);
    const controls = findings.filter(({ gate }) => gate?.control === true);
    expect(controls.length).toBeGreaterThan(5);
    expect(controls.filter(({ passes }) => passes !== true)).toEqual([]);
  });

  it('prints what it writes, and exits as the verdict says', async () => {
    const { verdict, findings } = await assessment();
    const lines = own.stdout.trim().split('\n');
    expect(lines.at(-1)).toBe(verdict);
    expect(lines.filter((line) => line.includes('; '))).toHaveLength(findings.length);
    expect(own.exitCode).toBe(verdict === 'pass' ? 0 : 14);
  });

  it('writes a page that is well formed, loads nothing, and has a row for each finding', async () => {
    const html = await readFile(at('own/encoding.html'), 'utf8');
    const page = readPage(html);
    expect(withTag(page, 'script')).toEqual([]);
    const { findings } = await assessment();
    expect(withTag(page, 'tr').length).toBeGreaterThan(findings.length);
    expect((await stat(at('own/encoding.html'))).mode & 0o777).toBe(0o600);
  });

  it('holds no name of a child, in any file and in nothing that it prints', async () => {
    const { openSession, readArtifact, sql } = await import('@throughline/engine');
    const identifiers = await readArtifact(at('state/partners/district/identifiers'), 'identifiers');
    const session = await openSession({
      folders: [at('state')],
      spill: at('spill'),
      memory: '200MB',
      threads: 1,
    });
    const names = await session.rows(
      'names',
      sql`SELECT DISTINCT last FROM ${identifiers.table('identifiers')} WHERE length(last) > 4`,
    );
    session.close();
    const told = [
      own.stdout,
      own.stderr,
      await readFile(at('own/encoding.json'), 'utf8'),
      await readFile(at('own/encoding.html'), 'utf8'),
    ].join('\n');
    expect(names.length).toBeGreaterThan(500);
    expect(names.filter(({ last }) => told.includes(String(last)))).toEqual([]);
  });

  it.each<[string, readonly string[], number]>([
    ['a partner that there is not', ['--partner', 'nobody'], 2],
    ['a partner that has taken nothing in', ['--partner', 'city'], 11],
  ])('refuses %s', async (_, more, exitCode) => {
    const refused = await told(['assess', 'encoding', pipeline, ...more, '--quick', '--out', at('none')]);
    expect(refused.exitCode).toBe(exitCode);
    await expect(stat(at('none'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
