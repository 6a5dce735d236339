import { setMaxListeners } from 'node:events'
import { foldAll, readState } from '../../../change/engine/fold.ts'
import { maySave } from '../../../change/engine/sites.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Cursor } from '../../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { linkedAbort } from '../../../model/linked-abort.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import { aboutExecution, requireStoppable } from '../../access/policy/entry.ts'
import type { App, RecordApp } from '../../app/app.ts'
import { brakingApp } from '../../history/bundle/app-for.ts'
import { executionNamed } from '../../history/executions/execution-named.ts'
import { keptExecutions } from '../../history/executions/kept-executions.ts'
import type { EndRequest } from '../../history/requests/end-request.ts'
import { askToStop } from '../../history/requests/stop-asked.ts'
import { requireNotRestored } from '../../history/restored.ts'
import { requireNoPart } from '../../history/sites/require-whole.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { Turns } from '../../system/process/turns.ts'
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

/** What is not known before it was read back. */
export const TO_FOLLOW = 'where each switch is follows when it was read back'

const TOO_LATE = ', too late to put it back: every site had been let save'

export interface StopRequest extends EndRequest {
  readonly restored?: boolean
}

export interface StopEnd {
  readonly kind: 'ended-before' | 'stopped' | 'left'
  readonly state: ExecutionState
}

/** `progress` gives who is shown what comes onto the record. Throws as the policy and a run do, and `busy` where it has moved on since `newest`. */
export async function stop(
  app: App,
  caller: Caller,
  { execution, reason, newest, restored = false }: StopRequest,
  progress: (found: ExecutionState) => (events: readonly JournalEvent[]) => void,
): Promise<StopEnd> {
  const id = await executionNamed(app, execution)
  const events = await app.store.read(id)
  const found = foldAll(id, events)
  if (found.status === 'ended') {
    await requireAllowed(app, caller, 'execution.read', aboutExecution(found))
    return { kind: 'ended-before', state: found }
  }
  await requireStoppable(await brakingApp(app, found), caller, found)
  requireNoPart(found, 'stop')
  await requireNotRestored(app, id, events, restored)
  const asked = await askToStop(app, caller, [id], { reason, newest })
  caller.tell(
    `${id} is asked to stop${maySave((await readState(app.store, id)).sites) ? TOO_LATE : ''}; ${TO_FOLLOW}\n`,
  )
  const state = await stopped(
    app,
    caller,
    found,
    { asked, at: app.clock.monotonic(), reason, restored },
    progress(found),
  )
  return state === undefined ? { kind: 'left', state: found } : { kind: 'stopped', state }
}
