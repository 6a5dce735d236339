import type { EventBody } from '../../src/journal/event.ts'
import { ALICE } from '../journal/one-of-each-event.ts'
import type { Mutant } from './altering.ts'

const BROKEN: EventBody = {
  type: 'BreakGlassUsed',
  principal: ALICE,
  needs: 'task.push',
  reason: 'INC-1',
  rules: [],
  policy: '',
}

/** A mutant of freezes, let loose on histories in which somebody freezes between the staging of a change and its first timed commit. */
export const FREEZE_MUTANTS: readonly Mutant[] = [
  {
    name: 'a timed commit goes past a freeze by itself',
    rows: [],
    caughtBy: ['I31'],
    fixed: {
      disturbances: [{ moment: 0, behind: 'heard stage', what: 'freeze', which: 0, draw: 0.5 }],
      rivalStore: 'same',
    },
    make: () => ({
      journal: (journal) => ({
        append: (execution, events, after) => {
          const isCommit = events.some((event) => event.type === 'ActIntended' && event.act === 'arm')
          return journal.append(execution, isCommit ? [BROKEN, ...events] : events, after)
        },
        read: (execution) => journal.read(execution),
      }),
    }),
  },
]
