import { z } from 'zod'
import { EosflowError } from '../../../model/error.ts'
import { onEachPresent, read } from '../act/act.ts'
import { defineTask, type JudgedCheck, type TaskContext } from '../act/context.ts'
import { requireNotThere, requireOnRecord } from '../act/observe-switch.ts'
import { requireNoTimer } from '../act/own-timer.ts'
import { plannedBeside, refusedIn, requireAnswers, requirePlannedSwitch } from '../act/planned-base.ts'
import type { RenderedChange } from '../act/rendered-change.ts'
import { isGood, judgeNeighbors, linesOf, neighborConfig, watchOf } from '../act/verify-round.ts'

const Input = z.strictObject({
  always: z.boolean().default(false).describe('Compare even when only one switch changes.'),
})
type Context = TaskContext<z.output<typeof Input>>

/** Makes sure, before the first switch is touched, that none of several has moved on since the plan. */
export const recheck = defineTask({
  name: 'recheck',
  summary: 'Compare every switch, and its change, with the plan before the first one is touched.',
  docs: 'Asks again what the checks will ask. When the plan changes one switch and was made by this very execution, the push compares it anyway and nothing is asked here, unless something is expected of the change: then the state of the switches and of their neighbours must still be that of the plan, since what is different already could only fail the verification.',
  scope: 'task.snapshot',
  effect: 'read',
  input: Input,
  async run(context) {
    const changed = await context.change.changed()
    const { compared } = context.checks
    // A plan that was saved may be old; else they were asked with the snapshot.
    const probes = context.snapshot === undefined ? await context.questions.refusedProbes() : []
    await requireAnswers(context, probes)
    if (changed.length < 2 && !context.input.always && compared === undefined) return { compared: 0 }
    const changes = new Map<string, RenderedChange>()
    for (const name of changed) changes.set(name, await context.change.renderAgain(name))
    const began = context.clock.monotonic()
    const refused = await onEachPresent(context, changed, async (name) => {
      const commands = compared === undefined ? context.checks.commandsFor(name) : context.checks.commands
      const look = await read(context, name, (device) => device.look(commands))
      await requirePlannedSwitch(context, name, look.identity)
      await requireOnRecord(context, name, look)
      requireNoTimer(name, look.sessions)
      const reading = await read(context, name, (device) => device.readConfig())
      await requireNotThere(context, name, reading.running)
      const planned = await plannedBeside(context, name, reading.running)
      planned.requireBase(reading.running)
      planned.requireShown(changes.get(name) ?? (await context.change.renderAgain(name)))
      if (compared !== undefined) await requireSameState(context, name, { replies: look.replies, began })
      return refusedIn(context, name, commands, look)
    })
    await requireAnswers(context, refused.flat())
    return { compared: changed.length }
  },
})

// Throws `stale` unless what is compared with the state before the change is still as the plan has it.
async function requireSameState(
  context: Context,
  name: string,
  { replies, began }: { readonly replies: Parameters<Context['checks']['judge']>[0]; readonly began: number },
) {
  const { checks, clock } = context
  const { baseline, neighbors } = await watchOf(context, name)
  const given = { device: name, baseline, now: clock.now() / 1000 }
  const judged = await checks.judgeBeside(replies, given)
  const own = (checks.compared?.places ?? []).flatMap((place) => judged[place] ?? [])
  const around = [
    ...(await judgeNeighbors(context, neighbors, began)),
    ...(await Promise.all(
      neighbors
        .filter(({ isUnchanged }) => isUnchanged !== undefined)
        .map((one) => neighborConfig(context, one, { since: began, behindCommit: false })),
    )),
  ]
  const different: readonly JudgedCheck[] = [...own, ...around].filter((one) => !isGood(one))
  if (different.length === 0) return
  const message = `${name}: the network is no longer as the plan found it: ${linesOf(different).join('\n')}`
  throw new EosflowError('stale', message, { device: name, hint: 'Plan again and have the new plan approved.' })
}
