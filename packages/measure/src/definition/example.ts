import { type PayloadTable, payloadTables } from '@throughline/core';
import { z } from 'zod';
import { definitionName, gradeCode } from './vocabulary.js';

const tables = Object.keys(payloadTables) as [PayloadTable, ...PayloadTable[]];
const value = z.union([z.string(), z.int(), z.null()]);

const child = z.strictObject({
  is: z.string().min(3).max(120).describe('the child in a few words'),
  grade: gradeCode.default('04'),
  enrolled: z
    .union([
      z.literal('never'),
      z.strictObject({ from: z.iso.date().optional(), to: z.iso.date().optional() }),
    ])
    .default({})
    .describe('the first and the last day at its school; the whole school year where nothing is said'),
  days: z.int().min(1).max(180).optional().describe('enrolled for the last so many of 180 school days'),
  absent: z.int().min(0).max(180).optional().describe('absent on the first so many of its days'),
  linked: z
    .enum(['exact', 'probable', 'not'])
    .default('exact')
    .describe('how its rows of other partners are linked to it'),
  rows: z
    .partialRecord(z.enum(tables), z.array(z.record(z.string(), value)))
    .default({})
    .describe('its rows in the payload tables; what is not said is unknown'),
  counts_as: z
    .record(definitionName, z.enum(['yes', 'no', 'unknown', 'not counted']))
    .describe('by preset, or preset and band'),
});

/** Period 2025-08-27 to 2026-06-15, snapshot 2026-06-15; see docs/reference/measures.md for the windows. */
export const example = z.array(child).length(10);
export type ExampleChild = z.infer<typeof child>;
