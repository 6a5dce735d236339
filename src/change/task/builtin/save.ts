import { z } from 'zod'
import { savedState } from '../../../eos/device/device.ts'
import { EosflowError } from '../../../model/error.ts'
import { act, read, releaseSwitch } from '../act/act.ts'
import { requireTarget, sendBootLines } from '../act/beside-target.ts'
import { defineTask, oneDevice, type TaskContext } from '../act/context.ts'
import { isRefusal } from '../act/mend-startup.ts'
import { requireIdentity } from '../act/observe-switch.ts'
import { awaitNoTimer } from '../act/own-timer.ts'

export const save = defineTask({
  name: 'save',
  summary: 'Save the confirmed change of one switch as startup-config, and read both configurations back.',
  docs: 'One round trip. It follows the confirms of all switches that are confirmed together: no commit timer runs any more, however long a save takes. Both texts are read back. After it come the `boot` lines of the change, which nothing undoes.',
  scope: 'task.confirm',
  effect: 'write',
  undo: 'rollback',
  input: z.strictObject({}),
  async run(context) {
    const name = oneDevice(context)
    const { session, reached } = context.history(name)
    if (session === undefined || (reached !== 'confirm' && reached !== 'save')) {
      throw new EosflowError('bug', `${name}: nothing was confirmed that could be saved`)
    }
    if (context.isHeldOver(name)) await requirePlanned(context, name)
    const reading = (await saveOnce(context, name, session)) ?? (await saveOnce(context, name, session))
    if (reading === undefined) {
      throw new EosflowError('lost-answer', `${name}: saving startup-config could not be settled`, { device: name })
    }
    await requireTarget(context, name, reading.running, 'after the save')
    const isSaved = savedState(reading)
    if (isSaved === 'unknown') {
      throw new EosflowError('refused', `${name}: startup-config cannot be read after the save`, { device: name })
    }
    if (isSaved === 'unsaved') {
      throw new EosflowError('refused', `${name}: startup-config still differs from running-config after the save`, {
        device: name,
      })
    }
    await sendBootLines(context, name, session)
    await releaseSwitch(context, name)
    return { session }
  },

  /** A switch that has booted since has lost the change, and says so before anything is saved. */
  async probe(context) {
    const name = oneDevice(context)
    const { running } = await read(context, name, (device) => device.readConfig())
    await requireTarget(context, name, running, 'before the save')
    return { do: 'again' }
  },
})

// While no controller ran, another switch may have taken the address, and somebody with a store of his own may have begun a change: what
// nobody has confirmed must not be saved.
async function requirePlanned(context: TaskContext<unknown>, name: string) {
  const look = await read(context, name, (device) => device.look([]))
  await requireIdentity(context, name, look.identity)
  if ((await awaitNoTimer(context, name, look)) === look) return
  const { running } = await read(context, name, (device) => device.readConfig())
  await requireTarget(context, name, running, 'before the save')
}

async function saveOnce(context: TaskContext<unknown>, name: string, session: string) {
  let refused: unknown
  const saved = await act(context, name, 'save', { session }, (device) => device.save()).catch((error: unknown) => {
    if (!isRefusal(error)) throw error
    refused = error
    return { outcome: 'unknown' as const }
  })
  if (saved.outcome === 'done') return saved.result
  const reading = await read(context, name, (device) => device.readConfig()).catch((error: unknown) => {
    throw refused ?? error
  })
  // A switch that has booted since shows no difference either, because it has lost the change.
  await requireTarget(context, name, reading.running, 'after the save')
  if (savedState(reading) !== 'saved') {
    if (refused !== undefined) throw refused
    return undefined
  }
  await context.log.finished(name, 'save', { session, outcome: 'done' })
  return reading
}
