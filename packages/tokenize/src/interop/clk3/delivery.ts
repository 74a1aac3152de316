import { fromBase64, toBase64 } from '@throughline/agreement';
import { z } from 'zod';

const delivery = z.object({ clks: z.array(z.string()) });

/** What is wrong with a delivery: the position of the CLK, counted from 0, or -1 for the file as a whole. */
export type Clk3Fault = { readonly position: number };

/** The JSON that clkhash and the entity service of anonlink exchange: CLKs in Base64, in the order of the rows. */
export const writeClks = (clks: readonly Uint8Array[]): string =>
  JSON.stringify({ clks: clks.map(toBase64) });

/** Reads such a file. @param length of every CLK, in bits, as the linkage schema says. */
export function readClks(text: string, length: number): readonly Uint8Array[] | Clk3Fault {
  const found = delivery.safeParse(parsed(text));
  if (!found.success) return { position: -1 };
  const clks: Uint8Array[] = [];
  for (const [at, code] of found.data.clks.entries()) {
    const clk = fromBase64(code);
    if (clk?.length !== length / 8) return { position: at };
    clks.push(clk);
  }
  return clks;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
