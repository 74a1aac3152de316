import type { ReviewState } from './state.js';

/** What a state of the candidate means to the desk, and what to do next. */
export type NextStep = { readonly standing: string; readonly todo: string; readonly command?: string };

export const nextSteps: Readonly<Record<ReviewState, NextStep>> = {
  pending: {
    standing: 'Nobody asks to publish it.',
    todo: 'Nothing, unless it is time to publish: then ask for its review.',
    command: 'throughline release candidate pipeline.yaml --author NAME',
  },
  submitted: {
    standing: 'It waits for votes.',
    todo: 'Two people who may approve a licence look at it and vote.',
    command: 'throughline release review pipeline.yaml --vote approve --as NAME --key FILE',
  },
  'partially-reviewed': {
    standing: 'One person has voted. The vote is told once the second is in.',
    todo: 'A second person looks at it and votes.',
    command: 'throughline release review pipeline.yaml --vote approve --as NAME --key FILE',
  },
  reviewed: {
    standing: 'Two people have voted, and too few of them approve.',
    todo: 'Look at the votes and their reasons.',
    command: 'throughline release review pipeline.yaml',
  },
  approved: {
    standing: 'It may be published.',
    todo: 'Publish it, or leave it: nothing is published by itself.',
    command: 'throughline release publish pipeline.yaml',
  },
  released: { standing: 'It is published as it lies here.', todo: 'Nothing.' },
  returned: {
    standing: 'Somebody wants it changed.',
    todo: 'Read why, change it, and ask again.',
    command: 'throughline release review pipeline.yaml',
  },
  rejected: {
    standing: 'Somebody does not want it published.',
    todo: 'Read why.',
    command: 'throughline release review pipeline.yaml',
  },
  withdrawn: { standing: 'The request to publish it was taken back.', todo: 'Nothing.' },
};
