import { describe, expect, it } from 'vitest';
import { assessEncoding } from './assess-encoding.js';
import { assessed, ground } from './fixture/ground.fixture.js';
import { quickEffort } from './setup.js';

const effort = { ...quickEffort, seeds: [11, 12] };

describe('assessEncoding', { timeout: 180_000 }, () => {
  const assessment = assessEncoding(assessed, ground, effort);
  const found = (attack: string, encoding: string) =>
    assessment.findings.filter((finding) => finding.attack === attack && finding.encoding === encoding);

  it('lets the encodings of the software pass, after breaking what it must break', () => {
    const failed = assessment.findings.filter(({ passes }) => passes === false);
    expect(failed.map(({ attack, encoding, setting }) => [attack, encoding, setting])).toEqual([]);
    expect(assessment.verdict).toBe('pass');
    const controls = assessment.findings.filter(({ gate }) => gate?.control === true && gate.at === 'least');
    expect(controls.map(({ attack }) => attack).sort()).toEqual([
      'dictionary without the key',
      'fake registration, by changes',
      'known children, propagated',
      'known plaintext, from a list',
      'real slots told from filler',
      'seeded graph',
      'unsupervised graph',
    ]);
  });

  it('shows by real bytes that sealed files show what is attacked and no more', () => {
    const [shown] = found('sealed bytes show more than they should', 'seal1');
    expect(shown?.share.of).toBeGreaterThan(500);
    expect(shown?.share.count).toBe(0);
  });

  it('says that with the key nearly everybody can be named', () => {
    expect(found('with the key', 'tok1')[0]?.share.share).toBeGreaterThan(0.95);
  });

  it('attacks every encoding by every attack on likeness', () => {
    for (const attack of ['known plaintext, from a list', 'unsupervised graph', 'seeded graph']) {
      for (const encoding of ['clk-v3', 'seal1', 'clkd1, 4 terms']) {
        expect(found(attack, encoding).length, `${attack}, ${encoding}`).toBe(1);
      }
    }
  });

  it('holds names of attacks, rules and passes, and nothing of a child', () => {
    const told = JSON.stringify(assessment);
    for (const { first, last, birth_date } of ground.rollOf(11, 200).rows) {
      for (const name of [first, last, birth_date]) expect(told.includes(`"${name}"`)).toBe(false);
    }
  });
});
