import {
  approvedManifest,
  fingerprintOf,
  readDocuments,
  signatureJudge,
  termsOf,
} from '@throughline/agreement';
import { ThroughlineError } from '@throughline/core';
import { describe, expect, it } from 'vitest';
import { primitives } from '../crypto/primitives.js';
import {
  dsa,
  emou,
  type Fields,
  fileOf,
  hashOf,
  keyOf,
  manifest,
  member,
  person,
  type SignedDocument,
  signature,
  signed,
  signedDsa,
  signedEmou,
  signedManifest,
  textOf,
} from './signed-documents.fixture.js';

const DAY = '2026-06-16';
const judge = signatureJudge(primitives);

const refusalOf = (work: () => unknown): { code: string; details: object } => {
  try {
    work();
    return { code: 'none', details: {} };
  } catch (thrown) {
    if (thrown instanceof ThroughlineError) return { code: thrown.code, details: thrown.details };
    throw thrown;
  }
};

/** What a stage would be told that works under all of the documents on a day. */
const refusal = (documents: readonly SignedDocument[], day = DAY) =>
  refusalOf(() => {
    const set = readDocuments(documents.map(fileOf), { day, judge });
    termsOf(set, 'school', { day, use: 'linkage' });
    approvedManifest(set, 'school-days', day);
  });
const codeOf = (...documents: readonly SignedDocument[]): string => refusal(documents).code;

const others = {
  emou: [signedDsa, signedManifest],
  dsa: [signedEmou, signedManifest],
  manifest: [signedEmou, signedDsa],
};

/** A document whose signatures are over other bytes. */
const altered = (fields: Fields, { signatures }: SignedDocument): SignedDocument => ({ fields, signatures });
const withSignatures = (
  document: SignedDocument,
  ...signatures: SignedDocument['signatures']
): SignedDocument => ({
  fields: document.fields,
  signatures,
});

const expiredKey = { valid_from: '2025-01-01', valid_until: '2026-06-15' };
const laterKey = { valid_from: '2026-06-17', valid_until: '2030-12-31' };
const emouWith = (approvers: readonly object[]) => signed({ ...emou, approvers }, 'ann', 'ben', 'cat');
const replaced = (...changed: readonly { person: string }[]) =>
  emou.approvers.map((each) => changed.find((other) => other.person === each.person) ?? each);

describe('documents that everybody needed has signed', () => {
  it('stand, to the last day', () => {
    expect(codeOf(signedEmou, signedDsa, signedManifest)).toBe('none');
    expect(refusal([signedEmou, signedDsa, signedManifest], '2027-06-30').code).toBe('none');
  });

  it('say who approved them, each by the hash of the signature', () => {
    const { manifests } = readDocuments([signedEmou, signedDsa, signedManifest].map(fileOf), {
      day: DAY,
      judge,
    });
    expect(manifests[0]?.standing).toEqual({
      approvals: [
        { person: 'eve', party: 'school', by: 'signature', sha256: signedManifest.signatures[0]?.sha256 },
        { person: 'fay', party: 'school', by: 'signature', sha256: signedManifest.signatures[1]?.sha256 },
      ],
    });
  });
});

/** Each weakens one thing, and must be refused with the code. */
const mutations: readonly [what: string, code: string, documents: readonly SignedDocument[]][] = [
  ['no signature at all', 'DOCUMENT_NOT_APPROVED', [...others.manifest, withSignatures(signedManifest)]],
  ['one signature of two', 'QUORUM_SHORT', [...others.manifest, signed(manifest, 'eve')]],
  ['the same signature twice', 'QUORUM_SHORT', [...others.manifest, signed(manifest, 'eve', 'eve')]],
  [
    'two keys of one person',
    'QUORUM_SHORT',
    [
      signedEmou,
      signed(
        {
          ...dsa,
          approvers: [
            { ...person('eve'), keys: [...person('eve').keys, ...person('eve', 'eve2').keys] },
            person('fay'),
          ],
        },
        'ann',
        'cat',
      ),
      signed(manifest, 'eve', 'eve2'),
    ],
  ],
  [
    'a signature by a key that nobody names',
    'QUORUM_SHORT',
    [...others.manifest, signed(manifest, 'eve', 'mallory')],
  ],
  [
    'approvers of other kinds only',
    'DOCUMENT_NOT_APPROVED',
    [...others.manifest, signed(manifest, 'ann', 'cat')],
  ],
  [
    'one byte of the manifest',
    'DOCUMENT_NOT_APPROVED',
    [...others.manifest, altered({ ...manifest, title: 'Calendar of the schooL' }, signedManifest)],
  ],
  [
    'one byte of the agreement',
    'DOCUMENT_NOT_APPROVED',
    [...others.dsa, altered({ ...dsa, title: 'Agreement of the schooL' }, signedDsa)],
  ],
  [
    'one byte of the memorandum',
    'DOCUMENT_NOT_APPROVED',
    [...others.emou, altered({ ...emou, title: 'MemoranduM' }, signedEmou)],
  ],
  [
    'the threshold lowered by hand',
    'DOCUMENT_NOT_APPROVED',
    [...others.dsa, altered({ ...dsa, thresholds: { min_cell: 3 } }, signedDsa)],
  ],
  [
    'the quorum lowered by hand',
    'DOCUMENT_NOT_APPROVED',
    [...others.emou, altered({ ...emou, quorums: { ...emou.quorums, emou: { at_least: 1 } } }, signedEmou)],
  ],
  [
    'the quorum lowered by one person',
    'DOCUMENT_NOT_APPROVED',
    [signedEmou, altered({ ...dsa, quorum: { at_least: 1 } }, signedDsa), signed(manifest, 'eve')],
  ],
  [
    'an approver’s key swapped by hand',
    'DOCUMENT_NOT_APPROVED',
    [
      ...others.emou,
      altered({ ...emou, approvers: replaced(member('ann', 'school', 'mallory')) }, signedEmou),
    ],
  ],
  [
    'a key swapped, and signed with by whoever swapped it',
    'QUORUM_SHORT',
    [...others.emou, signed({ ...emou, approvers: replaced(member('ann', 'school', 'mallory')) }, 'mallory')],
  ],
  [
    'signatures in another namespace',
    'DOCUMENT_NOT_APPROVED',
    [
      ...others.manifest,
      withSignatures(
        signedManifest,
        signature(textOf(manifest), 'eve', 'git'),
        signature(textOf(manifest), 'fay', 'file'),
      ),
    ],
  ],
  [
    'one signature in another namespace',
    'QUORUM_SHORT',
    [
      ...others.manifest,
      withSignatures(
        signedManifest,
        signature(textOf(manifest), 'eve'),
        signature(textOf(manifest), 'fay', 'file'),
      ),
    ],
  ],
  [
    'signatures of another document',
    'DOCUMENT_NOT_APPROVED',
    [
      ...others.manifest,
      withSignatures(signedManifest, ...signed({ ...manifest, id: 'school-other' }, 'eve', 'fay').signatures),
    ],
  ],
  [
    'a key past its days',
    'QUORUM_SHORT',
    [...others.emou, emouWith(replaced(member('ann', 'school', 'ann', expiredKey)))],
  ],
  [
    'a key before its days',
    'QUORUM_SHORT',
    [...others.emou, emouWith(replaced(member('ann', 'school', 'ann', laterKey)))],
  ],
  ['nobody of the owner', 'QUORUM_SHORT', [...others.dsa, signed(dsa, 'cat', 'dan')]],
  [
    'a text in place of a signature',
    'DOCUMENT_NOT_APPROVED',
    [
      ...others.manifest,
      withSignatures(signedManifest, {
        armored: 'I agree.',
        sha256: signedManifest.signatures[0]?.sha256 ?? ('' as never),
      }),
    ],
  ],
  ['no agreement that names approvers', 'DOCUMENT_MISSING', [signedEmou, signedManifest]],
  ['no memorandum that names approvers', 'DOCUMENT_MISSING', [signedDsa, signedManifest]],
  [
    'a last day that has passed',
    'AGREEMENT_EXPIRED',
    [...others.manifest, signed({ ...manifest, expires: '2026-06-15' }, 'eve', 'fay')],
  ],
  [
    'a first day to come',
    'AGREEMENT_NOT_IN_FORCE',
    [...others.dsa, signed({ ...dsa, effective: '2026-06-17' }, 'ann', 'cat')],
  ],
  [
    'a document that calls itself revoked',
    'AGREEMENT_REVOKED',
    [...others.dsa, signed({ ...dsa, status: 'revoked' }, 'ann', 'cat')],
  ],
];

describe('a rule that is weakened', () => {
  it.each(mutations)('%s', (_, code, documents) => {
    expect(refusal(documents).code).toBe(code);
  });

  it('is told with the clause: how many, how many of the owner, and why signatures do not count', () => {
    expect(refusal([...others.dsa, signed(dsa, 'cat', 'mallory')])).toEqual({
      code: 'QUORUM_SHORT',
      details: {
        document: 'dsa-school',
        version: 1,
        file: 'dsa-dsa-school-1.yaml',
        approved_by: 1,
        needed: 2,
        of: 'school',
        approved_by_owner: 0,
        needed_of_owner: 1,
        signatures_refused: ['unknown-key'],
      },
    });
  });

  it('refuses one key of two people, in one document and across two', () => {
    const twice = { ...dsa, approvers: [person('eve'), person('fay', 'eve')] };
    expect(codeOf(signedEmou, signed(twice, 'ann', 'cat'), signedManifest)).toBe('CONFIG_INVALID');
  });
});

describe('an anchor', () => {
  const second: Fields = { ...emou, version: 2, effective: '2026-01-01', supersedes: hashOf(emou) };
  const codeUnder = (sha256: string, ...memoranda: readonly SignedDocument[]) =>
    refusalOf(() => {
      const anchored = signatureJudge(primitives, { id: 'emou-a', sha256 });
      const files = [...memoranda, signedDsa, signedManifest].map(fileOf);
      termsOf(readDocuments(files, { day: DAY, judge: anchored }), 'school', { day: DAY, use: 'linkage' });
    }).code;

  it('lets only that memorandum stand, and what follows from it', () => {
    expect(codeUnder(hashOf(emou), signedEmou)).toBe('none');
    expect(codeUnder(hashOf(emou), signedEmou, signed(second, 'ann', 'ben', 'cat'))).toBe('none');
  });

  it('refuses one that somebody made up whole, however well it is signed', () => {
    const people = ['mal', 'mel', 'mil'].map((name) => member(name, 'school'));
    const made = { ...emou, approvers: people };
    expect(codeOf(signed(made, 'mal', 'mel', 'mil'), signed(dsa, 'mal', 'mel'), signedManifest)).toBe('none');
    expect(codeUnder(hashOf(emou), signed(made, 'mal', 'mel', 'mil'))).toBe('DOCUMENT_NOT_APPROVED');
    const after = signed({ ...second, supersedes: hashOf(made) }, 'mal', 'mel', 'mil', 'ann', 'ben', 'cat');
    expect(codeUnder(hashOf(emou), signed(made, 'mal', 'mel', 'mil'), after)).toBe('VERSION_UNCHAINED');
  });
});

describe('a later version', () => {
  const next = (over: Fields = {}): Fields => ({
    ...dsa,
    version: 2,
    effective: '2026-06-01',
    supersedes: hashOf(dsa),
    ...over,
  });
  const code = (document: SignedDocument, ...rest: readonly SignedDocument[]) =>
    codeOf(signedEmou, signedManifest, signedDsa, document, ...rest);

  it('stands from its first day, and the one before until then', () => {
    expect(code(signed(next(), 'ann', 'cat'))).toBe('none');
    const later = signed(next({ effective: '2026-07-01', permitted_uses: ['public-release'] }), 'ann', 'cat');
    expect(code(later)).toBe('none');
    const day = refusal([signedEmou, signedManifest, signedDsa, later], '2026-07-01');
    expect(day.code).toBe('USE_NOT_PERMITTED');
  });

  it.each([
    ['is not signed', withSignatures(signed(next())), 'DOCUMENT_NOT_APPROVED'],
    ['has the signatures of the one before', altered(next(), signedDsa), 'DOCUMENT_NOT_APPROVED'],
    ['names no version before', signed(next({ supersedes: undefined }), 'ann', 'cat'), 'VERSION_UNCHAINED'],
    ['names other bytes', signed(next({ supersedes: hashOf(manifest) }), 'ann', 'cat'), 'VERSION_UNCHAINED'],
    ['skips a version', signed(next({ version: 3 }), 'ann', 'cat'), 'VERSION_UNCHAINED'],
    [
      'begins before the one before',
      signed(next({ effective: '2025-06-30' }), 'ann', 'cat'),
      'VERSION_UNCHAINED',
    ],
  ])('that %s', (_, document, expected) => {
    expect(code(document)).toBe(expected);
  });

  it('follows nothing if the one before was taken away or was not approved', () => {
    const second = signed(next(), 'ann', 'cat');
    expect(codeOf(signedEmou, signedManifest, second)).toBe('VERSION_UNCHAINED');
    expect(codeOf(signedEmou, signedManifest, signed(dsa, 'cat'), second)).toBe('VERSION_UNCHAINED');
  });

  it('of the memorandum needs the quorum of the one before as well as its own', () => {
    const people = [
      member('gus', 'school'),
      member('hal', 'school'),
      member('ivy', 'clinic'),
      member('ann', 'school'),
    ];
    const changed: Fields = { ...emou, version: 2, supersedes: hashOf(emou), approvers: people };
    const rest = [signedEmou, signed(dsa, 'ann', 'cat', 'ivy'), signedManifest];
    expect(codeOf(...rest, signed(changed, 'gus', 'hal', 'ivy'))).toBe('VERSION_UNCHAINED');
    expect(codeOf(...rest, signed(changed, 'ann', 'ben', 'cat'))).toBe('QUORUM_SHORT');
    expect(codeOf(...rest, signed(changed, 'gus', 'hal', 'ivy', 'ann', 'ben', 'cat'))).toBe('none');
  });

  it('needs keys of the one before that counted on its last day, not today', () => {
    const ended = { valid_from: '2025-01-01', valid_until: '2025-12-31' };
    const old = ['ann', 'ben', 'cat'].map((name) =>
      member(name, name === 'cat' ? 'clinic' : 'school', name, ended),
    );
    const first = { ...emou, approvers: old };
    const second = { ...emou, version: 2, supersedes: hashOf(first), effective: '2026-01-01' };
    const chain = [signed(first, 'ann', 'ben', 'cat'), signed(second, 'ann', 'ben', 'cat')];
    expect(codeOf(...chain, signedDsa, signedManifest)).toBe('none');
    const third = { ...second, effective: '2026-01-02' };
    const late = [signed(first, 'ann', 'ben', 'cat'), signed(third, 'ann', 'ben', 'cat')];
    expect(codeOf(...late, signedDsa, signedManifest)).toBe('VERSION_UNCHAINED');
  });
});

describe('a revocation', () => {
  const revocation = (revokes: Fields, over: Fields = {}): Fields => ({
    kind: 'revocation',
    id: 'revocation-a',
    version: 1,
    revokes,
    from: '2026-06-16',
    reason: 'The school has decided to leave.',
    ...over,
  });
  const ofDsa = revocation({ kind: 'dsa', document: 'dsa-school', version: 1 });
  const ofManifest = revocation({ kind: 'manifest', document: 'school-days', version: 1 });
  const ofEmou = revocation({ kind: 'emou', document: 'emou-a', version: 1 });
  const all = [signedEmou, signedDsa, signedManifest];

  it.each([
    ['an agreement, by one of its owner', signed(ofDsa, 'ben'), 'AGREEMENT_REVOKED'],
    ['an agreement, by another party', signed(ofDsa, 'cat', 'dan'), 'DOCUMENT_NOT_APPROVED'],
    ['an agreement, by nobody', signed(ofDsa), 'DOCUMENT_NOT_APPROVED'],
    ['a manifest, by one of its approvers', signed(ofManifest, 'fay'), 'AGREEMENT_REVOKED'],
    ['a manifest, by a signatory of its owner', signed(ofManifest, 'ann'), 'AGREEMENT_REVOKED'],
    ['a memorandum, by its quorum', signed(ofEmou, 'ben', 'cat', 'dan'), 'AGREEMENT_REVOKED'],
    ['a memorandum, by fewer', signed(ofEmou, 'ben', 'cat'), 'QUORUM_SHORT'],
  ])('of %s', (_, document, code) => {
    expect(codeOf(...all, document)).toBe(code);
  });

  it('counts from its day, for its version and the ones before', () => {
    expect(refusal([...all, signed(ofDsa, 'ann')], '2026-06-15').code).toBe('none');
    const second = { ...dsa, version: 2, effective: '2026-06-10', supersedes: hashOf(dsa) };
    expect(codeOf(...all, signed(ofDsa, 'ann'), signed(second, 'ann', 'cat'))).toBe('none');
  });

  it('of a key stops its signatures, and cannot be signed with it', () => {
    const key = fingerprintOf(primitives.sha256, keyOf('eve').publicKey);
    const ofKey = revocation({ key, emou: 'emou-a' });
    expect(codeOf(...all, signed(ofKey, 'dan'))).toBe('QUORUM_SHORT');
    expect(codeOf(...all, signed(ofKey, 'mallory'))).toBe('none');
    const own = fingerprintOf(primitives.sha256, keyOf('dan').publicKey);
    expect(codeOf(...all, signed(revocation({ key: own, emou: 'emou-a' }), 'dan'))).toBe('none');
  });
});

describe('an approval in ink', () => {
  const onPaper = (fields: Fields, ...people: readonly string[]): Fields => ({
    kind: 'attestation',
    id: 'paper-a',
    version: 1,
    document: { kind: fields['kind'], id: fields['id'], version: 1, sha256: hashOf(fields) },
    scan_sha256: 'a'.repeat(64),
    signed_by: people.map((each) => ({ person: each, on: '2026-06-01' })),
  });
  const penless = { ...person('fay'), keys: [] };
  const paperDsa = { ...dsa, approvers: [person('eve'), penless] };
  const rest = [signedEmou, signed(paperDsa, 'ann', 'cat'), signed(manifest, 'eve')];

  it('counts where two others attest to it', () => {
    expect(codeOf(...rest)).toBe('QUORUM_SHORT');
    expect(codeOf(...rest, signed(onPaper(manifest, 'fay'), 'ann', 'cat'))).toBe('none');
  });

  it.each([
    ['one attests', signed(onPaper(manifest, 'fay'), 'ann')],
    ['one attests twice', signed(onPaper(manifest, 'fay'), 'ann', 'ann')],
    ['strangers attest', signed(onPaper(manifest, 'fay'), 'ann', 'mallory')],
    ['people attest who may not', signed(onPaper(manifest, 'fay'), 'ann', 'eve')],
    ['it is of other bytes', signed(onPaper({ ...manifest, title: 'Another' }, 'fay'), 'ann', 'cat')],
    ['it is of somebody who may not approve', signed(onPaper(manifest, 'mallory'), 'ann', 'cat')],
    [
      'it is of a day to come',
      signed({ ...onPaper(manifest), signed_by: [{ person: 'fay', on: '2026-06-17' }] }, 'ann', 'cat'),
    ],
    ['it is of the one who signed already', signed(onPaper(manifest, 'eve'), 'ann', 'cat')],
  ])('counts for nothing where %s', (_, attestation) => {
    expect(codeOf(...rest, attestation)).toBe('QUORUM_SHORT');
  });

  it('needs two besides the one who signed', () => {
    const thin = signed(dsa, 'cat');
    expect(codeOf(signedEmou, signedManifest, thin, signed(onPaper(dsa, 'ann'), 'ann', 'cat'))).toBe(
      'QUORUM_SHORT',
    );
    expect(codeOf(signedEmou, signedManifest, thin, signed(onPaper(dsa, 'ann'), 'ben', 'cat'))).toBe('none');
  });
});
