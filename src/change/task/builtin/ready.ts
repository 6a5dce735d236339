import { z } from 'zod'
import type { Look } from '../../../eos/device/device.ts'
import { confirmSeconds } from '../../../model/commit-time.ts'
import { EosflowError } from '../../../model/error.ts'
import { isRefusedLogin, onEach, patiently } from '../act/act.ts'
import { defineTask, type TaskContext } from '../act/context.ts'
import { lostTimer, TIMER_MARGIN } from '../act/own-timer.ts'
import { isGood, judgeNeighbors, lookAnew, numbered, watchOf } from '../act/verify-round.ts'

/** The last look at all switches before the first of several confirms: from here on no timer protects the ones that are confirmed. */
export const ready = defineTask({
  name: 'ready',
  summary:
    'Log in to all switches anew, judge all checks once more and require time on every commit timer for all confirms.',
  docs: 'One further verify round per switch, over a new login of the user that writes. Every commit timer must have time left until the last switch is confirmed. Of a single switch nothing is asked, unless the state says `always` or the execution was resumed since its commit: its last verify round was this look.',
  scope: 'task.verify',
  effect: 'read',
  input: z.strictObject({ always: z.boolean().default(false).describe('Look even when there is only one switch.') }),
  async run(context) {
    const changed = (await context.change.changed()).filter((name) => context.devices.includes(name))
    const isNeeded = changed.length > 1 || context.input.always || changed.some((name) => context.isHeldOver(name))
    if (!isNeeded) return { looked: 0 }
    const began = context.clock.monotonic()
    await onEach(changed, async (name) => {
      const look = await lookOverNewLogin(context, name)
      requireUnderTimer(context, name, look)
      const { baseline, neighbors } = await watchOf(context, name)
      const given = { device: name, baseline, now: context.clock.now() / 1000 }
      const judged = [
        ...(await context.checks.judge(look.replies, given)),
        ...(await judgeNeighbors(context, neighbors, began)),
      ]
      const bad = numbered(judged).filter((one) => !isGood(one))
      if (bad.length > 0) await context.log.verdicts(name, 0, bad)
      if (bad.length > 0) {
        throw failed(name, `no longer good before the confirm: ${bad.map(({ check }) => check).join(', ')}`)
      }
    })
    await onEach(changed, (name) => requireTime(context, name))
    return { looked: changed.length }
  },
})

async function lookOverNewLogin(context: TaskContext<unknown>, name: string) {
  try {
    const { look } = await patiently(context, () => lookAnew(context, name, context.checks.commands, 'proof'))
    return look
  } catch (error) {
    if (!isRefusedLogin(error)) throw error
    throw failed(name, `no answer to a new login before the confirm: ${error.message}`)
  }
}

function requireUnderTimer(context: TaskContext<unknown>, name: string, look: Look) {
  const { armed } = look.sessions
  if (armed === undefined || armed.session !== context.history(name).session) {
    throw failed(name, lostTimer(context, name, look))
  }
  context.timers.saw(name, armed.secondsLeft)
}

async function requireTime(context: TaskContext<unknown>, name: string) {
  const { switches, concurrency, roundTrip } = await context.change.confirmedWith(name)
  const needed = Math.ceil(confirmSeconds({ switches: switches.length, concurrency, roundTrip }))
  const left = context.timers.left(name) ?? 0
  if (left > TIMER_MARGIN + needed) return
  const message = `only ${left} s are left of the commit timer, too few to confirm all switches: ${switches.length} take ${needed} s, and ${TIMER_MARGIN} s must be left`
  throw failed(name, message)
}

function failed(name: string, message: string) {
  return new EosflowError('verification', `${name}: ${message}`, { device: name })
}
