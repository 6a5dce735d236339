import { wasCommitted } from '../../eos/device/history.ts'
import type { Json } from '../../model/json.ts'
import { STOP_SITES } from '../workflow/site-machines.ts'
import { AROUND_KEY } from './around.ts'
import { networkKey } from './network.ts'
import { attemptKey, isWithin, parentOf } from './scope-path.ts'
import { mayPush } from './sites.ts'
import type { ExecutionState, Write } from './state.ts'
import { stateOfWrite, takeBackKey, unsettled } from './undo.ts'

/**
 * The switches that keep a suspended execution going: a timed commit of theirs may have happened, and the change is neither saved nor
 * put back. Where there is none an execution may rest for as long as somebody likes.
 */
export function liveSwitches(execution: ExecutionState): readonly string[] {
  return unsettled(execution).filter((name) => wasCommitted(execution.devices.get(name)))
}

/**
 * Whether switches may be under a commit timer, or confirmed and not saved, while nobody goes on with an execution: its own, or those of its parts
 * at several sites, which it has let push.
 */
export function isLive(execution: ExecutionState): boolean {
  return liveSwitches(execution).length > 0 || mayPush(execution.sites)
}

/**
 * Whether the task of a scope may begin, or go on, in a suspended execution: one may that belongs to what is confirmed or put back
 * together with a live switch (the iteration of a Map that settles its iterations, else everything), no other.
 */
export function isNeededToRest(execution: ExecutionState, path: string): boolean {
  return liveSwitches(execution).some((device) => {
    const paths = [...execution.writes.values()].flatMap((write) =>
      write.devices.includes(device) ? [write.path] : [],
    )
    // Who has touched it without a write on record may be anywhere.
    return paths.length === 0 || paths.some((write) => isWithin(path, unitAround(execution, write)))
  })
}

/**
 * The work that a suspended execution ends at its next safe point: what a task has written that a call takes back is waited for, and so is what is
 * taken back, but where it only waits for other executions.
 */
export function workToEnd(execution: ExecutionState): readonly string[] {
  const attempts = [...execution.scopes].flatMap(([path, scope]) => {
    const state = scope.machine.states[scope.state ?? '']
    if (state?.kind !== 'Task' || scope.result !== 'open' || state.undo.by === 'task') return []
    if (scope.phase !== 'scheduled' && scope.phase !== 'started') return []
    return isNeededToRest(execution, path) ? [] : [attemptKey(path, scope)]
  })
  const waits = [...execution.writes.values()].filter((write) => isTakenBackByWaiting(execution, write))
  const looks = [...execution.networks].flatMap(([device, found]) => (found === 'awaited' ? [networkKey(device)] : []))
  const told = execution.around?.phase === 'ends' ? [AROUND_KEY] : []
  return [...attempts, ...waits.map(takeBackKey), ...looks, ...told]
}

/** Whether a write is taken back by other executions, for which this one only waits: at a site without workers that is for as long as it has none. */
export function isTakenBackByWaiting(execution: ExecutionState, write: Write): boolean {
  const undo = stateOfWrite(execution, write)?.undo
  return undo?.by === 'task' && undo.task === STOP_SITES
}

/** The item of the iteration around a scope that its Map settles by itself: a switch or a wave of them; undefined where there is none. */
export function itemAround(execution: ExecutionState, path: string): Json | undefined {
  const parent = parentOf(unitAround(execution, path))
  return parent === undefined ? undefined : execution.scopes.get(parent.path)?.children?.items[parent.index]
}

/** The nearest iteration around a scope that its Map settles by itself; the root where there is none. */
function unitAround(execution: ExecutionState, path: string): string {
  const parent = parentOf(path)
  if (parent === undefined) return ''
  const state = execution.scopes.get(parent.path)?.machine.states[parent.state]
  if (state?.kind === 'Map' && state.settles === true) return path
  return unitAround(execution, parent.path)
}
