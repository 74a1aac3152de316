import type { ReviewState } from './state.js';

/** What a state of the candidate means to the desk, and what to do next. */
export type NextStep = {
  readonly standing: string;
  readonly todo: string;
  /** The command, without the name of the pipeline file. */
  readonly command?: readonly [command: string, options?: string];
};

export const nextSteps: Readonly<Record<ReviewState, NextStep>> = {
  pending: {
    standing: 'Nobody asks to publish it.',
    todo: 'Nothing, unless it is time to publish: then ask for its review.',
    command: ['release candidate', '--author NAME'],
  },
  submitted: {
    standing: 'It waits for votes.',
    todo: 'Two people who may approve a licence look at it and vote.',
    command: ['release review', '--vote approve --as NAME --key FILE'],
  },
  'partially-reviewed': {
    standing: 'One person has voted. The vote is told once the second is in.',
    todo: 'A second person looks at it and votes.',
    command: ['release review', '--vote approve --as NAME --key FILE'],
  },
  reviewed: {
    standing: 'Two people have voted, and too few of them approve.',
    todo: 'Look at the votes and their reasons.',
    command: ['release review'],
  },
  approved: {
    standing: 'It may be published.',
    todo: 'Publish it, or leave it: nothing is published by itself.',
    command: ['release publish'],
  },
  released: { standing: 'It is published as it lies here.', todo: 'Nothing.' },
  returned: {
    standing: 'Somebody wants it changed.',
    todo: 'Read why, change it, and ask again.',
    command: ['release review'],
  },
  rejected: {
    standing: 'Somebody does not want it published.',
    todo: 'Read why.',
    command: ['release review'],
  },
  withdrawn: { standing: 'The request to publish it was taken back.', todo: 'Nothing.' },
};

/** As it is typed where the pipeline file is. */
export const commandOf = ([command, options]: NonNullable<NextStep['command']>, file: string): string =>
  ['throughline', command, file, ...(options === undefined ? [] : [options])].join(' ');
