import { type ExecutionState, startedTimers } from '../../../change/engine/state.ts'
import type { ProjectStore } from '../../../project/app/store/project-store.ts'
import { keptExecutions } from '../../../project/history/executions/kept-executions.ts'
import { switchEnds } from '../../../project/history/executions/switch-ends.ts'
import { waitingFor } from '../../../report/phrases/waiting-for.ts'

type OpenState = 'running' | 'putting-back' | 'waiting-for-approval' | 'waiting-for-answer'

export interface RecordGauges {
  readonly open: Readonly<Record<OpenState, number>>
  /** When each running commit timer ends, milliseconds since the epoch. */
  readonly timers: readonly number[]
  readonly unknown: number
}

/** Throws `store`. */
export async function recordGaugesNow(app: Pick<ProjectStore, 'store' | 'clock'>): Promise<RecordGauges> {
  const open = { running: 0, 'putting-back': 0, 'waiting-for-approval': 0, 'waiting-for-answer': 0 }
  const timers: number[] = []
  for (const { id } of await app.store.openExecutions()) {
    const { view } = await keptExecutions(app.store).of(id)
    const state = view.execution
    if (state.status === 'ended') continue
    open[openStateOf(state)] += 1
    timers.push(...startedTimers(state).map(({ until }) => until))
  }
  const ends = [...(await switchEnds(app)).values()]
  return { open, timers, unknown: ends.filter(({ newest }) => newest.end === 'unknown').length }
}

function openStateOf(state: ExecutionState): OpenState {
  if (state.status === 'compensating') return 'putting-back'
  const waiting = waitingFor(state)
  if (waiting.some((one) => one.waitsFor === 'approval')) return 'waiting-for-approval'
  return waiting.length > 0 ? 'waiting-for-answer' : 'running'
}
