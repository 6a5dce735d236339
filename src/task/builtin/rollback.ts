import { z } from 'zod'
import { EosflowError } from '../../model/error.ts'
import { act } from '../act.ts'
import type { TaskContext } from '../context.ts'
import { defineTask } from '../define.ts'
import { foreignOnly } from '../foreign-only.ts'
import { abortOwn } from '../leftovers.ts'
import { oneDevice } from '../one-device.ts'
import { isTransient } from '../read.ts'
import { type Standing, standing } from '../standing.ts'

/** How long a switch may take to come back after its own timer has reverted it, in milliseconds (security 7.3, row 13). */
const GRACE = 60_000
const PAUSE = 3_000
/** How often a switch is read before what it shows is called unknown: a rollback may still be finishing (eos-reference 2.4). */
const READINGS = 4

/**
 * Puts one switch back and proves it. While the commit timer runs the session is aborted; after a confirm the
 * checkpoint is restored, and no timer protects that. A switch that does not answer is asked until its timer must have
 * reverted it. Never says `reverted` without having read it.
 */
export const rollback = defineTask({
  name: 'rollback',
  summary: 'Put one switch back to where it was, and read it back.',
  docs: 'Abort while the commit timer runs, checkpoint afterwards, always proven by reading running-config and startup-config. What cannot be proven is reported as unknown, with what a person does next.',
  scope: 'task.rollback',
  effect: 'write',
  input: z.strictObject({}),
  async run(context) {
    const name = oneDevice(context)
    if (context.history(name).reached === 'nothing') {
      await context.log.undone(name, 'untouched', 'nothing was sent that changes it')
      return {}
    }
    const deadline = context.clock.monotonic() + patience(context, name)
    for (let asked = 1; ; asked++) {
      try {
        const end = await putBack(context, name)
        if (end.end !== 'unknown' || asked >= READINGS) {
          await context.log.undone(name, end.end, end.detail)
          return {}
        }
        await context.clock.sleep(PAUSE, context.signal)
      } catch (error) {
        if (!isTransient(error)) throw error
        if (context.clock.monotonic() >= deadline) {
          await context.log.settled(name, 'unreachable', `no answer to ${asked} attempts`)
          await context.log.undone(name, 'unknown', advice(context, name))
          return {}
        }
        await context.clock.sleep(PAUSE, context.signal)
        await context.fleet.renew(name).catch(() => undefined)
      }
    }
  },
  async probe() {
    return { do: 'again' }
  },
})

/** The time to the end of the commit timer, if one was started, and the grace; in milliseconds. */
function patience(context: TaskContext<unknown>, name: string): number {
  const { armedAt, timer } = context.history(name)
  const left = armedAt === undefined || timer === undefined ? 0 : armedAt + timer * 1000 - context.clock.now()
  return Math.max(0, left) + GRACE
}

async function putBack(
  context: TaskContext<unknown>,
  name: string,
): Promise<{ end: 'reverted' | 'untouched' | 'unknown'; detail: string }> {
  let now = await standing(context, name)
  if (now.own.length > 0) {
    await abortOwn(context, name, now.own)
    now = await standing(context, name)
  }
  const { reached, checkpoint, session } = context.history(name)
  const confirmed = reached === 'confirm' || reached === 'save'
  if (now.found !== 'base' && confirmed && checkpoint !== undefined && now.own.length === 0) {
    const detail = { session: session ?? '', checkpoint }
    await act(context, name, 'restore', detail, (device) => device.restore(checkpoint))
    now = await standing(context, name)
  }
  now = await mendStartup(context, name, now)
  return judge(context, name, now)
}

/** A startup-config that holds what was never confirmed would come back at the next reboot. */
async function mendStartup(context: TaskContext<unknown>, name: string, now: Standing): Promise<Standing> {
  const { startupEqualsRunning } = await context.change.planned(name)
  const { reached, session } = context.history(name)
  const mustBeSaved = startupEqualsRunning || reached === 'save'
  if (now.found !== 'base' || now.reading.startupDiff.trim() === '' || !mustBeSaved) return now
  await act(context, name, 'save', { session: session ?? '' }, (device) => device.save())
  return standing(context, name)
}

async function judge(
  context: TaskContext<unknown>,
  name: string,
  now: Standing,
): Promise<{ end: 'reverted' | 'untouched' | 'unknown'; detail: string }> {
  const { reached, base, target } = context.history(name)
  const saved = now.reading.startupDiff.trim() === '' ? '' : '; startup-config differs from running-config'
  if (now.own.length > 0) throw new EosflowError('lost-answer', `${name}: own session is still open`, { device: name })
  if (reached === 'stage') {
    const why = now.found === 'base' ? 'never committed' : 'never committed; somebody else has changed running-config'
    return { end: 'untouched', detail: `${why}${saved}` }
  }
  if (now.found === 'base')
    return { end: 'reverted', detail: `read back: running-config equals the one before${saved}` }
  if (base !== undefined && target !== undefined) {
    const texts = [await context.texts.get(base), await context.texts.get(target)] as const
    const lines = foreignOnly(texts[0], texts[1], now.reading.running)
    if (lines !== undefined) {
      return {
        end: 'reverted',
        detail: `read back: the change is gone; ${lines} lines of somebody else's change remain${saved}`,
      }
    }
  }
  return {
    end: 'unknown',
    detail: `running-config is neither the one before nor without the change${saved}. ${advice(context, name)}`,
  }
}

function advice(context: TaskContext<unknown>, name: string): string {
  const { checkpoint, session } = context.history(name)
  const restore =
    checkpoint === undefined ? '' : `; to go back: configure replace checkpoint:${checkpoint} skip-checkpoint`
  return `Log in to ${name} and compare: show configuration sessions detail (ours is ${session ?? 'none'}), show running-config${restore}`
}
