import { isCloudVisions, isOpen, type Look, type Reply, type SessionTable } from '../../../eos/device/device.ts'
import { EosflowError } from '../../../model/error.ts'
import { isJsonObject } from '../../../model/json.ts'
import { OWN_SESSIONS, read, sessionPrefix } from './act.ts'
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

// How long behind its end a timer of somebody else is waited for, and how often a switch is asked for it, in milliseconds.
const GRACE = 30_000
const PAUSE_FOR_FOREIGN = 5_000

/** Throws `busy` while a commit timer runs on a switch that is about to be changed, whoever started it. */
export function requireNoTimer(name: string, { armed }: SessionTable): void {
  if (armed === undefined) return
  throw new EosflowError(
    'busy',
    `${name}: session ${armed.session} is under a commit timer, ${armed.secondsLeft} s left`,
    { device: name, hint: `${ownerOf(armed.session)}Wait until it is confirmed or has run out, then start again.` },
  )
}

/**
 * Gives the look once no commit timer of somebody else runs on a switch: what he has not confirmed must not be saved, and his abort would bring
 * back what is restored meanwhile. Throws `busy` where one runs on behind the time that it had left.
 */
export async function awaitNoTimer(context: TaskContext<unknown>, name: string, first: Look): Promise<Look> {
  const foreign = ({ sessions: { armed } }: Look) =>
    armed === undefined || armed.session.startsWith(sessionPrefix(context.execution)) ? undefined : armed
  const left = foreign(first)?.secondsLeft ?? 0
  const deadline = context.clock.monotonic() + left * 1000 + GRACE
  let look = first
  while (foreign(look) !== undefined) {
    if (context.clock.monotonic() >= deadline) requireNoTimer(name, look.sessions)
    await context.clock.sleep(PAUSE_FOR_FOREIGN, context.signal)
    look = await read(context, name, (device) => device.look([]))
  }
  return look
}

function ownerOf(session: string): string {
  return isCloudVisions(session) ? 'The name is one of CloudVision, which carries out a change there. ' : ''
}

const LOOKS_FOR_FOREIGN = 4
const BETWEEN = 2_000

/**
 * Gives the look once no other controller has a config session open on the switch. Throws `busy` when one stays: another
 * eosflow, with a store of its own, is about to change the switch (docs/fault-model.md row 19).
 */
export async function awaitNoController(context: TaskContext<unknown>, name: string, first: Look): Promise<Look> {
  let look = first
  for (let looks = 1; ; looks++) {
    const foreign = await foreignController(context, look)
    if (foreign === undefined) return look
    if (looks === LOOKS_FOR_FOREIGN) throw held(name, foreign)
    await context.clock.sleep(BETWEEN, context.signal)
    look = await read(context, name, (device) => device.look([]))
  }
}

async function foreignController(context: TaskContext<unknown>, { sessions }: Look) {
  for (const [session, state] of Object.entries(sessions.sessions)) {
    if (!session.startsWith(OWN_SESSIONS) || !isOpen(state)) continue
    if (!(await context.isOfThisStore(session))) return session
  }
  return undefined
}

function held(name: string, session: string) {
  return new EosflowError('busy', `${name}: another execution of eosflow has the config session ${session} open`, {
    device: name,
    hint: `Wait for it to end. If it is long over: eosflow sessions gc --all-eosflow -t ${name}`,
  })
}

/** The least time that must be left on a commit timer for eosflow to rely on it, in seconds by the switch's clock. */
export const TIMER_MARGIN = 20

/**
 * The same once the first switch of several is confirmed, in seconds. It is shorter: from then on putting back is the greater
 * danger, because no timer protects what is confirmed.
 */
export const CONFIRM_MARGIN = 10
