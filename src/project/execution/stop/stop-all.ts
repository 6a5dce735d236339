import { setMaxListeners } from 'node:events'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Cursor } from '../../../change/record/event/cursor.ts'
import { linkedAbort } from '../../../model/linked-abort.ts'
import { requireStoppable } from '../../access/policy/entry.ts'
import type { App, RecordApp } from '../../app/app.ts'
import { keptExecutions } from '../../history/executions/kept-executions.ts'
import { askToStop } from '../../history/requests/stop-asked.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { Turns } from '../../system/process/turns.ts'
import { TO_FOLLOW } from './stop.ts'
import { stopped } from './stopping.ts'

const SIDE_BY_SIDE = 8

type Request = Parameters<typeof stopped>[3]

export interface StopResult {
  readonly found: ExecutionState
  readonly state?: ExecutionState
  readonly error?: unknown
}

/** Stops every open execution of the store: each is asked about by the policy as for itself, all that may be stopped get the word at once, of which `asked` hears, then `told` hears of each as it ends. */
export async function stopEveryOpen(
  app: App,
  caller: Caller,
  { reason, restored }: { readonly reason: string; readonly restored: boolean },
  told: (one: StopResult) => void,
  asked: (executions: readonly string[]) => void = () => undefined,
): Promise<number> {
  const { cursor: foundAt } = await app.store.tail()
  const open = await openExecutions(app)
  const allowed: ExecutionState[] = []
  for (const found of open) {
    try {
      await requireStoppable(app, caller, found)
      allowed.push(found)
    } catch (error) {
      told({ found, error })
    }
  }
  const ids = allowed.map(({ id }) => id)
  if (ids.length === 0) return open.length
  const since = await askToStop(app, caller, ids, { reason })
  const at = app.clock.monotonic()
  asked(ids)
  caller.tell(`asked to stop: ${ids.length}; ${TO_FOLLOW}\n`)
  await endEach(app, caller, allowed, { asked: since, at, reason, restored, foundAt }, told)
  return open.length
}

// The executions that have not ended, newest first: what was begun last may still be kept from beginning.
async function openExecutions({ store }: RecordApp) {
  const listed = (await store.openExecutions()).map(({ id }) => id)
  const states = (await keptExecutions(store).each(listed)).map(({ view }) => view.execution)
  const open = states.filter(({ status }) => status !== 'ended')
  // Its whole stops a part, and knows when that is too late.
  const ids = new Set(open.map(({ id }) => id))
  return open.filter(({ sites: { part } }) => part === undefined || !ids.has(part.of))
}

async function endEach(
  app: App,
  caller: Caller,
  states: readonly ExecutionState[],
  { foundAt, ...request }: Request & { readonly foundAt: Cursor },
  told: (one: StopResult) => void,
) {
  const turns = new Turns(SIDE_BY_SIDE)
  const stop = linkedAbort(caller.stop)
  // Each that waits listens to it.
  setMaxListeners(0, stop.signal)
  const waiting = { ...caller, stop: stop.signal }
  const end = async (found: ExecutionState, place: number): Promise<StopResult> => {
    const turn = () => turns.begin(place, stop.signal)
    if (waitTogether(app)) return stopOne(app, waiting, found, { ...request, foundAt, turn })
    const over = await turn()
    return over === undefined ? { found } : stopOne(app, waiting, found, request).finally(over)
  }
  try {
    await Promise.all(states.map(async (found, place) => told(await end(found, place))))
  } finally {
    stop.unlink()
  }
}

async function stopOne(app: App, caller: Caller, found: ExecutionState, request: Request): Promise<StopResult> {
  try {
    const state = await stopped(app, quiet(caller), found, request, () => undefined)
    return state === undefined ? { found } : { found, state }
  } catch (error) {
    return { found, error }
  }
}

function quiet(caller: Caller): Caller {
  const { watch: _progress, ...others } = caller
  return { ...others, tell: () => undefined }
}

// Where several machines write to the store nobody is taken over before some looks, half a second apart, and to wait costs nothing.
function waitTogether({ shared, dispatch }: RecordApp) {
  return shared !== undefined && dispatch === undefined
}
