import type { Project } from '../project/project.js';

/** Something that no run can make again. */
export type Kept = {
  /** Its place below the state, a file or a folder. */
  readonly path: string;
  readonly what: string;
};

/**
 * What a backup holds: all that no run can make again from deliveries, documents and keys. Keys are not in it: a copy
 * of the index beside the key that names its people, or of the log beside the key that signs it, would be worth more to
 * a thief than either.
 */
export const keptOf = ({ pipeline }: Pick<Project, 'pipeline'>): readonly Kept[] => [
  { path: 'linkage-unit/people', what: 'the people index: who has which person id, and how that came about' },
  {
    path: 'linkage-unit/households',
    what: 'the household index: who lives with whom, and how that came about',
  },
  { path: 'linkage-unit/reviews.json', what: 'what owners said of possible pairs' },
  { path: 'linkage-unit/residual-pairs.json', what: 'possible pairs of the residual, as owners are asked' },
  {
    path: 'linkage-unit/residual-asked.json',
    what: 'which rows of the residual were asked for in this epoch',
  },
  { path: 'keyholder/residual-opened.json', what: 'which rows of the residual were opened in this epoch' },
  { path: 'linkage-unit/gate', what: 'what the gate decided for this epoch' },
  ...pipeline.partners.flatMap(({ name }) => [
    { path: `partners/${name}/deliveries.json`, what: 'what was delivered last' },
    { path: `partners/${name}/holds.json`, what: 'what was held, and what people decided' },
    { path: `partners/${name}/withdrawals`, what: 'the records that families have withdrawn' },
    { path: `partners/${name}/slots`, what: 'what was sealed in this epoch' },
    { path: `partners/${name}/planted`, what: 'which children who do not exist were planted' },
    { path: `partners/${name}/canaries`, what: 'what is known of those children' },
    { path: `partners/${name}/duplicates`, what: 'which of its records an owner holds to be one person' },
    { path: `partners/${name}/review`, what: 'pairs that the owner was asked about' },
    { path: `partners/${name}/ledger`, what: 'what was sealed in this epoch, and how often' },
  ]),
  { path: 'desk/frozen', what: 'frozen releases, and whom they counted' },
  { path: 'desk/ledger', what: 'the equations of every published release' },
  { path: 'desk/review', what: 'the request to publish, and the votes on it' },
  { path: 'published', what: 'published releases' },
  { path: 'destruction', what: 'records of destructions' },
  { path: 'disclosures', what: 'whose records were disclosed under which terms' },
  { path: 'parcels', what: 'which parcels went and came, by number, so that none counts twice' },
  { path: 'reported.json', what: 'what the last report said' },
  { path: 'runs.json', what: 'how the last nights ended' },
  { path: 'log', what: 'the log' },
];
