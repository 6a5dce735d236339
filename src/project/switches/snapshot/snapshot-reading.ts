import type { InventoryDevice } from '../../../change/inventory/inventory.ts'
import { combined } from '../../../change/task/act/on-each.ts'
import { read } from '../../../change/task/act/read.ts'
import { stateAreas } from '../../../eos/check/area/index.ts'
import { checkPort } from '../../../eos/check/check-port.ts'
import type { ClockReading } from '../../../eos/device/clock-agreement.ts'
import type { Look } from '../../../eos/device/device.ts'
import type { Clock } from '../../../model/clock.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import type { App } from '../../app/app.ts'
import type { Caller } from '../../identity/caller.ts'
import { type Readers, withReaders } from '../connect/read-each.ts'
import { skewOf } from '../connect/switch-clocks.ts'
import type { SnapshotDevice, SnapshotDocument } from './snapshot-document.ts'

export const SNAPSHOT_AREAS: readonly string[] = stateAreas.map(({ name }) => name)

// For how many seconds a switch may be silent unless the inventory says otherwise, and how much longer all of its answers may take.
const ANSWER_SECONDS = 120
const MORE_SECONDS = 30

export async function readSwitches(
  app: App,
  caller: Caller,
  chosen: readonly InventoryDevice[],
): Promise<SnapshotDocument['devices']> {
  const { devices, failures } = await readThose(app, caller, chosen)
  if (failures.length > 0) throw combined(failures)
  return devices
}

interface ReadSwitches {
  readonly devices: SnapshotDocument['devices']
  readonly failures: readonly unknown[]
}

export interface FirstAnswers {
  readonly tellClock?: (reading: ClockReading) => void
  readonly require?: (name: string, look: Look) => void
}

export async function readThose(
  app: App,
  caller: Caller,
  chosen: readonly InventoryDevice[],
  { tellClock, require }: FirstAnswers = {},
): Promise<ReadSwitches> {
  const checks = checkPort([])
  const readOne = async (readers: Readers, name: string): Promise<readonly [string, SnapshotDevice]> => {
    const look = await read(readers, name, async (device) => {
      const sent = app.clock.now()
      const answer = await device.look(checks.areaCommands(SNAPSHOT_AREAS))
      tellClock?.({ device: name, skew: skewOf(answer.epoch, sent, app.clock.now()) })
      return answer
    })
    require?.(name, look)
    const { running, startupDiff } = await read(readers, name, (device) => device.readConfig())
    const state = checks.readAreas(SNAPSHOT_AREAS, look.replies)
    return [name, { identity: look.identity, running, ...definedMembers({ startupDiff }), state }]
  }
  return await withReaders(app, caller, chosen, async (readers) => {
    const names = chosen.map(({ name }) => name)
    const limits = new Map(
      chosen.map(({ name, answerSeconds = ANSWER_SECONDS }) => [name, answerSeconds + MORE_SECONDS]),
    )
    const limitOf = (name: string) => limits.get(name) ?? ANSWER_SECONDS
    const settled = await Promise.allSettled(
      names.map((name) => inTime(app.clock, limitOf(name), name, () => readOne(readers, name))),
    )
    return {
      devices: Object.fromEntries(settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))),
      failures: settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : [])),
    }
  })
}

// Throws what failed with the name of the switch, `lost-answer` when the time is over.
async function inTime<T>(clock: Clock, seconds: number, name: string, work: () => Promise<T>) {
  const over = new AbortController()
  const late = clock.sleep(seconds * 1000, over.signal).then(() => {
    throw new EosflowError('lost-answer', `it did not answer within ${seconds} s`)
  })
  try {
    return await Promise.race([work(), late])
  } catch (error) {
    if (!(error instanceof EosflowError) || error.message.includes(name)) throw error
    const hint = error.hint === undefined ? {} : { hint: error.hint }
    throw new EosflowError(error.kind, `${name}: ${error.message}`, { ...hint, device: name, cause: error })
  } finally {
    over.abort()
  }
}
