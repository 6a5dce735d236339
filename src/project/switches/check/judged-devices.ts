import type { InventoryDevice } from '../../../change/inventory/inventory.ts'
import { read } from '../../../change/task/act/read.ts'
import type { CatalogEntry } from '../../../eos/check/read-catalog.ts'
import { commandsOf, judgeAll } from '../../../eos/check/run.ts'
import type { Fleet } from '../../../eos/device/transport.ts'
import { messageOf } from '../../../model/error.ts'
import type { Json } from '../../../model/json.ts'
import type { CheckResult } from '../../../report/check-results/formats.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import type { Console } from '../../system/process/console.ts'
import { readersOf } from '../connect/read-each.ts'
import { resultOf } from './check-result.ts'

export interface SwitchVerification {
  readonly device: InventoryDevice
  readonly entries: readonly CatalogEntry[]
  /** The state areas that a snapshot kept of it; empty without one. */
  readonly baseline: Readonly<Record<string, Json>>
}

export interface VerifiedSwitch {
  readonly device: string
  readonly results: readonly CheckResult[]
  readonly failure?: unknown
}

/** Asks each switch everything that its checks ask, each command once, and judges. */
export function judgeDevices(
  app: ProjectStore,
  caller: Console,
  fleet: Fleet,
  verifications: readonly SwitchVerification[],
): Promise<readonly VerifiedSwitch[]> {
  const readers = readersOf(app, caller, fleet)
  return Promise.all(
    verifications.map(async ({ device: { name }, entries, baseline }): Promise<VerifiedSwitch> => {
      const specs = entries.map(({ spec }) => spec)
      try {
        const { replies } = await read(readers, name, (device) => device.look(commandsOf(specs)))
        const now = app.clock.now() / 1000
        const judgements = await judgeAll(specs, replies, { device: name, now, baseline })
        const results = entries.map((entry, index) => resultOf(name, entry, judgements[index]?.verdict ?? UNJUDGED))
        return { device: name, results }
      } catch (failure) {
        if (caller.stop.aborted) throw failure
        const reason = messageOf(failure)
        const results = entries.map((entry) => resultOf(name, entry, { status: 'error', reason }))
        return { device: name, results, failure }
      }
    }),
  )
}

const UNJUDGED = { status: 'error', reason: 'it was not judged' } as const
