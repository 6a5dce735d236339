import type { SessionToEnd, SwitchLeftovers } from '../../../report/recover/switch-leftovers.ts'
import { visibleLine } from '../../../report/text/visible.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import type { App } from '../../app/app.ts'
import type { FoundLostTail } from '../../app/store/missing-records.ts'
import type { Caller } from '../../identity/caller.ts'
import { passClock } from '../../system/process/pass-clock.ts'
import { openFleet } from '../connect/open-fleet.ts'
import { trustRecord } from '../connect/trust-record.ts'
import { chosenDevices } from '../inventory/chosen-devices.ts'
import { abortWanted, wantedOf } from './abort-named.ts'
import { scan } from './find-leftovers.ts'
import { RecordOfLook } from './read-sessions.ts'

/** What somebody wants of a store that was lost. */
export interface Recovery {
  readonly target: string | undefined
  /** The sessions to end, by their names. */
  readonly names: readonly string[]
  /** Asks for the sessions to end, where none is named. */
  choose(found: readonly SwitchLeftovers[]): Promise<readonly SessionToEnd[]>
}

/** What is on the switches in the end, and which sessions were aborted. */
export interface RecoveryResult {
  readonly found: readonly SwitchLeftovers[]
  readonly aborted: readonly SessionToEnd[]
  /** What the store lacks, where every switch was asked: whoever has seen both may accept it. */
  readonly lost?: FoundLostTail
}

/**
 * Finds what eosflow has left on switches, and aborts the sessions that a person wants to end. Throws `stale` and `busy` as
 * {@link wantedOf} does.
 */
export async function recover(app: App, caller: Caller, { target, names, choose }: Recovery): Promise<RecoveryResult> {
  const inventory = app.project.inventory()
  const chosen = chosenDevices(inventory, target)
  const lets = await requireAllowed(app, caller, 'device.unlock', { devices: chosen.map(({ name }) => name) })
  const fleet = openFleet(app, caller, inventory, chosen, { record: trustRecord(app, caller) })
  const scanAll = (): Promise<readonly SwitchLeftovers[]> => {
    const record = new RecordOfLook(app)
    return Promise.all(chosen.map(({ name }) => scan(app, caller, fleet.as('read'), name, record)))
  }
  try {
    const found = await scanAll()
    const wanted = names.length > 0 ? await wantedOf(app, found, names) : await choose(found)
    const lost = target === undefined ? await app.shared?.lostTail() : undefined
    const seen = lost === undefined ? {} : { lost }
    if (wanted.length === 0) return { found, aborted: [], ...seen }
    await passClock(app.clockRule, caller)
    for (const complaint of await abortWanted(app, caller, fleet, { wanted, lets }))
      caller.tell(`${visibleLine(complaint)}\n`)
    return { found: await scanAll(), aborted: wanted, ...seen }
  } finally {
    await fleet.close()
  }
}
