import type { DeviceIdentity } from '../device/device.ts'
import { EosflowError } from '../model/error.ts'
import type { Json } from '../model/json.ts'
import type { TaskContext } from './context.ts'

/** What the snapshot task keeps of one switch. */
export interface SnapshotOfDevice {
  readonly identity: DeviceIdentity
  readonly foreignSessions: readonly string[]
  readonly mergeOnCommit: boolean
  readonly state: Readonly<Record<string, Json>>
}

/** What the snapshot before the plan has read, by switch. Throws `bug` when there is none. */
export async function snapshots(context: TaskContext<unknown>): Promise<(name: string) => SnapshotOfDevice> {
  if (context.snapshot === undefined) throw new EosflowError('bug', 'no snapshot stands before the plan')
  const all = JSON.parse(await context.texts.get(context.snapshot)) as Record<string, SnapshotOfDevice>
  return (name) => {
    const one = all[name]
    if (one === undefined) throw new EosflowError('bug', `no snapshot of ${name}`)
    return one
  }
}
