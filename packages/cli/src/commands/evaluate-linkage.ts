import { basename, dirname, join, resolve } from 'node:path';
import { parseYaml } from '@throughline/agreement';
import {
  type Encoding,
  evaluateLinkage,
  evaluationConfig,
  readSource,
  type Source,
} from '@throughline/assess';
import { safeName, ThroughlineError } from '@throughline/core';
import {
  bytesOf,
  freshKey,
  makePrivateFolder,
  openSession,
  readText,
  removeFolder,
  writeDurably,
} from '@throughline/engine';
import { type Parameters, parametersSchema } from '@throughline/link';
import type { Effects } from '../effects.js';

export type EvaluateLinkageOptions = {
  readonly out: string;
  readonly encoding: Encoding;
  readonly seed: string;
  /** A file of parameters, to be used as they are. */
  readonly parameters?: string;
};

/**
 * Encodes, links and judges any CSV files with a column of truth; writes `result.json` and prints it.
 *
 * @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID, EXTRACT_MISSING, EXTRACT_REFUSED, ENCODING_BROKEN,
 *   EXTRACT_TRUNCATED, HEADER_MISSING_COLUMN, COVERAGE_GAP.
 */
export async function evaluateLinkageCommand(
  path: string,
  { out, encoding, seed, parameters }: EvaluateLinkageOptions,
  effects: Effects,
): Promise<void> {
  const place = resolve(effects.workingFolder, path);
  const config = parseYaml(
    { file: safeName(basename(place)), text: await readText(place) },
    evaluationConfig,
  );
  const fixed =
    parameters === undefined
      ? {}
      : { parameters: await readParameters(resolve(effects.workingFolder, parameters)) };
  const sources: Source[] = [];
  for (const source of config.sources) {
    sources.push(await readSource(source, await csvText(resolve(dirname(place), source.path))));
  }
  const started = effects.elapsed();
  const folder = resolve(effects.workingFolder, out);
  await makePrivateFolder(folder);
  const spill = join(folder, 'spill');
  const session = await openSession({ folders: [folder], spill, memory: '2GB', threads: 2 });
  const { evaluation, parameters: model } = await evaluateLinkage(config, sources, {
    ...fixed,
    encoding,
    session,
    effects: { elapsed: effects.elapsed, randomKey: freshKey, seed },
  }).finally(() => session.close());
  await removeFolder(spill);
  const result = {
    ...evaluation,
    seconds: { ...evaluation.seconds, all: (effects.elapsed() - started) / 1000 },
    peak_mb: Math.round(effects.peakBytes() / 1e6),
  };
  const text = `${JSON.stringify(result, undefined, 2)}\n`;
  await writeDurably(join(folder, 'result.json'), text, 0o644);
  if (model !== null) {
    await writeDurably(join(folder, 'parameters.json'), `${JSON.stringify(model, undefined, 2)}\n`, 0o644);
  }
  effects.stdout(text);
}

/** @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID */
const readParameters = async (path: string): Promise<Parameters> =>
  parseYaml({ file: safeName(basename(path)), text: await readText(path) }, parametersSchema);

/** The largest file that is read at once, in bytes. */
const LARGEST = 500 * 1024 ** 2;

async function csvText(path: string): Promise<string> {
  const name = safeName(basename(path));
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of bytesOf(path, { missing: 'EXTRACT_MISSING', refused: 'EXTRACT_REFUSED', name })) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > LARGEST) throw new ThroughlineError('EXTRACT_REFUSED', { name, largest: LARGEST });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces));
  } catch {
    throw new ThroughlineError('ENCODING_BROKEN', { extract: name, encoding: safeName('utf-8') });
  }
}
