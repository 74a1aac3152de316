import { KERNEL } from './kernel-code.js';

/** What of the platform's WebAssembly is used here; the library of types of Node.js does not declare it. */
declare namespace WebAssembly {
  class Module {
    constructor(code: Uint8Array);
  }
  class Instance {
    constructor(module: Module);
    readonly exports: unknown;
  }
}

type Address = { readonly value: number };

/** What `assembly/index.ts` exports; addresses are offsets into the memory. */
type Exports = {
  readonly memory: { readonly buffer: ArrayBuffer; readonly grow: (pages: number) => number };
  readonly ROOM: Address;
  readonly LANES: Address;
  readonly CODES: Address;
  readonly joinPieces: (pieces: number, count: number, into: number) => number;
  readonly hmac256Key: (key: number, states: number) => void;
  readonly hmac256: () => void;
  readonly hmac512Key: (key: number, states: number) => void;
  readonly sipHashInto: (key: number, message: number, length: number, into: number) => void;
  readonly startSlot: (states: number, message: number, length: number) => number;
  readonly splitFields: (
    text: number,
    length: number,
    between: number,
    fields: number,
    most: number,
  ) => number;
  readonly writeParts: (
    parts: number,
    count: number,
    fields: number,
    written: number,
    into: number,
  ) => number;
  readonly takeTokens: (
    rules: number,
    count: number,
    written: number,
    rooms: number,
    room: number,
    missing: number,
    into: number,
  ) => number;
  readonly finishTokens: () => void;
  readonly finishSlot: (
    slot: number,
    similar: number,
    vectors: number,
    exact: number,
    messages: number,
  ) => void;
};

/** The code of `assembly`, with a memory of its own. */
export type Kernel = Omit<Exports, 'memory' | 'ROOM' | 'LANES' | 'CODES'> & {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same memory in words of 32 bits, little-endian; word i is at address 4 * i. */
  readonly words: Uint32Array<ArrayBuffer>;
  /** Addresses of the regions asked for, each a multiple of 16. */
  readonly regions: readonly number[];
  readonly lanes: number;
  readonly codes: number;
  /** Forgets everything; the kernel is of no use afterwards. */
  readonly erase: () => void;
};

const PAGE = 65_536;
const ALIGNMENT = 16;
const module = new WebAssembly.Module(Buffer.from(KERNEL, 'base64'));

/** A kernel with regions of so many bytes, which are 0. */
export function kernel(sizes: readonly number[]): Kernel {
  const { memory, ROOM, LANES, CODES, ...calls } = new WebAssembly.Instance(module).exports as Exports;
  let end = aligned(ROOM.value);
  const regions = sizes.map((size) => {
    const start = end;
    end = aligned(start + size);
    return start;
  });
  memory.grow(Math.max(0, Math.ceil((end - memory.buffer.byteLength) / PAGE)));
  const bytes = new Uint8Array(memory.buffer);
  return {
    ...calls,
    bytes,
    words: new Uint32Array(memory.buffer),
    regions,
    lanes: LANES.value,
    codes: CODES.value,
    erase: () => void bytes.fill(0),
  };
}

/** A kernel whose regions have names. */
export function namedKernel<Name extends string>(
  sizes: Readonly<Record<Name, number>>,
): Kernel & { readonly at: Readonly<Record<Name, number>> } {
  const made = kernel(Object.values(sizes));
  const at = Object.fromEntries(Object.keys(sizes).map((name, place) => [name, made.regions[place] ?? 0]));
  return { ...made, at: at as Record<Name, number> };
}

const aligned = (address: number): number => Math.ceil(address / ALIGNMENT) * ALIGNMENT;
