import { mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { City } from '../city/city.js';
import { extractTables, VISION_WORKBOOK } from '../extracts/extracts.js';
import type { Table } from '../extracts/row.js';
import { visionWorkbook } from '../extracts/vision.js';
import { truthTables } from '../truth/truth.js';
import { encoded } from './dialects.js';
import { workbookBytes } from './workbook.js';

/** Writes `extracts/` and `truth/` below `outDir`, chunk by chunk, replacing files of the same name. */
export async function writeCity(city: City, outDir: string): Promise<void> {
  for (const table of [...extractTables(city), ...truthTables(city)]) await writeTable(table, outDir);
  await writeFile(join(outDir, VISION_WORKBOOK), await workbookBytes(visionWorkbook(city)));
}

async function writeTable({ path, dialect, rows }: Table, outDir: string): Promise<void> {
  const target = join(outDir, path);
  await mkdir(dirname(target), { recursive: true });
  const file = await open(target, 'w');
  try {
    for (const chunk of encoded(rows, dialect)) await file.write(chunk);
  } finally {
    await file.close();
  }
}
