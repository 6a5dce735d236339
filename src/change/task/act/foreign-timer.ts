import { isCloudVisions, isOpen, type Look, type SessionTable } from '../../../eos/device/device.ts'
import { EosflowError } from '../../../model/error.ts'
import { read } from './act.ts'
import type { TaskContext } from './context.ts'
import { OWN_SESSIONS, sessionPrefix } from './session-name.ts'

// How long behind its end a timer of somebody else is waited for, and how often a switch is asked for it, in milliseconds.
const GRACE = 30_000
const PAUSE = 5_000

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
    await context.clock.sleep(PAUSE, context.signal)
    look = await read(context, name, (device) => device.look([]))
  }
  return look
}

function ownerOf(session: string): string {
  return isCloudVisions(session) ? 'The name is one of CloudVision, which carries out a change there. ' : ''
}

const LOOKS = 4
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
    if (looks === LOOKS) throw held(name, foreign)
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
