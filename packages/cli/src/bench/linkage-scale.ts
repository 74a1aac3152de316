import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ScaleOutcome } from '@throughline/assess';

const CHILD = fileURLToPath(new URL('linkage-scale-child.js', import.meta.url));
const MEGABYTES_OF_HEAP = 8000;

/** Links two files of so many made-up children each, in a process of its own, and prints what each step costs. */
export async function benchLinkageScale(
  sizes: readonly number[],
  print: (line: string) => void,
): Promise<void> {
  print('linking two files of made-up children; seconds by step, the sealing beside them');
  print('children a file   encode   meet   link   microseconds a record   peak MB   precision   recall');
  for (const size of sizes) print(row(size, await linked(size)));
}

type Measured = ScaleOutcome & { readonly peakBytes: number };

function linked(size: number): Promise<Measured> {
  const child = fork(CHILD, [String(size)], { execArgv: [`--max-old-space-size=${MEGABYTES_OF_HEAP}`] });
  return new Promise((done, failed) => {
    child.on('message', (measured) => done(measured as Measured));
    child.on('exit', (code) => {
      if (code !== 0) failed(new Error('bench: linking did not succeed'));
    });
  });
}

function row(size: number, { seconds, peakBytes, own }: Measured): string {
  const [meet, link] = [seconds['meet'] ?? 0, seconds['link'] ?? 0];
  return [
    size.toLocaleString('en').padEnd(15),
    (seconds['encode'] ?? 0).toFixed(1).padStart(9),
    meet.toFixed(1).padStart(7),
    link.toFixed(1).padStart(7),
    (((meet + link) / size / 2) * 1e6).toFixed(1).padStart(24),
    String(Math.round(peakBytes / 1e6)).padStart(10),
    own.precision.toFixed(4).padStart(12),
    own.recall.toFixed(4).padStart(9),
  ].join('');
}
