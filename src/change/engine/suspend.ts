import { wasCommitted } from '../../eos/device/history.ts'
import type { Json } from '../../model/json.ts'
import { STOP_SITES } from '../workflow/site-machines.ts'
import { AROUND_KEY } from './around.ts'
import { networkKey } from './network.ts'
import { attemptKey, isWithin, parentOf } from './scope-path.ts'
import { mayPush } from './sites.ts'
import type { ExecutionState, Write } from './state.ts'
import { stateOfWrite, takeBackKey, unsettled } from './undo.ts'

export function liveSwitches(execution: ExecutionState): readonly string[] {
  return unsettled(execution).filter((name) => wasCommitted(execution.devices.get(name)))
}

export function isLive(execution: ExecutionState): boolean {
  return liveSwitches(execution).length > 0 || mayPush(execution.sites)
}

export function isNeededToRest(execution: ExecutionState, path: string): boolean {
  return liveSwitches(execution).some((device) => {
    const paths = [...execution.writes.values()].flatMap((write) =>
      write.devices.includes(device) ? [write.path] : [],
    )
    // Who has touched it without a write on record may be anywhere.
    return paths.length === 0 || paths.some((write) => isWithin(path, unitAround(execution, write)))
  })
}

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

export function isTakenBackByWaiting(execution: ExecutionState, write: Write): boolean {
  const undo = stateOfWrite(execution, write)?.undo
  return undo?.by === 'task' && undo.task === STOP_SITES
}

/** The item of the iteration around a scope that its Map settles by itself: a switch or a wave of them; undefined where there is none. */
export function itemAround(execution: ExecutionState, path: string): Json | undefined {
  const parent = parentOf(unitAround(execution, path))
  return parent === undefined ? undefined : execution.scopes.get(parent.path)?.children?.items[parent.index]
}

function unitAround(execution: ExecutionState, path: string) {
  const parent = parentOf(path)
  if (parent === undefined) return ''
  const state = execution.scopes.get(parent.path)?.machine.states[parent.state]
  if (state?.kind === 'Map' && state.settles === true) return path
  return unitAround(execution, parent.path)
}

export function abandonedSwitches(execution: ExecutionState): readonly string[] {
  const live = new Set(liveSwitches(execution))
  return unsettled(execution).filter((name) => live.has(name) || execution.devices.get(name)?.phase === 'staging')
}
