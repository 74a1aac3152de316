import { html } from '@throughline/pages';
import { framed } from './frame.js';
import type { Night } from './night.js';
import { agreementsSection } from './sections/agreements.js';
import { candidateSection } from './sections/candidate.js';
import { changesSection } from './sections/changes.js';
import { glanceSection } from './sections/glance.js';
import { holdsSection } from './sections/holds.js';
import { intakeSection } from './sections/intake.js';
import { linkageSection } from './sections/linkage.js';
import { measuresSection } from './sections/measures.js';
import { peopleSection } from './sections/people.js';
import { withheldSection } from './sections/withheld.js';

const CONTENTS = [
  ['glance', 'At a glance'],
  ['changes', 'Changes'],
  ['holds', 'Held'],
  ['intake', 'What arrived'],
  ['linkage', 'What was linked'],
  ['measures', 'Measures'],
  ['candidate', 'Release candidate'],
  ['withheld', 'Withheld'],
  ['people', 'Persons'],
  ['agreements', 'Agreements'],
] as const;

/**
 * The night as one HTML file: no script, no network, opened from disk. Equal nights give equal bytes. Whatever
 * text the night holds is shown as text.
 */
export const renderReport = (night: Night): string =>
  framed(night, {
    contents: CONTENTS,
    sections: html`${glanceSection(night)}
${changesSection(night)}
${holdsSection(night)}
${intakeSection(night)}
${linkageSection(night)}
${measuresSection(night)}
${candidateSection(night)}
${withheldSection(night)}
${peopleSection(night)}
${agreementsSection(night)}`,
  });
