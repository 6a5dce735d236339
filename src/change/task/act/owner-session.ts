import type { Look } from '../../../eos/device/device.ts'
import { OWNER_PLACES, ownerProof } from '../../../eos/device/owner-proof.ts'
import { freePlaces, isOpen } from '../../../eos/device/session-table.ts'
import type { Act, ActDetail } from '../../../model/act.ts'
import { ownsOn } from '../../../model/arm-terms.ts'
import { EosflowError, type ErrorKind } from '../../../model/error.ts'
import { actOnce } from './act-once.ts'
import type { TaskContext } from './context.ts'
import { read } from './read.ts'
import { isSameSwitch } from './same-switch.ts'
import { ownerSessionName } from './session-name.ts'

const RELEASES = 2

const PASSED_OVER: ReadonlySet<ErrorKind> = new Set([
  ...(['refused', 'unreachable', 'lost-answer', 'protocol', 'unauthenticated', 'tls', 'guard'] as const),
])

/** Acts before the timed commit took effect: without their owner session they are not done. What is behind it is not given up for that. */
export function leadsOn(kind: Act): boolean {
  return kind === 'stage' || kind === 'replay' || kind === 'prune' || kind === 'arm'
}

interface Wanted {
  readonly kind: Act
  readonly detail: ActDetail
  readonly gone?: string
}

/** The owner session under which an act is done; undefined where there is none. Throws what opening it throws where the act leads on. */
export async function heldFor(
  context: TaskContext<unknown>,
  name: string,
  { kind, detail, gone }: Wanted,
): Promise<string | undefined> {
  const { holds = 0 } = context.history(name)
  const isPlan = kind === 'stage' && detail.checkpoint === undefined
  if (holds === 0 || isPlan) return undefined
  return tried(kind, async () => {
    await releaseOthers(context, name)
    if (kind === 'abort' || !context.armTerms.ownerSession) return undefined
    const mine = ownersOf(context, name).findLast((owner) => owner.isOpen && context.isOfThisProcess(owner.record))
    if (mine !== undefined && mine.session !== gone) return mine.session
    return leadsOn(kind) ? undefined : hold(context, name)
  })
}

async function tried<T>(kind: Act, work: () => Promise<T>) {
  if (leadsOn(kind)) return work()
  return work().catch(passOver)
}

/**
 * Opens the owner session of this process on a switch that is about to be changed, where the settings want it and its EOS version is proven. Throws
 * `busy` where it has too few places for config sessions, and what opening it throws.
 */
export async function holdSwitch(
  context: TaskContext<unknown>,
  name: string,
  { identity, sessions }: Pick<Look, 'identity' | 'sessions'>,
): Promise<void> {
  if (!ownsOn(context.armTerms, identity.eos)) return
  await releaseOthers(context, name)
  requirePlaces(name, sessions)
  await hold(context, name)
}

export async function releaseSwitch(context: TaskContext<unknown>, name: string): Promise<boolean> {
  const owners = ownersOf(context, name)
  if (owners.length === 0) return false
  const device = await context.fleet.device(name).catch(passOver)
  const look = await device?.look([]).catch(passOver)
  if (look === undefined) return false
  const { identity } = await context.change.planned(name)
  if (!isSameSwitch(look.identity, identity)) return false
  for (const { session } of owners) await release(context, name, session).catch(passOver)
  return true
}

function ownersOf(context: TaskContext<unknown>, name: string) {
  return context.history(name).owners ?? []
}

async function releaseOthers(context: TaskContext<unknown>, name: string) {
  for (const { session, record } of ownersOf(context, name)) {
    if (!context.isOfThisProcess(record)) await release(context, name, session)
  }
}

async function hold(context: TaskContext<unknown>, name: string) {
  const session = ownerSessionName(context.execution, (context.history(name).holds ?? 0) + 1)
  const held = await actOnce(context, name, 'hold', { session }, (device) => device.hold(session))
  if (held.outcome === 'done') return session
  if (!(await isShown(context, name, session))) {
    const message = `${name}: the answer to the opening of the owner session ${session} was lost`
    throw new EosflowError('lost-answer', message, { device: name })
  }
  await context.log.finished(name, 'hold', { session, outcome: 'done' })
  return session
}

async function release(context: TaskContext<unknown>, name: string, session: string) {
  let refused: unknown
  for (let tries = 1; tries <= RELEASES; tries++) {
    const released = await actOnce(context, name, 'release', { session }, (device) => device.abort(session)).catch(
      (error: unknown) => {
        if (!(error instanceof EosflowError) || error.kind !== 'refused') throw error
        refused = error
        return undefined
      },
    )
    if (released?.outcome === 'done') return
    if (!(await isGone(context, name, session))) continue
    await context.log.finished(name, 'release', { session, outcome: 'done' })
    return
  }
  const message = `${name}: the owner session ${session} could not be ended`
  throw refused ?? new EosflowError('lost-answer', message, { device: name })
}

async function isShown(context: TaskContext<unknown>, name: string, session: string) {
  const [shown] = await read(context, name, (device) => device.print([ownerProof(session)]))
  return shown?.ok === true
}

// Another switch, to which the address leads by now, never had it: the request that does not show the session says which switch answers.
// Throws `lost-answer` where it is another one.
async function isGone(context: TaskContext<unknown>, name: string, session: string) {
  if (await isShown(context, name, session)) return false
  const { identity, sessions } = await read(context, name, (device) => device.look([]))
  if (!isSameSwitch(identity, (await context.change.planned(name)).identity)) {
    const message = `${name}: another switch answers, serial ${identity.serial}: nothing is known of the end of the owner session ${session}`
    throw new EosflowError('lost-answer', message, { device: name })
  }
  return !isOpen(sessions.sessions[session] ?? 'completed')
}

function requirePlaces(name: string, sessions: Look['sessions']) {
  const [free, all] = [freePlaces(sessions), sessions.maxOpenSessions]
  if (free >= OWNER_PLACES) return
  const message = `${name}: ${all - free} of ${all} config sessions are pending, and a change under an owner session needs ${OWNER_PLACES} places`
  throw new EosflowError('busy', message, {
    device: name,
    hint: `eosflow sessions list -t ${name}; eosflow sessions gc removes those of ours. Without \`ownerSession\` a change needs one place less.`,
  })
}

function passOver(error: unknown) {
  if (error instanceof EosflowError && PASSED_OVER.has(error.kind)) return undefined
  throw error
}
