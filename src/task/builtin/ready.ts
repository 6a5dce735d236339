import { z } from 'zod'
import { EosflowError } from '../../model/error.ts'
import { defineTask } from '../define.ts'
import { onEach } from '../on-each.ts'
import { read } from '../read.ts'
import { requireIdentity } from '../standing.ts'
import { TIMER_MARGIN } from '../timer-margin.ts'
import { isGood, judgeNeighbors } from '../verify-round.ts'
import { watchOf } from '../watch.ts'

/** The last look at all switches before the first of several confirms: from here on no timer protects the ones that are confirmed. */
export const ready = defineTask({
  name: 'ready',
  summary: 'Judge all checks of all switches once more and require time left on every commit timer.',
  docs: 'One further verify round per switch. Of a single switch nothing is asked, unless the state says `always` or the execution was resumed since its commit: its last verify round was this look.',
  scope: 'task.verify',
  effect: 'read',
  input: z.strictObject({ always: z.boolean().default(false).describe('Look even when there is only one switch.') }),
  async run(context) {
    const changed = (await context.change.changed()).filter((name) => context.devices.includes(name))
    const isNeeded = changed.length > 1 || context.input.always || changed.some((name) => context.isHeldOver(name))
    if (!isNeeded) return { looked: 0 }
    const began = context.clock.monotonic()
    await onEach(changed, async (name) => {
      const look = await read(context, name, (device) => device.look(context.checks.commands))
      await requireIdentity(context, name, look.identity)
      const { armed } = look.sessions
      if (armed === undefined || armed.session !== context.history(name).session) {
        throw new EosflowError('verification', `${name}: the change is no longer under our commit timer`, {
          device: name,
        })
      }
      if (armed.secondsLeft <= TIMER_MARGIN) {
        throw new EosflowError(
          'verification',
          `${name}: only ${armed.secondsLeft} s are left of the commit timer, too few to confirm all switches`,
          { device: name },
        )
      }
      const { baseline, neighbors } = await watchOf(context, name)
      const given = { device: name, baseline, now: context.clock.now() / 1000 }
      const judged = [
        ...(await context.checks.judge(look.replies, given)),
        ...(await judgeNeighbors(context, neighbors, began)),
      ]
      const bad = judged.filter((one) => !isGood(one))
      for (const { check, verdict } of bad) await context.log.verdict(name, check, 0, verdict)
      if (bad.length > 0) {
        throw new EosflowError(
          'verification',
          `${name}: no longer good before the confirm: ${bad.map(({ check }) => check).join(', ')}`,
          { device: name },
        )
      }
    })
    return { looked: changed.length }
  },
})
