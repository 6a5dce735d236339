import type { ExecutionState } from '../../../change/engine/state.ts'
import { cursorBehind } from '../../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { LeftAloneExecution } from '../../../report/phrases/left-alone-execution.ts'
import { deathsInARow, isPoison, MOST_DEATHS } from '../../app/dispatch/poison.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { unheardStop } from '../requests/stop-asked.ts'
import type { KeptExecution } from './kept-executions.ts'

type Sources = Pick<ProjectStore, 'store' | 'claims' | 'shared'>

/** Whether workers leave an execution alone because too many in a row died with it: also with the word to stop it, where there is one. `events` are its records. */
export async function isLeftAlone(
  { store, shared }: Pick<Sources, 'store' | 'shared'>,
  id: string,
  events: readonly JournalEvent[],
): Promise<boolean> {
  if (!isPoison(events) || (await shared?.workers.hasDied(id)) !== true) return false
  const word = await unheardStop({ store }, id, events)
  return word === undefined || isPoison(events, cursorBehind(word))
}

/** What is said of an execution that workers leave alone; undefined of any other. `deaths` is how many in a row died by its records. */
export async function leftAloneOf(
  sources: Sources,
  { id, status, sites }: ExecutionState,
  deaths: number,
): Promise<LeftAloneExecution | undefined> {
  const { store, claims } = sources
  if (deaths < MOST_DEATHS || status === 'ended' || (await claims.isClaimed(id))) return undefined
  const events = await store.read(id)
  if (!(await isLeftAlone(sources, id, events))) return undefined
  const { part } = sites
  return {
    execution: id,
    deaths: deathsInARow(events),
    ...(part === undefined ? {} : { of: part.of }),
    isBeingPutBack: status === 'compensating',
  }
}

/** Throws `store`. */
export async function leftAloneAmong(
  sources: Sources,
  open: readonly KeptExecution[],
): Promise<readonly LeftAloneExecution[]> {
  const found: LeftAloneExecution[] = []
  for (const { view, deaths } of open) {
    const one = await leftAloneOf(sources, view.execution, deaths)
    if (one !== undefined) found.push(one)
  }
  return found
}
