import type { Look } from '../../../eos/device/device.ts'
import type { Finding } from '../../../model/act.ts'
import { EosflowError } from '../../../model/error.ts'
import type { TaskContext } from './context.ts'
import { read } from './read.ts'
import { checkpointName, firstCheckpoint, isOwnerSession, sessionPrefix } from './session-name.ts'

export const RUNNING_CONFIG = 'running-config'

/** A copy of the record has gone on with the execution (docs/copies.md). */
export function unrecordedSessions(
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
