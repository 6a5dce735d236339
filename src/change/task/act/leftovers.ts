import type { Look } from '../../../eos/device/device.ts'
import { EosflowError } from '../../../model/error.ts'
import { act } from './act.ts'
import { overwriting } from './act-once.ts'
import type { TaskContext } from './context.ts'
import { goneWith } from './gone-with.ts'
import { ownSessions, type SwitchNow } from './observe-switch.ts'
import { read } from './read.ts'
import { requireSameSwitch } from './same-switch.ts'
import type { SnapshotOfDevice } from './snapshot-of.ts'
import { tracesOf } from './unrecorded.ts'

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
