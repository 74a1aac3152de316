import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compiledKernel } from './compile.fixture.js';
import { KERNEL } from './kernel-code.js';

const file = new URL('./kernel-code.ts', import.meta.url);

/** The module that holds the compiled code. */
function codeModule(code: string): string {
  const lines = (code.match(/.{1,96}/g) ?? []).map((line) => `  '${line}',`);
  const about = '/** `assembly`, compiled, in Base64; kernel-code.test.ts makes and checks it. */';
  return `${about}\nexport const KERNEL: string = [\n${lines.join('\n')}\n].join('');\n`;
}

it('is what its source compiles to', async () => {
  const code = Buffer.from(await compiledKernel()).toString('base64');
  if (process.env['THROUGHLINE_UPDATE'] === '1') writeFileSync(file, codeModule(code));
  else expect(code).toBe(KERNEL);
});
