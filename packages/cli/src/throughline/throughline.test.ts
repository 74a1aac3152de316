import { beforeAll, describe, expect, it } from 'vitest';
import { processEffects } from '../effects.js';
import { openProject, type Project } from '../project/project.js';
import { templates } from '../project/templates.js';
import { exampleNight } from '../report/example-night.fixture.js';
import { readPage, tableRows, textIn } from '../report/markup-reader.fixture.js';
import { chainsOf } from './chains.js';
import { renderThroughlines } from './page.js';
import { fieldUses } from './process.js';
import { type Throughline, throughlineProblems } from './throughline.js';

let project: Project;
let chain: Throughline;
beforeAll(async () => {
  project = await openProject(templates.pipeline, await processEffects('none'));
  const [first] = project.pipeline.throughlines;
  if (first === undefined) throw new Error('Millbrook has throughlines');
  chain = first;
});

const problemsOf = (changed: Partial<Throughline>) =>
  throughlineProblems([chain, { ...chain, ...changed }], project.measuring);

const attendance = { measure: 'chronic_absence', preset: 'ma' };
const afterschool = { measure: 'afterschool_participation', preset: 'any_session' };

describe('a throughline', () => {
  it('has a measure of its kind at every link, as those of Millbrook do', () => {
    expect(throughlineProblems(project.pipeline.throughlines, project.measuring)).toEqual([]);
  });

  it('is refused, by its place, where a link has no measure that is counted', () => {
    const unknown = { measure: 'chronic_absence', preset: 'ri' };
    expect(problemsOf({ outcome: [attendance, unknown] })).toEqual([
      { path: ['throughlines', 1, 'outcome', 1], message: 'this measure is not asked for under measures' },
    ]);
  });

  it.each([
    ['access', { access: [attendance] }],
    ['outcome', { outcome: [afterschool] }],
  ])('is refused where a link of %s has a measure of another kind', (step, changed) => {
    expect(problemsOf(changed)).toEqual([
      { path: ['throughlines', 1, step, 0], message: `no measure of ${step}` },
    ]);
  });

  it('may have bands at a link: every measure that they make is of the kind', () => {
    expect(problemsOf({ access: [{ measure: 'afterschool_dosage', preset: 'days' }] })).toEqual([]);
  });
});

describe('the page of throughlines', () => {
  const measures = [
    {
      name: 'afterschool_participation_any_session',
      title: 'Afterschool',
      tables: [],
      coverage: [],
      rows: [{ dimension: '', level: '', ratePercent: '26', coveragePercent: '100', total: 2689 }],
    },
    {
      name: 'chronic_absence_ma',
      title: 'Chronic absence',
      tables: [],
      coverage: [],
      rows: [{ dimension: '', level: '', ratePercent: null, coveragePercent: null, total: null }],
    },
  ];
  const night = () => ({ ...exampleNight, measures });
  const pageOf = (of: Project) =>
    renderThroughlines({ night: night(), chains: chainsOf(of, night()), pairs: [], fields: fieldUses(of) });

  it('shows goal, initiative, and every link with the rate of tonight, withheld, or at the desk', () => {
    const text = textIn(readPage(pageOf(project)));
    expect(text).toContain(chain.goal);
    expect(text).toContain(chain.initiative.name);
    expect(text).toContain('26 % of those known; known for 100 %');
    expect(text).toContain('withheld, so that no child can be recognised');
    expect(text).toContain('counted; stays at the desk');
    expect(text).toContain('Whether');
  });

  it('names the agreement of every source, and the code where a link may not be counted', () => {
    const page = readPage(pageOf(project));
    const [link] = chainsOf(project, night())[0]?.outcome ?? [];
    const rows = tableRows(page, `Where ${link?.title} comes from`);
    expect(rows.map(([partner, agreement]) => [partner, agreement])).toContainEqual([
      'district',
      expect.stringMatching(/^dsa-district until /),
    ]);
    const late = { ...project, day: '2031-01-01' };
    expect(chainsOf(late, night())[0]?.outcome[0]?.refused).toBe('AGREEMENT_EXPIRED');
    expect(textIn(readPage(pageOf(late)))).toMatch(/not counted: AGREEMENT_EXPIRED/);
  });
});
