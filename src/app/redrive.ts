import type { ExecutionState } from '../engine/state.ts'
import { EosflowError } from '../model/error.ts'
import { problemOf } from '../model/problem.ts'
import type { App } from './app.ts'
import { InputError } from './input-error.ts'
import { preparedFor } from './planning.ts'
import { isRedrivable } from './redrivable.ts'
import { requireFree } from './require-free.ts'
import { appOf } from './rollback/sources.ts'

/**
 * Refuses to start an execution again that has nothing to be done again, or may not go on by itself: InputError when it
 * ended well or was a dry run, `busy` when it has not ended or another one holds a switch of it, `rollback-incomplete` when
 * nobody knows where it left the network, `stale` when its files have changed.
 */
export async function requireRedrivable(app: App, state: ExecutionState): Promise<void> {
  const { id, status, outcome, targets } = state
  if (status !== 'ended') {
    throw new EosflowError('busy', `${id} has not ended: it goes on from where it is`, { hint: `eosflow resume ${id}` })
  }
  if (outcome === 'unknown') {
    throw new EosflowError(
      'rollback-incomplete',
      `${id} left a state that is not known: a person has to settle it first`,
      {
        hint: `eosflow show ${id} says what was not read; then plan again.`,
      },
    )
  }
  if (!isRedrivable(state)) throw nothingToRedrive(state)
  preparedFor(await appOf(app, state.file), state)
  await requireFree(app, targets)
}

function nothingToRedrive({ id, outcome, purpose, file }: ExecutionState): InputError {
  const isDry = purpose === 'plan'
  return new InputError([
    problemOf(
      id,
      'not-redrivable',
      isDry ? 'a dry run is not redriven' : `it has not failed: ${outcome}`,
      isDry ? `eosflow plan ${file}` : `To make the change again: eosflow run ${file}`,
    ),
  ])
}
