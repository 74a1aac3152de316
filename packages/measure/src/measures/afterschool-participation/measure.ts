import { verdictsTable } from '../../definition/counts.js';
import type { Measure } from '../../definition/measure.js';
import { coverageOf } from './coverage.js';
import { participants, verdictsOf } from './participation.js';

const NAME = 'afterschool_participation_any_session';

/** Children of the schools with at least one attended afterschool session, of those enrolled on the snapshot. */
export const afterschoolParticipation: readonly Measure[] = [
  {
    measure: 'afterschool_participation',
    preset: 'any_session',
    name: NAME,
    title: 'At least one afterschool session attended in the period, of children enrolled on the snapshot',
    population: 'enrolled_on_snapshot',
    source: '21st Century Community Learning Centers, participation; programmes as configured',
    caveats: [
      'No means that no attended session is linked to the child: a participant whom linkage missed is among them.',
    ],
    use: 'access-measures',
    needs: [
      { role: 'afterschool', table: 'sessions', columns: [['status', 'day', 'attended']], from: 'every' },
    ],
    plan: (scope) => ({
      makes: [{ table: 'participants', select: participants(scope) }],
      verdicts: verdictsOf(),
      coverage: coverageOf(verdictsTable(NAME), scope),
    }),
  },
];
