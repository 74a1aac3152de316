import {
  appendToEdge,
  consistencyFromTiles,
  type Edge,
  emptyEdge,
  formatCheckpoint,
  formatNote,
  judgeCheckpoint,
  leafHash,
  type Offer,
  rangeOfEdge,
  rangeRoot,
  signNote,
  type TileFile,
  type TreeHead,
  tilePath,
} from '@throughline/agreement';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { primitives } from './primitives.js';
import { noteSigner } from './signers.fixture.js';

const { sha256 } = primitives;
const log = noteSigner('city.example/log', 'ed25519');

const noteOf = ({ size, root }: TreeHead, signer = log): Uint8Array => {
  const text = formatCheckpoint({ origin: log.key.name, size, root, extensions: [] });
  return new TextEncoder().encode(formatNote({ text, signatures: [signNote(primitives, text, signer)] }));
};

type Growing = { readonly edge: Edge; readonly tiles: readonly TileFile[] };

/** A log that was given entries, and its head. */
function grown(entries: readonly string[], before: Growing = { edge: emptyEdge, tiles: [] }) {
  const leaves = entries.map((entry) => leafHash(sha256, new TextEncoder().encode(entry)));
  const { edge, tiles } = appendToEdge(sha256, before.edge, leaves);
  const head = { size: edge.size, root: rangeRoot(sha256, rangeOfEdge(sha256, edge)) };
  return { edge, tiles: [...before.tiles, ...tiles], head };
}

async function offerOf({ tiles, head }: ReturnType<typeof grown>, older: number): Promise<Offer> {
  const files = new Map(tiles.map(({ tile, bytes }) => [tilePath(tile), bytes]));
  const readTile = async (path: string) => files.get(path);
  const { proof } = await consistencyFromTiles({ hash: sha256, head, readTile }, older);
  return { note: noteOf(head), proof };
}

const nights = (from: number, to: number, mark = '') =>
  Array.from({ length: to - from }, (_, index) => `night ${from + index}${mark}`);

const judge = (held: TreeHead | undefined, offer: Offer) =>
  judgeCheckpoint(primitives, { log: log.key, ...(held === undefined ? {} : { held }) }, offer);

describe('a witness that holds an older checkpoint', () => {
  const before = grown(nights(0, 300));
  const after = grown(nights(300, 700), before);

  it('accepts growth', async () => {
    expect(judge(before.head, await offerOf(after, 300))).toMatchObject({ checkpoint: after.head });
    expect(judge(before.head, await offerOf(before, 300))).toMatchObject({ checkpoint: before.head });
  });

  it('accepts the first checkpoint it sees, for which there is nothing to prove', async () => {
    expect(judge(undefined, { note: noteOf(after.head), proof: [] })).toMatchObject({
      checkpoint: after.head,
    });
    expect(judge(undefined, await offerOf(after, 300))).toEqual({ refusal: 'inconsistent' });
    const empty = grown([]).head;
    expect(judge(undefined, { note: noteOf(empty), proof: [] })).toMatchObject({ checkpoint: empty });
    expect(judge(empty, { note: noteOf(after.head), proof: [] })).toMatchObject({ checkpoint: after.head });
    const nothing = { size: 0, root: new Uint8Array(32) };
    expect(judge(undefined, { note: noteOf(nothing), proof: [] })).toEqual({ refusal: 'fork' });
  });

  it('finds a replayed checkpoint', () => {
    expect(judge(after.head, { note: noteOf(before.head), proof: [] })).toEqual({ refusal: 'older' });
  });

  it('finds a fork at the same size', () => {
    const fork = grown(nights(0, 300, '’'));
    expect(judge(before.head, { note: noteOf(fork.head), proof: [] })).toEqual({ refusal: 'fork' });
  });

  it('finds history rewritten anywhere, whatever proof it is shown', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(299), fc.constantFrom('change', 'drop', 'swap', 'insert'), async (at, how) => {
        const past = nights(0, 300);
        if (how === 'change') past[at] = 'another night';
        if (how === 'drop') past.splice(at, 1);
        if (how === 'insert') past.splice(at, 0, 'one night more');
        if (how === 'swap') past.splice(at % 299, 2, ...past.slice(at % 299, (at % 299) + 2).reverse());
        const rewritten = grown([...past, ...nights(300, 700)]);
        for (const offer of [await offerOf(rewritten, 300), await offerOf(after, 300)]) {
          expect(judge(before.head, { ...offer, note: noteOf(rewritten.head) })).toEqual({
            refusal: 'inconsistent',
          });
        }
      }),
      { numRuns: 12 },
    );
  });

  it('finds the last entries cut off and others put in their place', async () => {
    const cut = grown([...nights(0, 299), 'another end', ...nights(300, 700)]);
    expect(judge(before.head, await offerOf(cut, 300))).toEqual({ refusal: 'inconsistent' });
  });

  it('finds any damage to the proof', async () => {
    const { note, proof } = await offerOf(after, 300);
    const [first = new Uint8Array(), ...rest] = proof;
    const flipped = Uint8Array.from(first, (byte, index) => (index === 9 ? byte ^ 1 : byte));
    for (const damaged of [[], rest, [flipped, ...rest], [...proof, first], [...rest, first]]) {
      expect(judge(before.head, { note, proof: damaged })).toEqual({ refusal: 'inconsistent' });
    }
  });

  it('takes no checkpoint that the log did not sign', async () => {
    const { proof } = await offerOf(after, 300);
    const stranger = noteSigner('city.example/log', 'ed25519');
    expect(judge(before.head, { note: noteOf(after.head, stranger), proof })).toEqual({
      refusal: 'unsigned',
    });
    const changed = new TextDecoder().decode(noteOf(after.head)).replace('\n700\n', '\n701\n');
    expect(judge(before.head, { note: new TextEncoder().encode(changed), proof })).toEqual({
      refusal: 'bad-signature',
    });
  });
});
