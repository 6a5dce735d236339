import { z } from 'zod'
import type { ConfigReading } from '../../device/device.ts'
import type { SessionTable } from '../../device/session-table.ts'
import { savedState } from '../../device/startup.ts'
import { EosflowError } from '../../model/error.ts'
import { act } from '../act.ts'
import { foundBesideTarget } from '../beside-target.ts'
import { isTarget, sendBootLines } from '../boot-lines.ts'
import type { TaskContext } from '../context.ts'
import { defineTask, type Probe } from '../define.ts'
import { quoted } from '../foreign-lines.ts'
import { oneDevice } from '../one-device.ts'
import { read } from '../read.ts'
import { standing } from '../standing.ts'
import { TIMER_MARGIN } from '../timer-margin.ts'

/** Confirms the verified change of one switch, then saves it, each read back. */
export const confirm = defineTask({
  name: 'confirm',
  summary: 'Confirm the verified change of one switch, save it as startup-config, and read both back.',
  docs: 'Three round trips over the connection that was opened after the commit: running-config must equal the approved candidate; confirm and sessions; save and read-back. Startup-config is written only after the confirm.',
  scope: 'task.confirm',
  effect: 'write',
  undo: 'rollback',
  input: z.strictObject({}),
  async run(context) {
    const name = oneDevice(context)
    await context.approval.requireUnrevoked()
    if (context.isHeldOver(name)) await requireTimeLeft(context, name)
    const reading = await read(context, name, (device) => device.readConfig())
    await requireTarget(context, name, reading.running, 'before the confirm')
    const { session } = context.history(name)
    if (session === undefined) throw new EosflowError('bug', `${name}: nothing to confirm`)
    const confirmed = await act(context, name, 'confirm', { session }, (device) => device.confirm(session))
    if (confirmed.outcome === 'unknown') await settleConfirm(context, name, session)
    else if (!isConfirmed(confirmed.result, session)) {
      throw new EosflowError('refused', `${name}: the switch does not say that session ${session} is confirmed`, {
        device: name,
      })
    }
    await save(context, name, session)
    await sendBootLines(context, name, session)
    return { session }
  },

  async probe(context): Promise<Probe> {
    const name = oneDevice(context)
    const { reached, session } = context.history(name)
    if (reached === 'arm') return { do: 'again' }
    if (session === undefined) throw new EosflowError('bug', `${name}: nothing to confirm`)
    await settleConfirm(context, name, session)
    await save(context, name, session)
    await sendBootLines(context, name, session)
    return { do: 'done', output: { session } }
  },
})

/** With less than the margin left the timer may strike before the confirm does (security 7.3, row 9). */
async function requireTimeLeft(context: TaskContext<unknown>, name: string): Promise<void> {
  const { sessions } = await read(context, name, (device) => device.look([]))
  const left = sessions.armed?.session === context.history(name).session ? sessions.armed?.secondsLeft : undefined
  if (left !== undefined && left > TIMER_MARGIN) return
  const found =
    left === undefined
      ? 'the change is no longer under our commit timer'
      : `only ${left} s are left of the commit timer`
  throw new EosflowError('stale', `${name}: not confirmed: ${found}`, { device: name })
}

/** A state that no known EOS version prints is never read as confirmed (security 7.1). */
function isConfirmed({ armed, sessions }: SessionTable, session: string): boolean {
  const state = sessions[session]
  return armed?.session !== session && (state === undefined || state === 'completed')
}

/** After a lost answer or a crash around the confirm: the switch decides. */
async function settleConfirm(context: TaskContext<unknown>, name: string, session: string): Promise<void> {
  const now = await standing(context, name)
  if (now.found === 'target' && now.own.length === 0) return
  if (now.secondsLeft === undefined || now.secondsLeft <= TIMER_MARGIN) {
    throw new EosflowError(
      'stale',
      `${name}: not confirmed: ${now.found === 'base' ? 'the commit timer has run out' : `found ${now.found}`}`,
      { device: name },
    )
  }
  const again = await act(context, name, 'confirm', { session }, (device) => device.confirm(session))
  if (again.outcome === 'done' && isConfirmed(again.result, session)) return
  const last = await standing(context, name)
  if (last.found !== 'target' || last.own.length > 0) {
    throw new EosflowError('lost-answer', `${name}: the confirm could not be settled`, { device: name })
  }
}

async function save(context: TaskContext<unknown>, name: string, session: string): Promise<void> {
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
}

/** Undefined when the answer was lost and the switch shows that nothing was saved: only then may it be sent again. */
async function saveOnce(
  context: TaskContext<unknown>,
  name: string,
  session: string,
): Promise<ConfigReading | undefined> {
  const saved = await act(context, name, 'save', { session }, (device) => device.save())
  if (saved.outcome === 'done') return saved.result
  const reading = await read(context, name, (device) => device.readConfig())
  // A switch that has booted since shows no difference either, because it has lost the change.
  await requireTarget(context, name, reading.running, 'after the save')
  if (savedState(reading) !== 'saved') return undefined
  await context.log.finished(name, 'save', { session, outcome: 'done' })
  return reading
}

async function requireTarget(
  context: TaskContext<unknown>,
  name: string,
  running: string,
  when: string,
): Promise<void> {
  if (await isTarget(context, name, running)) return
  const { taken, foreign } = await foundBesideTarget(context, name, running)
  const lines = quoted([...taken, ...foreign])
  throw new EosflowError(
    'verification',
    `${name}: running-config is not the approved one ${when}; EOS or somebody else has changed: ${lines}`,
    { device: name },
  )
}
