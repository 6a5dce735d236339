import type { Look, Reply } from '../../../eos/device/device.ts'
import { EosflowError } from '../../../model/error.ts'
import { isJsonObject } from '../../../model/json.ts'
import { read } from './act.ts'
import type { TaskContext } from './context.ts'

// By how many seconds two readings of the same time may disagree: an uptime is told in whole seconds.
const BOOT_SLACK = 2

/**
 * Whether a switch has booted since its commit timer was started: it is up for less time than that. Says how something came about
 * and decides nothing, because the controller's clock may have jumped.
 */
export function hasRebooted(
  { clock, history }: Pick<TaskContext<unknown>, 'clock' | 'history'>,
  name: string,
  { uptime }: Pick<Look, 'uptime'>,
): boolean {
  const { armedAt } = history(name)
  return armedAt !== undefined && uptime + BOOT_SLACK < (clock.now() - armedAt) / 1000
}

export function lostTimer(
  context: Pick<TaskContext<unknown>, 'clock' | 'history'>,
  name: string,
  look: Pick<Look, 'uptime'>,
): string {
  const lost = 'the change is no longer under our commit timer'
  return hasRebooted(context, name, look) ? `the switch has rebooted: ${lost}` : lost
}

// A list of sessions was seen to lag behind a commit (napalm PR 734); the last of these looks is 6 s behind the first.
const LOOKS = 5
const PAUSE = 1_500
// By how many seconds the switch's clock may disagree about a timer that has only just begun.
const SLACK = 5
const SESSIONS = { cmd: 'show configuration sessions detail' }

/** The first look behind a timed commit in which the switch shows our session under a timer that can be the one we have set: an EOS version that tells it in another form must be noticed now, not when it is confirmed. Throws `verification` with the keys that the switch gave, at once where it has booted since. */
export async function requireOwnTimer(context: TaskContext<unknown>, name: string, first: Look): Promise<Look> {
  const { session, timer } = context.history(name)
  let look = first
  for (let looks = 1; !isOurs(look, session, timer); looks++) {
    if (hasRebooted(context, name, look)) {
      throw new EosflowError('verification', `${name}: ${lostTimer(context, name, look)}`, { device: name })
    }
    if (looks === LOOKS) throw unbelievable(name, look, { session, timer })
    await context.clock.sleep(PAUSE, context.signal)
    look = await read(context, name, (device) => device.look([SESSIONS]))
  }
  return look
}

function isOurs({ sessions: { armed } }: Look, session: string | undefined, timer: number | undefined) {
  if (armed === undefined || armed.session !== session) return false
  return armed.secondsLeft > 0 && (timer === undefined || armed.secondsLeft <= timer + SLACK)
}

function unbelievable(
  name: string,
  { sessions: { armed }, replies }: Look,
  { session, timer }: { readonly session: string | undefined; readonly timer: number | undefined },
) {
  const keys = `of ${session ?? 'our session'} the switch gave ${keysIn(replies[0], session)}`
  const isOther = armed === undefined || armed.session !== session
  const message = isOther
    ? `${name}: the change is no longer under our commit timer: ${keys}`
    : `${name}: the commit timer cannot be ours, with ${armed.secondsLeft} s left of ${timer ?? 0} s: ${keys}`
  return new EosflowError('verification', message, {
    device: name,
    ...(isOther ? {} : { hint: OTHER_FORM }),
  })
}

const OTHER_FORM =
  'An EOS version that tells its commit timer in another form cannot be changed safely. Send these keys with a report of the error.'

// The keys of the answer and of our session in it, which tell how the EOS version speaks.
function keysIn(reply: Reply | undefined, session: string | undefined) {
  if (reply?.ok !== true || !isJsonObject(reply.json)) return 'no list of sessions'
  const { sessions } = reply.json
  const listed = isJsonObject(sessions) ? sessions[session ?? ''] : undefined
  const own = isJsonObject(listed) ? `, of the session: ${Object.keys(listed).toSorted().join(' ')}` : ''
  return `the keys ${Object.keys(reply.json).toSorted().join(' ')}${own}`
}
