import type { EventBody } from '../../src/change/record/event/event.ts'
import type { Journal } from '../../src/change/record/store/journal.ts'
import { EosflowError } from '../../src/model/error.ts'
import type { Seams } from '../../src/project/system/process/seams.ts'
import { aroundAppends } from '../lab/around.ts'
import { reachedTransport } from '../lab/kills.ts'

/** The kind of a record: that of an act with the act, that of a state with the state. */
export function labelOf(event: EventBody) {
  if (event.type === 'ActIntended' || event.type === 'ActFinished') return `${event.type} ${event.act}`
  return 'state' in event ? `${event.type} ${event.state}` : event.type
}

const gone = () => new EosflowError('store', 'this process was killed')

/** A process that copies its store behind a record of a kind, and may die behind another one. */
export interface MortalProcess {
  /** The copy is made behind the first record of this kind. */
  readonly at: string
  readonly copy: () => void
  /** It dies behind this one, no earlier than the copy; empty: behind the copy. Absent: it lives. */
  readonly diesAt: string | undefined
  copied: boolean
  dead: boolean
}

function watched(journal: Journal, process: MortalProcess) {
  return aroundAppends({
    before: () => {
      if (process.dead) throw gone()
    },
    behind: (written, execution) => {
      const labels = execution === undefined ? [] : written.map(labelOf)
      const { at, diesAt } = process
      if (!process.copied && labels.includes(at)) {
        process.copied = true
        process.copy()
      }
      if (!process.copied || diesAt === undefined || (diesAt !== '' && !labels.includes(diesAt))) return
      process.dead = true
      throw gone()
    },
  })(journal)
}

/** The seams of a command line that is such a process. Undefined: it lives as ever. */
export function within(process: MortalProcess | undefined, seams: Seams): Seams {
  if (process === undefined) return seams
  return {
    ...seams,
    journal: (journal) => watched(seams.journal(journal), process),
    transport: (transport) =>
      reachedTransport(seams.transport(transport), (work) => (process.dead ? Promise.reject(gone()) : work())),
  }
}
