import type { DeviceIdentity } from '../../../eos/device/device.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Json } from '../../../model/json.ts'
import type { RefusedQuestion } from '../../../model/refused-question.ts'
import type { NeighborEvidence, TaskContext } from './context.ts'

export interface SnapshotOfDevice {
  readonly identity: DeviceIdentity
  readonly foreignSessions: readonly string[]
  readonly mergeOnCommit: boolean
  readonly state: Readonly<Record<string, Json>>
  readonly roundTrip?: number
  readonly refused?: readonly RefusedQuestion[]
  readonly neighbors?: readonly NeighborEvidence[]
}

/** What the snapshot before the plan has read, by switch. Throws `bug` when there is none. */
export async function snapshots(
  context: Pick<TaskContext<unknown>, 'snapshot' | 'texts'>,
): Promise<(name: string) => SnapshotOfDevice> {
  const all = await kept(context)
  return (name) => {
    const one = all[name]
    if (one === undefined) throw new EosflowError('bug', `no snapshot of ${name}`)
    return one
  }
}

export async function neighborSnapshots(
  context: Pick<TaskContext<unknown>, 'snapshot' | 'texts'>,
): Promise<readonly NeighborEvidence[]> {
  return Object.values(await kept(context)).flatMap(({ neighbors = [] }) => neighbors)
}

async function kept(
  context: Pick<TaskContext<unknown>, 'snapshot' | 'texts'>,
): Promise<Readonly<Record<string, SnapshotOfDevice>>> {
  if (context.snapshot === undefined) throw new EosflowError('bug', 'no snapshot comes before the plan')
  return JSON.parse(await context.texts.get(context.snapshot)) as Record<string, SnapshotOfDevice>
}
