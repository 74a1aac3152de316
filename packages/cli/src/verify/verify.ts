import { dirname, join, resolve } from 'node:path';
import { parseAllowedSigners } from '@throughline/agreement';
import {
  type ArtifactKind,
  artifactKinds,
  artifactManifest,
  safeName,
  ThroughlineError,
} from '@throughline/core';
import { bytesOfSmall, type ReadArtifact, readArtifact, readText, verifyLog } from '@throughline/engine';
import type { VerifyArtifactOptions } from '../command-line/verify.js';
import type { Effects } from '../effects.js';
import { readVerifierKey } from '../keys/verifier-key.js';
import { type Chain, chainOf } from './chain.js';
import { type JudgedDocument, judgeDocuments, readDocumentsOf } from './documents.js';

/**
 * Walks from a released file, or any artifact, to the log entries, the agreements and the signatures that it rests
 * on. Nothing is asked of anybody: the folder, its evidence and public keys are enough.
 *
 * @throws ThroughlineError ARTIFACT_*, LOG_*, EVIDENCE_LACKING at the first thing that does not follow.
 */
export async function verifyArtifact(
  place: string,
  options: VerifyArtifactOptions,
  { workingFolder, stdout }: Effects,
): Promise<void> {
  const at = (path: string) => resolve(workingFolder, path);
  const folder = at(place);
  const evidence = options.evidence === undefined ? join(dirname(folder), 'evidence') : at(options.evidence);
  const artifact = await anyArtifact(folder);
  const key = await readVerifierKey(at(options.vkey));
  const older = options.against === undefined ? undefined : await checkpointIn(at(options.against));
  const log = join(evidence, 'log');
  const proved = await verifyLog(log, key, older);
  const chain = await chainOf({ log, key, artifact });
  const signers =
    options.signers === undefined
      ? undefined
      : parseAllowedSigners({ file: safeName('signers'), text: await readText(at(options.signers)) });
  const documents = judgeDocuments(await readDocumentsOf(join(evidence, 'documents')), { chain, signers });
  for (const line of [
    ...artifactLines(artifact),
    ...chainLines(chain),
    ...documentLines(documents),
    ...logLines(key.name, proved),
    ...limitLines({ older: older !== undefined, signers: signers !== undefined, documents }),
  ])
    stdout(`${line}\n`);
}

const LARGEST_MANIFEST = 64 * 1024 ** 2;

/** The artifact in a folder, of whatever kind, with every file as its manifest says. */
async function anyArtifact(folder: string): Promise<ReadArtifact> {
  const name = safeName('manifest.json');
  const refusal = { missing: 'ARTIFACT_MISSING', refused: 'ARTIFACT_ALTERED', name } as const;
  const bytes = await bytesOfSmall(join(folder, 'manifest.json'), refusal, LARGEST_MANIFEST);
  const kind = kindIn(new TextDecoder().decode(bytes));
  if (kind === undefined) throw new ThroughlineError('ARTIFACT_SCHEMA', { name });
  return readArtifact(folder, kind);
}

function kindIn(text: string): ArtifactKind | undefined {
  try {
    const parsed = artifactManifest.safeParse(JSON.parse(text));
    return parsed.success ? artifactKinds.find((kind) => kind === parsed.data.kind) : undefined;
  } catch {
    return undefined;
  }
}

async function checkpointIn(path: string): Promise<Uint8Array> {
  const name = safeName('older checkpoint');
  return bytesOfSmall(path, { missing: 'CONFIG_UNREADABLE', refused: 'CONFIG_UNREADABLE', name }, 1024 ** 2);
}

const SHOWN = 12;

const artifactLines = ({ kind, of, sha256, manifest }: ReadArtifact): string[] => [
  `proved of the ${kind} of ${safeName(of)}, sha256 ${sha256}${manifest.synthetic ? ' (of made-up people)' : ''}`,
  `  files        ${manifest.tables.length + manifest.files.length} files are as the manifest says, byte by byte`,
];

function chainLines({ steps, came, extracts }: Chain): string[] {
  return [
    `  made by      ${steps.length} steps, each an entry of the log that names what it read by hash:`,
    ...steps.map(
      ({ index, entry }) =>
        `               ${index} ${entry.at.slice(0, 10)} ${safeName(entry.stage)} ${safeName(entry.of)} ${entry.outputs
          .map(({ kind, manifest }) => `${safeName(kind)} ${manifest.slice(0, SHOWN)}`)
          .join(', ')}`,
    ),
    ...came.map(
      ({ index, from, kind, sha256 }) =>
        `               ${index} in a parcel of ${safeName(from)}, whose own log goes on: ${safeName(kind)} ${sha256.slice(0, SHOWN)}`,
    ),
    `  out of       ${extracts.length} extracts, by hash; the files themselves stay with their owners`,
  ];
}

const documentLines = (documents: readonly JudgedDocument[]): string[] => [
  `  allowed by   ${documents.length} documents, each the very bytes that the log names:`,
  ...documents.map(
    ({ kind, id, version, sha256, signatures, principals }) =>
      `               ${safeName(kind)} ${safeName(id)} version ${version} ${sha256.slice(0, SHOWN)}, ${signatures} signatures${principals.length === 0 ? '' : `: ${principals.map(safeName).join(', ')}`}`,
  ),
];

type Proved = Awaited<ReturnType<typeof verifyLog>>;

const logLines = (name: string, { head, older }: Proved): string[] => [
  `  in the log   ${safeName(name)}: ${head.size} entries under one signed root, all of them hashed`,
  ...(older === undefined
    ? []
    : [`  only grown   the first ${older.size} entries are those of the older checkpoint`]),
];

type Limits = {
  readonly older: boolean;
  readonly signers: boolean;
  readonly documents: readonly JudgedDocument[];
};

function limitLines({ older, signers, documents }: Limits): string[] {
  const unsigned = documents.filter(({ signatures }) => signatures === 0).length;
  return [
    'not proved',
    ...(signers
      ? []
      : ['  who signed: give --signers, the public keys that you know, to check the signatures']),
    ...(signers && unsigned > 0
      ? [`  ${unsigned} documents have no signature of a key: they stand on paper, or without`]
      : []),
    ...(older
      ? []
      : ['  that no past was rewritten: give --against, an older checkpoint that somebody else holds']),
    '  that what was delivered was true, and that the software which is named did the work',
  ];
}
