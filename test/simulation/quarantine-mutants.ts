import type { Planned } from '../../simulate/scenario.ts'
import type { EventBody } from '../../src/journal/event.ts'
import type { Mutant } from './altering.ts'

const behind = (moment: string, what: Planned['what'], draw: number): Planned => ({
  moment: 0,
  behind: moment,
  what,
  which: 0,
  draw,
})

/** A takeover that does not say what the dead process has left. */
const cleaned = (event: EventBody): EventBody =>
  event.type === 'ExecutionResumed' ? { type: 'ExecutionResumed' } : event

/**
 * A mutant of the quarantine, let loose on histories in which a process dies before it has heard of its timed commit, the one that takes over is
 * stopped at once, and somebody else has come for the switch.
 */
export const QUARANTINE_MUTANTS: readonly Mutant[] = [
  {
    name: 'the quarantine is not asked for',
    rows: [18],
    caughtBy: ['I30'],
    fixed: {
      disturbances: [behind('done arm', 'unclean takeover', 0.3), behind('after ExecutionResumed', 'stop', 0)],
      rivalStore: 'same',
    },
    make: () => ({
      journal: (journal) => ({
        append: (execution, events, after) => journal.append(execution, events.map(cleaned), after),
        read: (execution) => journal.read(execution),
      }),
    }),
  },
]
