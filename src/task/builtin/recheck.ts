import { z } from 'zod'
import { defineTask } from '../define.ts'
import { requireNoTimer } from '../foreign-timer.ts'
import { onEach } from '../on-each.ts'
import { read } from '../read.ts'
import { requireIdentity } from '../standing.ts'

/** Makes sure, before the first switch is touched, that none of several has moved on since the plan. */
export const recheck = defineTask({
  name: 'recheck',
  summary: 'Compare every switch, and its change, with the plan before the first one is touched.',
  docs: 'When the plan changes one switch and was made by this very execution, the push compares it anyway and nothing is asked here.',
  scope: 'task.snapshot',
  effect: 'read',
  input: z.strictObject({ always: z.boolean().default(false).describe('Compare even when only one switch changes.') }),
  async run(context) {
    const changed = await context.change.changed()
    if (changed.length < 2 && !context.input.always) return { compared: 0 }
    for (const name of changed) await context.change.renderAgain(name)
    await onEach(changed, async (name) => {
      const look = await read(context, name, (device) => device.look([]))
      await requireIdentity(context, name, look.identity)
      requireNoTimer(name, look.sessions)
      const reading = await read(context, name, (device) => device.readConfig())
      const planned = await context.change.planned(name)
      planned.requireBase(reading.running)
    })
    return { compared: changed.length }
  },
})
