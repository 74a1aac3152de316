import { readFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const assembly = new URL('../../assembly/', import.meta.url);

/** Compiles `assembly/index.ts`. @throws Error with what the compiler says. */
export async function compiledKernel(): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    ['index.ts', '-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--outFile', 'kernel.wasm'],
    {
      readFile: (name) => readOf(name),
      writeFile: (_, contents) => {
        if (typeof contents !== 'string') binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || binary === undefined) throw new Error(`kernel: ${stderr.toString()}`);
  return binary;
}

function readOf(name: string): string | null {
  try {
    return readFileSync(new URL(name, assembly), 'utf8');
  } catch {
    return null;
  }
}
