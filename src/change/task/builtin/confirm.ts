import { z } from 'zod'
import type { SessionTable } from '../../../eos/device/device.ts'
import { confirmSeconds, roundTripOfConfirm } from '../../../model/commit-time.ts'
import { EosflowError } from '../../../model/error.ts'
import { act, read } from '../act/act.ts'
import { requireTarget } from '../act/beside-target.ts'
import { defineTask, oneDevice, type Probe, type TaskContext } from '../act/context.ts'
import { isRefusal } from '../act/mend-startup.ts'
import { CONFIRM_MARGIN, lostTimer, TIMER_MARGIN } from '../act/own-timer.ts'
import { isConfirmedAllTheSame, settleConfirm } from '../act/settle-confirm.ts'

/** Confirms the verified change of one switch, so that its commit timer ends and the change stays. */
export const confirm = defineTask({
  name: 'confirm',
  summary: 'Confirm the verified change of one switch, and read back that no commit timer runs.',
  docs: 'Two round trips over the connection that the last look before it has proven: running-config must equal the approved candidate; confirm and sessions. It is not begun without time left for all confirms that are still to come. A switch that still names its timer behind the confirm is looked at again before anything is decided.',
  scope: 'task.confirm',
  effect: 'write',
  undo: 'rollback',
  input: z.strictObject({}),
  async run(context) {
    const name = oneDevice(context)
    await context.approval.requireUnrevoked()
    if (context.isHeldOver(name)) await requireTimeLeft(context, name)
    await requireTimeForAll(context, name)
    const began = context.clock.monotonic()
    const reading = await read(context, name, (device) => device.readConfig())
    await requireTarget(context, name, reading.running, 'before the confirm')
    await context.before.meetPartner('confirm')
    // What was rejected while the switch was read is not confirmed either.
    await context.approval.requireUnrevoked()
    requireTimeNow(context, name)
    const { session } = context.history(name)
    if (session === undefined) throw new EosflowError('bug', `${name}: nothing to confirm`)
    const confirmed = await act(context, name, 'confirm', { session }, (device) => device.confirm(session)).catch(
      async (refused: unknown) => {
        if (!isRefusal(refused)) throw refused
        const isDone = await isConfirmedAllTheSame(context, name, session).catch(() => false)
        if (!isDone) throw refused
        return undefined
      },
    )
    context.timers.tookToConfirm(context.clock.monotonic() - began)
    if (confirmed === undefined) return { session }
    const answered = confirmed.outcome === 'done'
    if (!answered || !isConfirmed(confirmed.result, session)) await settleConfirm(context, name, { session, answered })
    return { session }
  },

  async probe(context): Promise<Probe> {
    const name = oneDevice(context)
    const { reached, session } = context.history(name)
    if (reached === 'arm') return { do: 'again' }
    if (session === undefined) throw new EosflowError('bug', `${name}: nothing to confirm`)
    await settleConfirm(context, name, { session, answered: context.history(name).phase === 'confirmed' })
    return { do: 'done', output: { session } }
  },
})

// With less than the margin left the timer may strike before the confirm does (docs/fault-model.md row 9).
async function requireTimeLeft(context: TaskContext<unknown>, name: string) {
  const look = await read(context, name, (device) => device.look([]))
  const { sessions } = look
  const left = sessions.armed?.session === context.history(name).session ? sessions.armed?.secondsLeft : undefined
  if (left !== undefined && left > TIMER_MARGIN) {
    context.timers.saw(name, left)
    return
  }
  const found = left === undefined ? lostTimer(context, name, look) : `only ${left} s are left of the commit timer`
  throw new EosflowError('stale', `${name}: not confirmed: ${found}`, { device: name })
}

function requireTimeNow(context: TaskContext<unknown>, name: string) {
  const left = context.timers.left(name)
  if (left === undefined || left > TIMER_MARGIN) return
  const message = `${name}: not confirmed: only ${Math.max(0, left)} s are left of the commit timer`
  throw new EosflowError('stale', message, { device: name })
}

async function requireTimeForAll(context: TaskContext<unknown>, name: string) {
  const group = await context.change.confirmedWith(name)
  const { planned, concurrency } = group
  const roundTrip = Math.max(group.roundTrip, roundTripOfConfirm(context.timers.slowestConfirm))
  const secondsFor = (switches: number) => Math.ceil(confirmSeconds({ switches, concurrency, roundTrip }))
  const least = context.timers.soonest(planned)
  // Where that of none is too short for the confirms of all, nobody looks which are still open: each of thousands would look at all.
  if (least === undefined || least > CONFIRM_MARGIN + secondsFor(planned.length)) return
  const { open } = group
  const needed = secondsFor(open.length)
  for (const one of open) {
    const left = context.timers.left(one)
    if (left === undefined || left > CONFIRM_MARGIN + needed) continue
    const message = `${name}: not confirmed: only ${left} s are left of the commit timer of ${one}, and ${open.length} to confirm take ${needed} s`
    throw new EosflowError('stale', message, { device: name })
  }
}

// A state that no known EOS version prints is never read as confirmed (docs/eos.md 2.5).
function isConfirmed({ armed, sessions }: SessionTable, session: string) {
  const state = sessions[session]
  return armed?.session !== session && (state === undefined || state === 'completed')
}
