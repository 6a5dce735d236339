import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import type { WriteSeen } from './fabric-process.ts'
import type { Connection, Machine } from './machine.ts'

/** What a switch has seen, and who has sent it. */
export interface WriteFrom extends WriteSeen {
  /** The worker, by the name that its records have; absent: nobody that is known. */
  readonly worker?: string
}

/** Who has sent what the switches have seen: whose connection came from the port that they saw. */
export function sentBy(machines: readonly Machine[], writes: readonly WriteSeen[]): readonly WriteFrom[] {
  const byPort = new Map<string, Connection[]>()
  for (const one of machines.flatMap(({ connections }) => connections).toSorted((a, b) => a.since - b.since)) {
    const own = byPort.get(`${one.device} ${one.port}`) ?? []
    own.push(one)
    byPort.set(`${one.device} ${one.port}`, own)
  }
  return writes.map((write) => {
    const own = byPort.get(`${write.device} ${write.port}`)?.findLast(({ since }) => since <= write.at)
    return own === undefined ? write : { ...write, worker: own.worker }
  })
}

/** The records by which a process takes an execution. */
export const TAKES: ReadonlySet<JournalEvent['type']> = new Set(['ExecutionResumed', 'ExecutionRedriven'])
