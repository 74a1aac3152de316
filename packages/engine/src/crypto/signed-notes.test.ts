import { readFileSync } from 'node:fs';
import {
  cosignNote,
  formatCheckpoint,
  formatNote,
  type NoteKey,
  type NoteSignature,
  type NoteSigningKey,
  noteKey,
  openCheckpoint,
  openNote,
  parseNote,
  parseNoteKey,
  signNote,
} from '@throughline/agreement';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { primitives } from './primitives.js';
import { newPair, noteSigner } from './signers.fixture.js';

const bytesOf = (text: string) => new TextEncoder().encode(text);

const folder = new URL('../../../../fixtures/vectors/notes/', import.meta.url);
type Published = { readonly key: string; readonly note: string; readonly seed?: string };
type Vectors = {
  readonly notes: readonly Published[];
  readonly checkpoint: {
    readonly log: string;
    readonly witness: string;
    readonly size: number;
    readonly note: string;
  };
};
const vectors: Vectors = JSON.parse(readFileSync(new URL('vectors.json', folder), 'utf8'));

function keyOf(line: string): NoteKey {
  const key = parseNoteKey(primitives.sha256, line);
  if (key === undefined) throw new Error('a published key expected');
  return key;
}

describe('published notes', () => {
  it.each(vectors.notes)('$key', ({ key, note, seed }) => {
    const opened = openNote(primitives, bytesOf(note), [keyOf(key)]);
    const text = note.slice(0, note.lastIndexOf('\n\n') + 1);
    expect(opened).toEqual({ text, signers: [{ key: keyOf(key) }] });
    if (seed === undefined) return;
    const signature = signNote(primitives, text, { key: keyOf(key), seed: Buffer.from(seed, 'base64') });
    expect(formatNote({ text, signatures: [signature] })).toBe(note);
  });

  it('a log’s checkpoint with a witness’s cosignature', () => {
    const { log, witness, size, note } = vectors.checkpoint;
    const keys = { log: keyOf(log), witnesses: [keyOf(witness)] };
    expect(openCheckpoint(primitives, bytesOf(note), keys)).toMatchObject({
      checkpoint: { origin: keys.log.name, size, extensions: [] },
      cosigners: [{ key: keys.witnesses[0], time: Date.UTC(2026, 4, 23, 21, 50, 24) / 1000 }],
    });
    const later = note.replace('1432088532', '1432088533');
    expect(openCheckpoint(primitives, bytesOf(later), keys)).toEqual({ refusal: 'bad-signature' });
  });
});

const pairOfLog = newPair();
const log = noteSigner('city.example/log', 'ed25519', pairOfLog);
const witness = noteSigner('district.example/witness', 'cosignature/v1');
const second = noteSigner('clinic.example/witness', 'cosignature/v1');
const stranger = noteSigner('elsewhere.example/log', 'ed25519');

const checkpoint = { origin: log.key.name, size: 7, root: new Uint8Array(32).fill(7), extensions: [] };
const text = formatCheckpoint(checkpoint);
const byLog = signNote(primitives, text, log);
const byWitness = (signer: NoteSigningKey, time = 1_780_000_000) =>
  cosignNote(primitives, { text, time }, signer);
const noteOf = (...signatures: NoteSignature[]) => bytesOf(formatNote({ text, signatures }));
const keys = { log: log.key, witnesses: [witness.key, second.key] };
const open = (note: Uint8Array) => openCheckpoint(primitives, note, keys);

describe('a checkpoint', () => {
  it('is opened with its witnesses, each with its time', () => {
    expect(open(noteOf(byLog, byWitness(witness), byWitness(second, 5)))).toEqual({
      checkpoint,
      text,
      cosigners: [
        { key: witness.key, time: 1_780_000_000 },
        { key: second.key, time: 5 },
      ],
    });
    expect(open(noteOf(byLog))).toMatchObject({ cosigners: [] });
  });

  it('counts a witness once, however often it signed', () => {
    expect(open(noteOf(byLog, byWitness(witness, 5), byWitness(witness, 6)))).toMatchObject({
      cosigners: [{ key: witness.key, time: 5 }],
    });
  });

  it('counts a witness once under two names, since a cosignature does not cover the name', () => {
    const alias = noteKey(primitives.sha256, { ...witness.key, name: 'other.example/witness' });
    const copied = { ...byWitness(witness), name: alias.name, keyId: alias.id };
    const opened = openCheckpoint(primitives, noteOf(byLog, byWitness(witness), copied), {
      log: log.key,
      witnesses: [witness.key, alias],
    });
    expect(opened).toMatchObject({ cosigners: { length: 1 } });
  });

  it('has no witness in the log itself', () => {
    const own = noteSigner('city.example/witness', 'cosignature/v1', pairOfLog);
    const both = { log: log.key, witnesses: [own.key] };
    expect(openCheckpoint(primitives, noteOf(byLog, byWitness(own)), both)).toMatchObject({ cosigners: [] });
    expect(openCheckpoint(primitives, noteOf(byWitness(own), byLog), both)).toMatchObject({
      checkpoint,
      cosigners: [],
    });
  });

  it('ignores signatures of unknown keys, also with a known name or id', () => {
    const named = { ...signNote(primitives, text, stranger), name: log.key.name };
    const numbered = { ...signNote(primitives, text, stranger), keyId: log.key.id };
    expect(open(noteOf(named, numbered, byLog))).toMatchObject({ checkpoint: { size: 7 } });
    expect(open(noteOf(named, numbered))).toEqual({ refusal: 'unsigned' });
  });

  it('is refused with one bad signature of a known key among good ones', () => {
    const bad = { ...byWitness(second), bytes: byWitness(witness).bytes };
    expect(open(noteOf(byLog, byWitness(witness), bad))).toEqual({ refusal: 'bad-signature' });
    for (const length of [5, 8, 71]) {
      const short = { ...byWitness(second), bytes: byWitness(second).bytes.slice(0, length) };
      expect(open(noteOf(byLog, short))).toEqual({ refusal: 'bad-signature' });
    }
  });

  it('has no cosignature at a time that cannot be told exactly, though it is signed', () => {
    const time = 2 ** 60;
    const stamp = new Uint8Array(8);
    new DataView(stamp.buffer).setBigUint64(0, BigInt(time));
    const signature = primitives.signEd25519(second.seed, bytesOf(`cosignature/v1\ntime ${time}\n${text}`));
    const bytes = Uint8Array.from([...stamp, ...signature]);
    expect(open(noteOf(byLog, { ...byWitness(second), bytes }))).toEqual({ refusal: 'bad-signature' });
  });

  it('must be signed by the log that it is of', () => {
    expect(open(noteOf(byWitness(witness)))).toEqual({ refusal: 'other-log' });
    const foreign = formatCheckpoint({ ...checkpoint, origin: stranger.key.name });
    const note = formatNote({ text: foreign, signatures: [signNote(primitives, foreign, log)] });
    expect(open(bytesOf(note))).toEqual({ refusal: 'other-log' });
    const letter = 'not a checkpoint\n';
    const signed = formatNote({ text: letter, signatures: [signNote(primitives, letter, log)] });
    expect(open(bytesOf(signed))).toEqual({ refusal: 'no-checkpoint' });
    expect(open(bytesOf('nothing'))).toEqual({ refusal: 'malformed' });
  });

  it('is refused, or loses the signature, with any byte changed', () => {
    const note = noteOf(byLog, byWitness(witness));
    fc.assert(
      fc.property(fc.nat(note.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Uint8Array.from(note);
        changed[at] = (changed[at] ?? 0) ^ change;
        const opened = open(changed);
        // A changed name or key id makes a signature one of an unknown key.
        expect('refusal' in opened || opened.cosigners.length === 0).toBe(true);
        if ('checkpoint' in opened) expect(opened.checkpoint).toEqual(checkpoint);
      }),
      { numRuns: 300 },
    );
  });

  it('does not let a signature pass for a cosignature, or the reverse', () => {
    expect(() => signNote(primitives, text, witness)).toThrow(RangeError);
    expect(() => cosignNote(primitives, { text, time: 1 }, log)).toThrow(RangeError);
    expect(() => cosignNote(primitives, { text, time: -1 }, witness)).toThrow(RangeError);
    const both = noteKey(primitives.sha256, { ...log.key, kind: 'cosignature/v1' });
    const relabelled = { ...byLog, keyId: both.id };
    const opened = openNote(primitives, noteOf(relabelled), [both]);
    expect(opened).toEqual({ refusal: 'bad-signature' });
  });

  it('keeps its signatures when it is parsed and written again', () => {
    const note = noteOf(byLog, byWitness(witness));
    const parsed = parseNote(note);
    expect(parsed && formatNote(parsed)).toBe(new TextDecoder().decode(note));
  });
});
