import type { Command } from 'commander';

export type VerifyArtifactOptions = {
  readonly vkey: string;
  readonly evidence?: string;
  readonly signers?: string;
  readonly against?: string;
};

export type VerifyActions = {
  readonly verify: (artifact: string, options: VerifyArtifactOptions) => Promise<void>;
  readonly evidence: (pipeline: string, out: string) => Promise<void>;
};

/** What anybody can check without the project. */
export function addVerify(root: Command, actions: VerifyActions): void {
  root
    .command('verify')
    .description('anybody: walk from a release or artifact to log, agreements and signatures, offline')
    .argument('<artifact>', 'the folder of a release, or of any artifact')
    .requiredOption('--vkey <file>', 'the verifier key of the log as you were given it')
    .option('--evidence <folder>', 'log and documents, instead of the folder evidence beside the artifact')
    .option('--signers <file>', 'the public keys that you know, as an allowed_signers file of OpenSSH')
    .option('--against <file>', 'an older checkpoint of the log that somebody else holds')
    .action((artifact: string, options: VerifyArtifactOptions) => actions.verify(artifact, options));
  root
    .command('evidence')
    .description('write what verify needs: the log, and every document with its signatures')
    .argument('<pipeline>', 'the pipeline file, such as pipeline.yaml')
    .argument('<folder>', 'where to write it; replaced if it is there')
    .action((pipeline: string, out: string) => actions.evidence(pipeline, out));
}
