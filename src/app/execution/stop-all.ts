import type { ExecutionState } from '../../engine/state.ts'
import type { App } from '../app.ts'
import type { Caller } from '../caller.ts'
import { requireStoppable } from '../policy/entry.ts'
import { keptExecutions } from './kept-executions.ts'
import { TO_FOLLOW } from './stop.ts'
import { askToStop } from './stop-asked.ts'
import { stopped } from './stopping.ts'

/** So many executions that no process runs are put back by this one at the same time. */
const SIDE_BY_SIDE = 8

/** What became of one of the executions: its end, or why it was not stopped; neither when nobody waited for it any longer. */
export interface StopResult {
  readonly found: ExecutionState
  readonly state?: ExecutionState
  readonly error?: unknown
}

/**
 * Stops every open execution of the store: each is asked about by the policy as for itself, all that may be stopped get the word at
 * once, of which `asked` hears, then `told` hears of each as it ends. Gives how many were open.
 */
export async function stopEveryOpen(
  app: App,
  caller: Caller,
  { reason, restored }: { readonly reason: string; readonly restored: boolean },
  told: (one: StopResult) => void,
  asked: (executions: readonly string[]) => void = () => undefined,
): Promise<number> {
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
  await inGroups(allowed, async (found) =>
    told(await stopOne(app, caller, found, { asked: since, at, reason, restored })),
  )
  return open.length
}

/**
 * The executions that have not ended, newest first: what was begun last may still be kept from beginning. They are read in sets: whoever stops
 * everything is in a hurry, and a store in a database is asked once for a hundred of them.
 */
async function openExecutions({ store }: App): Promise<readonly ExecutionState[]> {
  const listed = (await store.openExecutions()).map(({ id }) => id)
  const states = (await keptExecutions(store).each(listed)).map(({ view }) => view.execution)
  const open = states.filter(({ status }) => status !== 'ended')
  // Its whole stops a part, and knows when that is too late.
  const ids = new Set(open.map(({ id }) => id))
  return open.filter(({ sites: { part } }) => part === undefined || !ids.has(part.of))
}

async function stopOne(
  app: App,
  caller: Caller,
  found: ExecutionState,
  request: Parameters<typeof stopped>[3],
): Promise<StopResult> {
  try {
    const state = await stopped(app, quiet(caller), found, request, () => undefined)
    return state === undefined ? { found } : { found, state }
  } catch (error) {
    return { found, error }
  }
}

/** What several executions say side by side is no reading: each is told in a line when it ends. */
function quiet(caller: Caller): Caller {
  const { watch: _progress, ...others } = caller
  return { ...others, tell: () => undefined }
}

async function inGroups(
  states: readonly ExecutionState[],
  work: (state: ExecutionState) => Promise<void>,
): Promise<void> {
  const waiting = [...states]
  const next = async (): Promise<void> => {
    for (let state = waiting.shift(); state !== undefined; state = waiting.shift()) await work(state)
  }
  await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, states.length) }, next))
}
