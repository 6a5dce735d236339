import { newExecution } from '../../change/engine/state.ts'
import { OutageError } from '../../change/record/store/outage.ts'
import type { App } from '../../project/app/app.ts'
import { isResting } from '../../project/history/executions/resting.ts'
import { suspensionOf } from '../../project/history/requests/suspension.ts'
import { type ExecutionLook, watchRecord } from '../../project/history/watch/watch-record.ts'
import { entryJson, historian } from '../../report/event-words/history.ts'
import type { ExecutionEvent } from '../../report/history-schema.ts'
import { givenRequest } from './given-request.ts'
import type { ProjectDoor } from './project-door.ts'
import { readable } from './read-cases.ts'
import type { RunsHere } from './runs-here.ts'
import { openVisit, patientVisit, type Visit } from './visit.ts'

/** Looks without a new record before an execution is taken to rest, or to be run by nobody: whoever has begun it claims it a moment later. */
const SETTLED = 4

/** What is done at the end of following, while the application is open. */
export type AtTheEnd = (visit: Visit, id: string) => Promise<void>

/**
 * Every record of an execution, from its first on, until it has ended, rests, or nobody runs it. Where the store is away it is waited for, as
 * `eosflow watch` does. Throws what its run here has failed with, and `store`, retryable, where the store stays away.
 */
export async function* followed(
  door: ProjectDoor,
  runs: RunsHere,
  execution: string,
  atTheEnd: AtTheEnd = async () => undefined,
): AsyncGenerator<ExecutionEvent, void> {
  const visit = patientVisit(await door.guarded(() => openVisit(door.terms, 'kept')))
  let isHeld = false
  // Whoever never asks for the next record must not keep the store open.
  const leave = (): void => void (isHeld && visit.close())
  door.closing.addEventListener('abort', leave)
  try {
    const { id } = await readable(visit, givenRequest('execution', execution))
    for await (const event of eventsOf(visit, runs, id, door)) {
      isHeld = true
      yield event
      isHeld = false
      if (door.closing.aborted) return
    }
    await runs.of(id)?.over()
    if (!door.closing.aborted) await atTheEnd(visit, id)
  } catch (error) {
    // Nobody waits for the store any more.
    if (!(error instanceof OutageError && door.closing.aborted)) throw door.failure(error)
  } finally {
    door.closing.removeEventListener('abort', leave)
    await visit.close()
  }
}

async function* eventsOf(
  { app }: Visit,
  runs: RunsHere,
  id: string,
  door: ProjectDoor,
): AsyncGenerator<ExecutionEvent, void> {
  const entryOf = historian(id)
  for await (const { state, events, silent } of watchRecord(app, newExecution(id), door.closing)) {
    for (const event of events) yield door.document<ExecutionEvent>(JSON.stringify(entryJson(entryOf(event))))
    if (state.status === 'ended' || (await isAtRest(app, runs, { state, silent }))) return
  }
}

/** Whether nothing more comes without somebody: it rests, or nobody runs it. */
async function isAtRest(
  app: App,
  runs: RunsHere,
  { state, silent }: Pick<ExecutionLook, 'state' | 'silent'>,
): Promise<boolean> {
  const { id } = state
  const run = runs.of(id)
  if (silent === 0 || run?.isOver === false) return false
  // What has run here until now is at rest, unless somebody has gone on with it.
  if (run !== undefined && !(await app.claims.isClaimed(id))) return true
  if (silent % SETTLED !== 0) return false
  if (isResting(state, app.clock.now())) return true
  if ((await suspensionOf(app, state, await app.store.read(id))) !== undefined) return true
  // Where workers drive, one of them comes.
  return app.dispatch === undefined && !(await app.claims.isClaimed(id))
}
