import { readState } from '../../../change/engine/fold.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { wasCommitted } from '../../../eos/device/history.ts'
import { EosflowError, messageOf } from '../../../model/error.ts'
import type { RecordApp } from '../../app/app.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { hinted } from '../../system/process/hinted.ts'

/** Gives what `run` gives; throws `rollback-incomplete` when it cannot go on while a switch of the execution is not settled. */
export async function runUntilSettled<T>(app: RecordApp, id: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const open = (await isGoingOn(app, id, error)) ? [] : await openWork(app, id)
    if (open.length === 0) throw error
    throw new EosflowError(
      'rollback-incomplete',
      `${messageOf(error)}\nNot settled: ${open.join(', ')}. A running commit timer puts an unconfirmed change back by itself.`,
      { ...(lostHint(app, error) ?? hinted(app, { code: 'resume', execution: id })), cause: error },
    )
  }
}

function isGoingOn(app: RecordApp, id: string, error: unknown) {
  const isLate = error instanceof EosflowError && error.kind === 'busy'
  return isLate ? isExecutionRunning(app, id) : app.claims.isClaimed(id)
}

function lostHint(app: RecordApp, error: unknown) {
  return app.isLost() && error instanceof EosflowError && error.hint !== undefined ? { hint: error.hint } : undefined
}

export function isSavedEverywhere({ status, devices, plan }: ExecutionState) {
  const changed = plan?.waves.flat() ?? []
  return status === 'running' && changed.length > 0 && changed.every((name) => devices.get(name)?.phase === 'saved')
}

// How long a process may take from its first record to its claim, in milliseconds.
const BEGINNING = 500

/** Whether a process runs an execution, or is about to: it claims the execution right behind the record with which it begins. */
export async function isExecutionRunning(
  { claims, clock }: Pick<ProjectStore, 'claims' | 'clock'>,
  id: string,
): Promise<boolean> {
  if (await claims.isClaimed(id)) return true
  await clock.sleep(BEGINNING)
  return claims.isClaimed(id)
}

async function openWork(app: RecordApp, id: string) {
  try {
    const state = await readState(app.store, id)
    if (state.status === 'ended' || isSavedEverywhere(state)) return []
    return [...state.devices].flatMap(([name, history]) =>
      wasCommitted(history) && !state.ends.has(name) && !state.kept.has(name) ? [name] : [],
    )
  } catch {
    return []
  }
}
