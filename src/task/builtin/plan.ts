import { z } from 'zod'
import { EosflowError } from '../../model/error.ts'
import { act } from '../act.ts'
import type { DeviceEvidence, TaskContext } from '../context.ts'
import { defineTask } from '../define.ts'
import { abortPlanning } from '../leftovers.ts'
import { onEach } from '../on-each.ts'
import { sessionName } from '../session-name.ts'
import { neighborSnapshots, type SnapshotOfDevice, snapshots } from '../snapshot-of.ts'

/** Lets every switch compute the change in a config session of its own, aborts the session, and settles the plan. */
export const plan = defineTask({
  name: 'plan',
  summary: 'Compute the exact change of every switch, by the switch, and settle it as a plan with a digest.',
  docs: "One text round trip per switch: the change is loaded into a config session, shown, and the session aborted. Nothing is committed. A line that a switch refuses ends the execution with the switch's own message.",
  scope: 'task.plan',
  effect: 'write',
  input: z.strictObject({}),
  async run(context) {
    const snapshotOf = await snapshots(context)
    const evidence = await onEach(context.devices, (name) => evidenceOf(context, name, snapshotOf(name)))
    const { digest, changed } = await context.change.settle(evidence, await neighborSnapshots(context))
    return { digest, changed }
  },
  async probe(context) {
    const snapshotOf = await snapshots(context)
    await onEach(context.devices, (name) => abortPlanning(context, name, snapshotOf(name)))
    return { do: 'again' }
  },
})

async function evidenceOf(
  context: TaskContext<unknown>,
  name: string,
  snapshot: SnapshotOfDevice,
): Promise<DeviceEvidence> {
  const { sessions, planning } = context.history(name)
  if (planning !== undefined) await abortPlanning(context, name, snapshot)
  const rendered = await context.change.render(name)
  const session = sessionName(context.execution, sessions + 1)
  const { mode, commands } = rendered
  try {
    const staged = await act(context, name, 'stage', { session }, (device) => device.stage({ session, mode, commands }))
    if (staged.outcome === 'unknown') throw lostAnswer(name)
    const { neighbors: _beside, ...shown } = snapshot
    const { checkpoints } = staged.result
    const spent =
      checkpoints === undefined ? {} : { spentCheckpoints: await context.checkpoints.spent(name, checkpoints) }
    return { device: name, ...shown, rendered, staged: staged.result, ...spent }
  } catch (error) {
    // Why the plan failed is what a person has to know; what is left behind is taken away when the execution ends.
    await abortPlanning(context, name, snapshot).catch(unlessOurs)
    throw error
  }
}

function lostAnswer(name: string): EosflowError {
  const message = `${name}: the answer to the planning session was lost; nothing was committed`
  return new EosflowError('lost-answer', message, { device: name, hint: 'Plan again.' })
}

/** Failures of eosflow itself, of its store and of its lease end the task whatever else went wrong. */
function unlessOurs(error: unknown): void {
  if (!(error instanceof EosflowError) || ['bug', 'store', 'busy'].includes(error.kind)) throw error
}
