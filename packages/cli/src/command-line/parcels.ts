import { Command } from 'commander';
import type { ReceiveParcelsOptions, SendOptions } from '../commands/parcels.js';

export type ParcelActions = {
  readonly send: (pipeline: string, options: SendOptions) => Promise<void>;
  readonly receive: (pipeline: string, options: ReceiveParcelsOptions) => Promise<void>;
};

const PIPELINE = 'the pipeline file of this host';

const SEND = `
Only what a host may hand over under its roles goes in: tokens, plans, sealed fields and payload of a partner; the
gate, sheets of possible pairs and person ids of the linkage unit. \`run\` sends and receives by itself.`;

/** `throughline send` and `throughline receive`: parcels from host to host. */
export function addParcels(root: Command, actions: ParcelActions): void {
  const send = new Command('send')
    .description('seal a signed and encrypted parcel for each other host, into the outbox')
    .argument('<pipeline>', PIPELINE)
    .option('--again', 'also if the parcel of today holds all there is')
    .addHelpText('after', SEND)
    .action((pipeline: string, options: SendOptions) => actions.send(pipeline, options));
  const receive = new Command('receive')
    .description('verify the parcels in the inbox and take them in, each whole or not at all')
    .argument('<pipeline>', PIPELINE)
    .option(
      '--after-gap <host...>',
      'go on although parcels of this host are missing: they are lost for good',
    )
    .action((pipeline: string, options: ReceiveParcelsOptions) => actions.receive(pipeline, options));
  root.addCommand(send).addCommand(receive);
}
