import {
  type ConfigReading,
  type DeviceIdentity,
  isOpen,
  type Look,
  type SessionState,
} from '../../../eos/device/device.ts'
import type { Finding } from '../../../model/act.ts'
import { EosflowError } from '../../../model/error.ts'
import { act, checkpointName, firstCheckpoint, isOwnerSession, overwriting, read, sessionPrefix } from './act.ts'
import { changeTexts, goneWith, isTarget } from './beside-target.ts'
import { sameBehindCommit } from './config-changes.ts'
import type { ChangePort, TaskContext } from './context.ts'
import type { SnapshotOfDevice } from './snapshot-of.ts'
import { requireSameSwitch } from './switch-identity.ts'

export const RUNNING_CONFIG = 'running-config'

// A copy of the record has gone on with the execution (docs/copies.md).
function unrecordedSessions(
  { execution, history }: Pick<TaskContext<unknown>, 'execution' | 'history'>,
  name: string,
  { sessions: { sessions } }: Pick<Look, 'sessions'>,
): readonly string[] {
  const prefix = sessionPrefix(execution)
  const known = history(name)
  return Object.entries(sessions).flatMap(([session, state]) => {
    if (!session.startsWith(prefix)) return []
    if (isOwnerSession(session))
      return Number(session.slice(`${prefix}own`.length)) > (known.holds ?? 0) ? [session] : []
    const isOpened = Number(session.slice(prefix.length)) <= known.sessions
    const isCommitted = state === 'completed' || state === 'armed'
    return isOpened && (!isCommitted || known.commits?.includes(session) === true) ? [] : [session]
  })
}

const SHOW_CHECKPOINTS = 'show configuration checkpoints'

// Throws `refused` where it does not list them.
async function listedCheckpoints(context: TaskContext<unknown>, name: string) {
  const [printed] = await read(context, name, (device) => device.print([SHOW_CHECKPOINTS]))
  if (printed?.ok !== true) {
    const why = printed?.error ?? 'it was not answered'
    throw new EosflowError('refused', `${name}: its checkpoints cannot be read: ${why}`, { device: name })
  }
  return printed.text.split('\n').flatMap((row) => row.trim().split(/\s+/)[0] ?? [])
}

/** Throws `refused` where it does not list them. */
export async function unrecordedCheckpoints(context: TaskContext<unknown>, name: string): Promise<readonly string[]> {
  if (context.history(name).hasSaved === true) return []
  return ownCheckpoints(context, await listedCheckpoints(context, name))
}

function ownCheckpoints({ execution }: TaskContext<unknown>, listed: readonly string[]) {
  return listed.filter((one) => firstCheckpoint(one) === checkpointName(execution))
}

/** Throws `refused` where the switch does not list its checkpoints. */
export async function makerOf(context: TaskContext<unknown>, name: string): Promise<string | undefined> {
  const base = await context.change.baseText(name).catch(() => undefined)
  if (base === undefined) return undefined
  const listed = await listedCheckpoints(context, name)
  if (context.history(name).hasSaved !== true && ownCheckpoints(context, listed).length > 0) return undefined
  const { isTarget } = await context.change.planned(name)
  for (const { execution, target } of await context.checkpoints.committed(name, listed))
    if (isTarget(base, await context.texts.get(target))) return execution
  return undefined
}

export async function tracesOf(
  context: TaskContext<unknown>,
  name: string,
  look: Pick<Look, 'sessions'>,
): Promise<readonly string[]> {
  const sessions = [...(context.history(name).unrecorded ?? []), ...unrecordedSessions(context, name, look)]
  const isAsked = context.doubt !== undefined || sessions.length > 0
  return [...new Set([...sessions, ...(isAsked ? await unrecordedCheckpoints(context, name) : [])])]
}

export function unrecordedWords(names: readonly string[]): string {
  return names.map((name) => (name === RUNNING_CONFIG ? 'running-config with the change' : name)).join(', ')
}

async function refuseUnrecorded(
  context: TaskContext<unknown>,
  name: string,
  found: Finding,
  names: readonly string[],
): Promise<never> {
  const shown = unrecordedWords(names)
  await context.log.settled(name, found, `it shows ${shown}, which is on no record here`, names)
  const message =
    found === 'target'
      ? `${name}: running-config has changed since the plan was made: somebody has made this very change, of which no commit is on record here`
      : `${name}: somebody has gone on with this very change: ${shown} is on no record here`
  throw new EosflowError('stale', message, {
    device: name,
    hint: 'A copy of this store may be in use. Stop whoever uses it, and keep the store with the newest records: docs/copies.md.',
  })
}

/**
 * Throws `stale` where a switch shows that somebody has gone on with this execution by another record. Its checkpoint may be the only copy
 * of the configuration before.
 */
export async function requireOnRecord(
  context: TaskContext<unknown>,
  name: string,
  look: Pick<Look, 'sessions'>,
): Promise<void> {
  const sessions = unrecordedSessions(context, name, look)
  const checkpoints = context.doubt === undefined ? [] : await unrecordedCheckpoints(context, name)
  if (sessions.length + checkpoints.length > 0)
    await refuseUnrecorded(context, name, 'other', [...sessions, ...checkpoints])
}

export async function runsPlanned({ change }: TaskContext<unknown>, name: string, running: string): Promise<boolean> {
  const base = await change.baseText(name).catch(() => undefined)
  return base !== undefined && (await change.planned(name)).isTarget(base, running)
}

/** Throws `stale` where a switch that was never committed to runs the approved change all the same. */
export async function requireNotThere(context: TaskContext<unknown>, name: string, running: string): Promise<void> {
  if (await isPlannedBase(context, name, running)) return
  if (!(await runsPlanned(context, name, running))) return
  const maker = await makerOf(context, name)
  if (maker === undefined) await refuseUnrecorded(context, name, 'target', [RUNNING_CONFIG])
  throw new EosflowError(
    'stale',
    `${name}: running-config has changed since the plan was made: ${maker} has made this very change`,
    { device: name },
  )
}

export async function isPlannedBase({ change }: TaskContext<unknown>, name: string, running: string): Promise<boolean> {
  const { requireBase } = await change.planned(name)
  try {
    requireBase(running)
    return true
  } catch (error) {
    if (error instanceof EosflowError && error.kind === 'stale') return false
    throw error
  }
}

export interface SwitchNow {
  readonly found: Exclude<Finding, 'unreachable'>
  readonly look: Look
  readonly reading: ConfigReading
  readonly own: readonly { readonly name: string; readonly state: SessionState }[]
  readonly secondsLeft: number | undefined
}

/** Throws `wrong-device` when another switch answers. */
export async function observeSwitch(context: TaskContext<unknown>, name: string): Promise<SwitchNow> {
  const look = await read(context, name, (device) => device.look([]))
  await requireIdentity(context, name, look.identity)
  const reading = await read(context, name, (device) => device.readConfig())
  const own = ownSessions(context.execution, look)
  const secondsLeft = own.some((session) => session.state === 'armed') ? look.sessions.armed?.secondsLeft : undefined
  const found = secondsLeft === undefined ? await compare(context, name, reading.running) : 'armed'
  const detail = describe(found, secondsLeft, own.length)
  await context.log.settled(name, found, detail, unrecordedSessions(context, name, look))
  return { found, look, reading, own, secondsLeft }
}

export function ownSessions(execution: string, look: Look): SwitchNow['own'] {
  const prefix = sessionPrefix(execution)
  return Object.entries(look.sessions.sessions)
    .filter(([name, state]) => name.startsWith(prefix) && !isOwnerSession(name) && isOpen(state))
    .map(([name, state]) => ({ name, state }))
}

/** Throws `wrong-device` unless the switch is the one that was planned. */
export async function requireIdentity(
  context: { readonly change: Pick<ChangePort, 'planned'> },
  name: string,
  found: DeviceIdentity,
): Promise<void> {
  const { identity } = await context.change.planned(name)
  requireSameSwitch(name, found, identity, 'planned was')
}

async function compare(
  context: TaskContext<unknown>,
  name: string,
  running: string,
): Promise<Finding & SwitchNow['found']> {
  const change = await changeTexts(context, name)
  if (change === undefined) return (await isPlannedBase(context, name, running)) ? 'base' : 'other'
  if (sameBehindCommit(change.base, running, change)) return 'base'
  return (await isTarget(context, name, running)) ? 'target' : 'other'
}

const FOUND: Readonly<Record<SwitchNow['found'], string>> = {
  base: 'running-config equals the one before the change',
  target: 'running-config holds the change and no commit timer runs',
  armed: 'running-config holds the change under the commit timer',
  other: 'running-config is neither the one before the change nor the approved one',
}

function describe(found: SwitchNow['found'], secondsLeft: number | undefined, open: number) {
  const left = secondsLeft === undefined ? '' : `, ${secondsLeft} s left`
  return `${FOUND[found]}${left}${open === 0 ? '' : `; ${open} own session open`}`
}

// A list of sessions was seen to lag behind what was done (napalm PR 734): the last look is 6 s behind the first.
const LOOKS = 5
const PAUSE = 1_500

const ABORTS = 2

/** A lost answer is settled by looking again before anything else is sent, and so is a refusal: a list that lags names sessions that are long gone. `overwrites`: what goes with the abort, for the record. */
export async function abortOwn(
  context: TaskContext<unknown>,
  name: string,
  own: SwitchNow['own'],
  overwrites: readonly string[] = [],
): Promise<void> {
  for (const session of own) await abortOne(context, name, session, overwrites)
}

async function abortOne(
  context: TaskContext<unknown>,
  name: string,
  { name: session, state }: SwitchNow['own'][number],
  overwrites: readonly string[],
) {
  const detail = { session, ...overwriting(overwrites) }
  for (let aborts = 1; aborts <= ABORTS; aborts++) {
    const aborted = await act(
      context,
      name,
      'abort',
      detail,
      (device) => device.abort(session),
      goneWith(context, name),
    ).catch(async (refused: unknown) => {
      const mayBeGone = refused instanceof EosflowError && refused.kind === 'refused' && state !== 'armed'
      if (!mayBeGone || !(await isGone(context, name, session))) throw refused
      return { outcome: 'done' as const }
    })
    if (aborted.outcome === 'done') return
    const look = await read(context, name, (device) => device.look([]))
    const isListed = ownSessions(context.execution, look).some((left) => left.name === session)
    if (!isListed && (state === 'armed' || (await listedAtLast(context, name, session)).length === 0)) return
  }
}

export function openOwn(context: TaskContext<unknown>, name: string, look: Look): SwitchNow['own'] {
  const listed = ownSessions(context.execution, look)
  const { phase, session, replaying } = context.history(name)
  const certain = [phase === 'staged' ? session : undefined, replaying].flatMap((one) => one ?? [])
  const unlisted = certain.filter((one) => !listed.some((known) => known.name === one))
  return [...listed, ...unlisted.map((one) => ({ name: one, state: 'pending' as const }))]
}

export async function ownAtLast(
  context: TaskContext<unknown>,
  name: string,
  { own, look }: Pick<SwitchNow, 'own' | 'look'>,
): Promise<SwitchNow['own']> {
  const { phase } = context.history(name)
  if (own.length > 0) return own
  if (phase === 'staged') return openOwn(context, name, look)
  return MAY_HAVE_OPENED.has(phase) ? listedAtLast(context, name) : own
}

const MAY_HAVE_OPENED: ReadonlySet<string> = new Set(['staging', 'aborting', 'arming'])

async function listedAtLast(context: TaskContext<unknown>, name: string, session?: string) {
  for (let looks = 2; looks <= LOOKS; looks++) {
    await context.clock.sleep(PAUSE, context.signal)
    const listed = ownSessions(context.execution, await read(context, name, (device) => device.look([])))
    const again = listed.filter((one) => session === undefined || one.name === session)
    if (again.length > 0) return again
  }
  return []
}

async function isGone(context: TaskContext<unknown>, name: string, session: string) {
  for (let looks = 1; looks <= LOOKS; looks++) {
    const look = await read(context, name, (device) => device.look([]))
    if (!ownSessions(context.execution, look).some((left) => left.name === session)) return true
    if (looks < LOOKS) await context.clock.sleep(PAUSE, context.signal)
  }
  return false
}

/** Aborts what a plan has left on a switch: before there is a plan an execution has no other config session. Throws `wrong-device` when another switch than that of the snapshot answers; nothing is sent to it. */
export async function abortPlanning(
  context: TaskContext<unknown>,
  name: string,
  known: SnapshotOfDevice | undefined,
): Promise<readonly string[]> {
  const look = await read(context, name, (device) => device.look([]))
  if (known !== undefined) requireSameSwitch(name, look.identity, known.identity, 'in the snapshot was')
  const traces = await tracesOf(context, name, look)
  const listed = ownSessions(context.execution, look)
  const isMissed = listed.length === 0 && context.history(name).planning !== undefined
  await abortOwn(context, name, isMissed ? await listedAtLast(context, name) : listed)
  return traces
}
