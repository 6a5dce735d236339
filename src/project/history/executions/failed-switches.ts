import { readState } from '../../../change/engine/fold.ts'
import { deviceEnds } from '../../../change/engine/outcome.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import { aboutExecution } from '../../access/policy/entry.ts'
import type { RecordApp } from '../../app/app.ts'
import type { SilentCaller } from '../../identity/caller-of.ts'
import { inputError } from '../../system/process/input-error.ts'
import { executionNamed } from './list-executions.ts'

export interface FailedSwitches {
  readonly execution: string
  readonly names: readonly string[]
}

/** Throws InputError where there is none or it has not ended, and `not-authorised` for whoever may not read it. */
export async function failedSwitches(app: RecordApp, caller: SilentCaller, word: string): Promise<FailedSwitches> {
  const id = await executionNamed(app, word)
  const state = await readState(app.store, id)
  await requireAllowed(app, caller, 'execution.read', aboutExecution(state))
  if (state.outcome !== undefined) return { execution: id, names: failedIn(state) }
  throw inputError(
    `failed:${word}`,
    'not-ended',
    `${id} has not ended`,
    app.words({ code: 'watch-or-stop', execution: id }),
  )
}

export function failedIn(state: ExecutionState): readonly string[] {
  const isDone = state.outcome === 'succeeded' || state.outcome === 'nothing-to-do' || state.outcome === 'planned'
  return Object.entries(deviceEnds(state)).flatMap(([name, end]) => {
    if (state.failed.has(name) || state.leftOut.has(name)) return [name]
    return end === 'reverted' || end === 'unknown' || (end === 'untouched' && !isDone) ? [name] : []
  })
}
