import { citationLine, titleOf } from './citation.js';
import { type ReleaseTable, releaseTables } from './columns.js';
import { packageName } from './data-package.js';
import type { Description } from './describe.js';

/** The context that Croissant 1.0 prescribes, as far as its terms are used here, and that of its RAI vocabulary. */
const CONTEXT = {
  '@language': 'en',
  '@vocab': 'https://schema.org/',
  citeAs: 'cr:citeAs',
  column: 'cr:column',
  conformsTo: 'dct:conformsTo',
  cr: 'http://mlcommons.org/croissant/',
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  dct: 'http://purl.org/dc/terms/',
  extract: 'cr:extract',
  field: 'cr:field',
  fileObject: 'cr:fileObject',
  isLiveDataset: 'cr:isLiveDataset',
  rai: 'http://mlcommons.org/croissant/RAI/',
  recordSet: 'cr:recordSet',
  sc: 'https://schema.org/',
  source: 'cr:source',
};

const TYPES: Readonly<Record<string, string>> = { VARCHAR: 'sc:Text', BIGINT: 'sc:Integer' };

const recordSetOf = ({ name, about, columns }: ReleaseTable) => ({
  '@type': 'cr:RecordSet',
  '@id': name,
  name,
  description: about,
  field: columns.map((column) => ({
    '@type': 'cr:Field',
    '@id': `${name}/${column.name}`,
    name: column.name,
    description: column.words,
    dataType: TYPES[column.type] ?? 'sc:Text',
    source: { fileObject: { '@id': `${name}.csv` }, extract: { column: column.name } },
  })),
});

/**
 * `croissant.json` (MLCommons Croissant 1.0, with RAI 1.0). Hashes of the files stand in manifest.json, which is
 * written after this file.
 */
export function croissant({ city, day, synthetic, terms }: Description) {
  return {
    '@context': CONTEXT,
    '@type': 'sc:Dataset',
    conformsTo: ['http://mlcommons.org/croissant/1.0', 'http://mlcommons.org/croissant/RAI/1.0'],
    name: packageName(city),
    description: `${titleOf(city)}. ${synthetic ? 'Everybody in these tables is made up. ' : ''}De-identified tables after disclosure control.`,
    version: day,
    datePublished: day,
    isLiveDataset: false,
    citeAs: citationLine({ city, day }),
    creator: { '@type': 'sc:Organization', name: `Children's cabinet of ${city}` },
    distribution: releaseTables.map(({ name }) => ({
      '@type': 'cr:FileObject',
      '@id': `${name}.csv`,
      name: `${name}.csv`,
      contentUrl: `${name}.csv`,
      encodingFormat: 'text/csv',
    })),
    recordSet: releaseTables.map(recordSetOf),
    'rai:dataLimitations': [
      'Missed links make children who were reached look as if they were not; see limits.md, linkage.md and bias.csv.',
      'Counts are withheld so that no child can be counted out; a withheld count is empty, never zero.',
    ],
    'rai:dataBiases': [
      'Linkage is poorer for children with several surnames, rare names or changing addresses; see linkage.csv.',
    ],
    'rai:personalSensitiveInformation': [
      `Counts about children by race and ethnicity, disability, income and language; none below ${terms.minCell} is printed.`,
    ],
    'rai:dataUseCases': [
      'To learn which children are reached, and how they fare. Never to decide about a child.',
    ],
  };
}
