import type { EventBody } from '../../../change/record/event/event.ts'
import type { Journal, Subscriber } from '../../../change/record/store/journal.ts'
import { takesOver } from '../../../change/record/store/lease.ts'
import type { WorkerRecord, Workers } from '../../../change/record/store/workers.ts'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'

/** Puts on record which processes were declared dead, and are not on record as that: who finds a death does it, since a process that has declared it may die before it says so. Of several who find one at once one writes it. */
export async function recordDeaths(workers: Pick<Workers, 'list'>, journal: Pick<Journal, 'append'>): Promise<void> {
  for (const worker of await workers.list()) {
    if (!isUnrecorded(worker)) continue
    await journal.append(undefined, [deathOf(worker)]).catch((error: unknown) => {
      if (!(error instanceof EosflowError && error.kind === 'busy')) throw error
    })
  }
}

export function recordingDeaths(record: () => Promise<void>): Subscriber {
  return () => ({
    written: (written) => {
      if (written.some(takesOver)) void record().catch(() => undefined)
    },
  })
}

export function isUnrecorded({ dead, isOnRecord }: Pick<WorkerRecord, 'dead' | 'isOnRecord'>): boolean {
  return dead !== undefined && isOnRecord === false
}

function deathOf({ id, kind, name, sites, version, lastSign, dead, reaper }: WorkerRecord): EventBody {
  return {
    type: 'WorkerDied',
    worker: id,
    kind,
    ...definedMembers({ name }),
    sites,
    version,
    lastSign,
    declared: dead ?? lastSign,
    ...definedMembers({ by: reaper }),
  }
}
