import { z } from 'zod'
import type { DeviceIdentity } from '../../device/device.ts'
import { EosflowError } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import { act } from '../act.ts'
import type { DeviceEvidence, TaskContext } from '../context.ts'
import { defineTask } from '../define.ts'
import { abortOwn } from '../leftovers.ts'
import { onEach } from '../on-each.ts'
import { read } from '../read.ts'
import { sessionName } from '../session-name.ts'
import { ownSessions } from '../standing.ts'

/** What the snapshot task keeps of one switch. */
interface SnapshotOfDevice {
  readonly identity: DeviceIdentity
  readonly foreignSessions: readonly string[]
  readonly mergeOnCommit: boolean
  readonly state: Readonly<Record<string, Json>>
}

/** Lets every switch compute the change in a config session of its own, aborts the session, and settles the plan. */
export const plan = defineTask({
  name: 'plan',
  summary: 'Compute the exact change of every switch, by the switch, and settle it as a plan with a digest.',
  docs: "One text round trip per switch: the change is loaded into a config session, shown, and the session aborted. Nothing is committed. A line that a switch refuses ends the execution with the switch's own message.",
  scope: 'task.plan',
  effect: 'write',
  input: z.strictObject({}),
  async run(context) {
    if (context.snapshot === undefined) throw new EosflowError('bug', 'no snapshot stands before the plan')
    const snapshots = JSON.parse(await context.texts.get(context.snapshot)) as Record<string, SnapshotOfDevice>
    const evidence = await onEach(context.devices, async (name) => {
      const snapshot = snapshots[name]
      if (snapshot === undefined) throw new EosflowError('bug', `no snapshot of ${name}`)
      return evidenceOf(context, name, snapshot)
    })
    const { digest, changed } = await context.change.settle(evidence)
    return { digest, changed }
  },
  async probe(context) {
    await onEach(context.devices, async (name) => {
      const look = await read(context, name, (device) => device.look([]))
      await abortOwn(context, name, ownSessions(context.execution, look))
    })
    return { do: 'again' }
  },
})

async function evidenceOf(
  context: TaskContext<unknown>,
  name: string,
  snapshot: SnapshotOfDevice,
): Promise<DeviceEvidence> {
  const rendered = await context.change.render(name)
  const session = sessionName(context.execution, context.history(name).sessions + 1)
  const { mode, commands } = rendered
  try {
    const staged = await act(context, name, 'stage', { session }, (device) => device.stage({ session, mode, commands }))
    if (staged.outcome === 'done') {
      return {
        device: name,
        identity: snapshot.identity,
        state: snapshot.state,
        rendered,
        staged: staged.result,
        foreignSessions: snapshot.foreignSessions,
        mergeOnCommit: snapshot.mergeOnCommit,
      }
    }
  } catch (error) {
    await cleanUp(context, name)
    throw error
  }
  await cleanUp(context, name)
  throw new EosflowError(
    'lost-answer',
    `${name}: the answer to the planning session was lost; the session is aborted and nothing was committed`,
    {
      device: name,
      hint: 'Plan again.',
    },
  )
}

async function cleanUp(context: TaskContext<unknown>, name: string): Promise<void> {
  const look = await read(context, name, (device) => device.look([]))
  await abortOwn(context, name, ownSessions(context.execution, look))
}
