import { describe, expect, it } from 'vitest';
import { told } from '../e2e/night.fixture.js';
import { templates } from '../project/templates.js';

const explained = (asked: string) => told(['explain', 'policy', templates.pipeline, asked]);

describe('throughline explain policy', () => {
  it('says what governs a measure, and which document set it', async () => {
    const { exitCode, stdout } = await explained('chronic_absence');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/no count below 11 is published: dsa-health; less would do for .*dsa-city 5/);
    expect(stdout).toMatch(/may be used for access-measures, public-release, quality-assessment: /);
    expect(stdout).toMatch(/may reach cabinet, public: /);
    expect(stdout).toMatch(/must never serve reidentification: dsa-afterschool, dsa-charter, .*dsa-health/);
    expect(stdout).toMatch(/until 2027-06-30: dul-snapshot ends first/);
    expect(stdout).toMatch(/dsa dsa-district, version 1: .*approved by/);
    expect(stdout).toMatch(/millbrook-district-absences: /);
  });

  it('says of a table what it comes from, and not what another table comes from', async () => {
    const { stdout } = await explained('chronic_absence_ma.sex');
    expect(stdout).toMatch(/millbrook-district-students: \S+, link and keep/);
    expect(stdout).not.toMatch(/race/i);
    expect((await explained('chronic_absence_ma.school_x_race_ethnicity')).stdout).toMatch(/race/i);
  });

  it('says of a column that no measure reads only what its owner agreed to', async () => {
    const { stdout } = await explained('millbrook-health-dental:UNTREATED_DECAY');
    expect(stdout).toMatch(/no count below 11 is published: dsa-health; less would do for emou-millbrook 10/);
    expect(stdout).toMatch(/until 2030-06-30/);
    expect(stdout).not.toMatch(/dsa-district|dul-snapshot/);
    expect(stdout).toMatch(/the measures that read them\n {2}none/);
  });

  it('says of a payload column whose it is and which measures read it', async () => {
    const { stdout } = await explained('absences.absent');
    expect(stdout).toMatch(/millbrook-district-absences: [\s\S]*chronic_absence_ma/);
  });

  it('says so where there is none of the name', async () => {
    for (const asked of [
      'nothing',
      'students.nothing',
      'chronic_absence_ma.shoe',
      'millbrook-health-clinic:Shoe',
    ])
      expect((await explained(asked)).exitCode).toBe(2);
  });
});
