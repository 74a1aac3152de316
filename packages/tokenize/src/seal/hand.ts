import type { Sealing } from '@throughline/agreement';
import type { ColumnBatch } from '@throughline/engine';
import type { Hand } from '../crew/crew.js';
import { identifiersOf } from '../emit/identifiers.js';
import { deriveKeys, type LinkageTerms } from '../keys/derive.js';
import { type Sealer, seal1 } from '../seal1/seal1.js';

/** What a sealer is made of; plain values, so that a thread can be given them. */
export type SealWork = {
  readonly sealing: Sealing;
  readonly decoys: number;
  readonly terms: LinkageTerms;
  readonly root: Uint8Array;
  readonly recordKey: Uint8Array;
};

/** The sealer of some work, which erases the keys that it has derived. */
export function sealerOf({ sealing, decoys, terms, root, recordKey }: SealWork): Sealer {
  const [keys, own] = [deriveKeys(root, terms), deriveKeys(recordKey, terms)];
  const sealer = seal1({ sealing, decoys, keys, own });
  return {
    ...sealer,
    erase: () => {
      for (const each of [sealer, keys, own]) each.erase();
    },
  };
}

/** Seals batches: the slots of each record, side by side. */
export function sealHand(work: SealWork): Hand<Uint8Array<ArrayBuffer>> {
  const sealer = sealerOf(work);
  return {
    answer: (batch) => sealBatch(sealer, work.sealing.passes.length, batch),
    buffers: ({ buffer }) => [buffer],
    erase: sealer.erase,
  };
}

/** Seals a batch here and now. */
function sealBatch(sealer: Sealer, passes: number, batch: ColumnBatch): Uint8Array<ArrayBuffer> {
  const [ids = [], masks = [], identifiers = []] = batch;
  const row = passes * sealer.layout.width;
  const bytes = new Uint8Array(ids.length * row);
  for (const [index, id] of ids.entries()) {
    sealer.read(String(id), identifiersOf(identifiers[index]));
    const mask = BigInt(Number(masks[index]));
    for (let pass = 0; pass < passes; pass += 1) {
      const mayBeReal = ((mask >> BigInt(pass)) & 1n) === 1n;
      sealer.seal(pass, mayBeReal, { bytes, at: index * row + pass * sealer.layout.width });
    }
  }
  return bytes;
}
