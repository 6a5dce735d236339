import { z } from 'zod'
import { EosflowError } from '../../../model/error.ts'
import { act, onEach, onEachPresent, read, sessionName } from '../act/act.ts'
import { type DeviceEvidence, defineTask, type TaskContext } from '../act/context.ts'
import { abortPlanning } from '../act/observe-switch.ts'
import { needsRunning, type RenderedChange, stageableChange } from '../act/rendered-change.ts'
import { neighborSnapshots, type SnapshotOfDevice, snapshots } from '../act/snapshot-of.ts'
import { isSameSwitch } from '../act/switch-identity.ts'

export const plan = defineTask({
  name: 'plan',
  summary: 'Compute the exact change of every switch, by the switch, and settle it as a plan with a digest.',
  docs: "One text round trip per switch: the change is loaded into a config session, shown, and the session aborted. Nothing is committed. In one more the switch is asked what is behind the ports, VLANs, VRFs and neighbours that change; `plan: { behind: false }` in `eosflow.yaml` leaves it out. A line that a switch refuses ends the execution with the switch's own message. A change with a line that nothing knows, or a changed `boot` line, is computed by the configuration model: it reaches no switch before the approval.",
  scope: 'task.plan',
  effect: 'write',
  input: z.strictObject({}),
  async run(context) {
    const snapshotOf = await snapshots(context)
    const evidence = await onEachPresent(
      context,
      context.devices,
      async (name) => withBehind(context, await evidenceOf(context, name, snapshotOf(name))),
      // What may have been left in a session has to be settled first.
      (name) => context.history(name).planning === undefined,
    )
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
  context.change.requireEos(name, snapshot.identity.eos)
  const rendered = await context.change.render(name)
  const { neighbors: _beside, ...shown } = snapshot
  const asked = needsRunning(rendered) ? await settled(context, name, snapshot, rendered) : { sent: rendered }
  if ('offline' in asked) return { ...asked.offline, ...shown, isOffline: true }
  const session = sessionName(context.execution, sessions + 1)
  const { mode, commands } = asked.sent
  try {
    const staged = await act(context, name, 'stage', { session }, (device) => device.stage({ session, mode, commands }))
    if (staged.outcome === 'unknown') throw lostAnswer(name)
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

async function withBehind(context: TaskContext<unknown>, evidence: DeviceEvidence) {
  const question = context.change.behind(evidence)
  if (question === undefined) return evidence
  try {
    const device = await context.fleet.as('read').device(evidence.device)
    const { identity, replies, epoch } = await device.look(question.commands)
    const behind = isSameSwitch(identity, evidence.identity)
      ? question.told(replies, epoch)
      : question.untold(`another switch answered, serial ${identity.serial}`)
    return { ...evidence, behind }
  } catch (error) {
    unlessOurs(error)
    return { ...evidence, behind: question.untold(error instanceof EosflowError ? error.message : String(error)) }
  }
}

// Throws `guard`.
async function settled(
  context: TaskContext<unknown>,
  name: string,
  { identity }: SnapshotOfDevice,
  change: RenderedChange,
): Promise<{ readonly offline: DeviceEvidence } | { readonly sent: RenderedChange }> {
  const reading = await read(context, name, (device) => device.readConfig())
  const sent = stageableChange(change, { name, eos: identity.eos, running: reading.running })
  if (sent !== undefined) return { sent }
  return { offline: context.change.compute(name, identity, reading, change) }
}

function lostAnswer(name: string) {
  const message = `${name}: the answer to the planning session was lost; nothing was committed`
  return new EosflowError('lost-answer', message, { device: name, hint: 'Plan again.' })
}

function unlessOurs(error: unknown) {
  if (!(error instanceof EosflowError) || ['bug', 'store', 'busy'].includes(error.kind)) throw error
}
