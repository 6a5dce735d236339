import { act } from './act.ts'
import type { TaskContext } from './context.ts'
import { read } from './read.ts'
import { requireSameSwitch } from './same-switch.ts'
import type { SnapshotOfDevice } from './snapshot-of.ts'
import { ownSessions, type Standing } from './standing.ts'

/** Aborts config sessions of this execution; nobody else's are touched. A lost answer is settled by looking again. */
export async function abortOwn(context: TaskContext<unknown>, name: string, own: Standing['own']): Promise<void> {
  for (const { name: session } of own) {
    const aborted = await act(context, name, 'abort', { session }, (device) => device.abort(session))
    if (aborted.outcome === 'done') continue
    const look = await read(context, name, (device) => device.look([]))
    if (!ownSessions(context.execution, look).some((left) => left.name === session)) continue
    await act(context, name, 'abort', { session }, (device) => device.abort(session))
  }
}

/**
 * Aborts what a plan has left on a switch: before there is a plan an execution has no other config session. Throws
 * `wrong-device` when another switch than that of the snapshot answers; nothing is sent to it.
 */
export async function abortPlanning(
  context: TaskContext<unknown>,
  name: string,
  { identity }: SnapshotOfDevice,
): Promise<void> {
  const look = await read(context, name, (device) => device.look([]))
  requireSameSwitch(name, look.identity, identity, 'in the snapshot was')
  await abortOwn(context, name, ownSessions(context.execution, look))
}
