import { documentOf, type FieldManifest } from '@throughline/agreement';
import { canonicalJson, safeName, ThroughlineError } from '@throughline/core';
import { exists, type Landed, landedFile, readText, writeDurably } from '@throughline/engine';
import { deliveryReasons, hold, seasonOf } from '@throughline/ingest';
import { z } from 'zod';
import type { Pipeline } from '../pipeline/pipeline.js';
import type { Project } from '../project/project.js';
import { parsedFile } from './hold-records.js';

type Partner = Pipeline['partners'][number];

/** What was taken in last, and on which day. */
const taken = z.strictObject({
  taken: z.iso.date(),
  extracts: z.record(
    z.string(),
    z.strictObject({ sha256: z.string(), first_seen: z.iso.date(), ends_with_break: z.boolean() }),
  ),
});
export type Taken = z.infer<typeof taken>;

/** @throws ThroughlineError CONFIG_UNREADABLE, CONFIG_INVALID */
export async function lastTaken({ folders }: Project, partner: string): Promise<Taken | undefined> {
  const path = folders.owner(partner, 'deliveries.json');
  return (await exists(path)) ? parsedFile(await readText(path), taken, 'deliveries.json') : undefined;
}

/** A delivery of a partner: each extract with its manifest and its file. */
export type Delivery = ReadonlyMap<string, { readonly manifest: FieldManifest; readonly landed: Landed }>;

/**
 * Looks at what lies in a partner's inbox.
 *
 * @throws ThroughlineError EXTRACT_MISSING, EXTRACT_REFUSED, EXTRACT_LANDING.
 */
export async function deliveryOf({ pipeline, documents }: Project, partner: Partner): Promise<Delivery> {
  const delivery = new Map<string, { manifest: FieldManifest; landed: Landed }>();
  for (const { manifest: id, file } of partner.extracts) {
    const manifest = documentOf(documents.manifests, id, 'manifest').document;
    const landed = await landedFile(pipeline.resolve(partner.inbox), file, safeName(manifest.extract));
    delivery.set(manifest.extract, { manifest, landed });
  }
  return delivery;
}

/** SHA-256 of each file, by extract. */
export const filesOf = (delivery: Delivery): Record<string, string> =>
  Object.fromEntries([...delivery].map(([extract, { landed }]) => [extract, landed.sha256]));

/** @throws ThroughlineError ARRIVAL_HELD where files are the same again, too old or cut off. */
export function requireDue({ pipeline, day }: Project, delivery: Delivery, last: Taken | undefined): void {
  hold(
    [...delivery].flatMap(([extract, { manifest, landed }]) =>
      deliveryReasons({
        manifest,
        landed,
        last: last?.extracts[extract],
        today: day,
        years: pipeline.school_years,
      }),
    ),
  );
}

/** Whether nothing is due from a partner today: summer or a break for every extract. */
export const isResting = ({ pipeline, documents, day }: Project, partner: Partner): boolean =>
  partner.extracts.every(({ manifest }) => {
    const { scope } = documentOf(documents.manifests, manifest, 'manifest').document;
    return ['summer', 'break'].includes(seasonOf(day, pipeline.school_years, scope));
  });

/** Remembers what was taken in; nothing is written where that is remembered already. @throws ThroughlineError OUTPUT_UNWRITABLE */
export async function rememberTaken(
  { folders, day }: Project,
  partner: string,
  { delivery, last }: { readonly delivery: Delivery; readonly last: Taken | undefined },
): Promise<void> {
  const extracts = [...delivery].map(([extract, { landed }]) => {
    const before = last?.extracts[extract];
    const firstSeen = before?.sha256 === landed.sha256 ? before.first_seen : day;
    return [extract, { sha256: landed.sha256, first_seen: firstSeen, ends_with_break: landed.endsWithBreak }];
  });
  const remembered: Taken = { taken: day, extracts: Object.fromEntries(extracts) };
  if (last !== undefined && canonicalJson(last) === canonicalJson(remembered)) return;
  await writeDurably(
    folders.owner(partner, 'deliveries.json'),
    `${JSON.stringify(remembered, undefined, 2)}\n`,
  );
}

/** Failures of a delivery, of which another delivery or a person can make something; others stop the night. */
export const isOfDelivery = (thrown: unknown): thrown is ThroughlineError =>
  thrown instanceof ThroughlineError &&
  (thrown.exitCode === 13 || thrown.code.startsWith('EXTRACT_')) &&
  thrown.code !== 'ROWS_UNACCOUNTED';
