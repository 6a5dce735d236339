import { EosflowError } from '../../../model/error.ts'
import { act } from './act.ts'
import type { TaskContext } from './context.ts'
import { observeSwitch, type SwitchNow } from './observe-switch.ts'
import { TIMER_MARGIN } from './own-timer.ts'

// How often a switch is looked at, and the pause between, in milliseconds: its list of sessions may lag behind a commit (napalm #734).
const LOOKS = 4
const PAUSE = 3_000

// `answered`: the switch took it without an error, and only its list of sessions says otherwise.
interface Sent {
  readonly session: string
  readonly answered: boolean
}

/** Where it names the timer at every look, the confirm is sent once more; with too little time for that an answered one is looked at again when the timer must be over. Throws `stale` where the configuration is not the approved one or the time is too short, and `lost-answer` where the timer is named to the end: the switch then says that an abort puts it back. */
export async function settleConfirm(context: TaskContext<unknown>, name: string, sent: Sent): Promise<void> {
  if (!(await isSettled(context, name, sent.answered))) {
    const again = await confirmAgain(context, name, sent)
    if (!(await isSettled(context, name, again))) {
      const message = `${name}: the confirm could not be settled: the switch still names our session`
      throw new EosflowError('lost-answer', message, { device: name })
    }
  }
  if (context.history(name).phase !== 'confirming') return
  await context.log.finished(name, 'confirm', { session: sent.session, outcome: 'done' })
}

/** EOS also prints what it only warns of with a `%` (docs/eos.md 5.3), and what is confirmed is not put back for it. */
export async function isConfirmedAllTheSame(
  context: TaskContext<unknown>,
  name: string,
  session: string,
): Promise<boolean> {
  if (!isConfirmed(await observeSwitch(context, name))) return false
  await context.log.finished(name, 'confirm', { session, outcome: 'done' })
  return true
}

async function isSettled(context: TaskContext<unknown>, name: string, answered: boolean) {
  for (let look = 1; ; look++) {
    const now = await observeSwitch(context, name)
    if (isConfirmed(now)) return true
    requireTarget(name, now)
    const left = now.secondsLeft ?? Number.POSITIVE_INFINITY
    if (left <= TIMER_MARGIN && !answered) throw notConfirmed(name, `only ${left} s are left of the commit timer`)
    if (look === LOOKS) return left <= TIMER_MARGIN && (await isConfirmedBehind(context, name, left))
    await context.clock.sleep(PAUSE, context.signal)
  }
}

function requireTarget(name: string, { found }: SwitchNow) {
  if (found === 'target' || found === 'armed') return
  throw notConfirmed(name, found === 'base' ? 'the commit timer has run out' : `found ${found}`)
}

async function isConfirmedBehind(context: TaskContext<unknown>, name: string, secondsLeft: number): Promise<true> {
  await context.clock.sleep(secondsLeft * 1000 + PAUSE, context.signal)
  if (isConfirmed(await observeSwitch(context, name))) return true
  throw notConfirmed(name, 'the commit timer has run out')
}

function isConfirmed({ found, own }: SwitchNow) {
  return found === 'target' && own.length === 0
}

async function confirmAgain(context: TaskContext<unknown>, name: string, { session, answered }: Sent) {
  try {
    const { outcome } = await act(context, name, 'confirm', { session }, (device) => device.confirm(session))
    return answered || outcome === 'done'
  } catch (error) {
    if (!(error instanceof EosflowError) || error.kind !== 'refused') throw error
    return answered
  }
}

function notConfirmed(name: string, why: string) {
  return new EosflowError('stale', `${name}: not confirmed: ${why}`, { device: name })
}
