import { Map as PersistentMap, Set as PersistentSet } from 'immutable'
import type { DeviceHistory } from '../../eos/device/history.ts'
import type { JournalEvent } from '../record/event/event.ts'
import { leftAround } from './around.ts'
import { untouchedAgain } from './fold-device.ts'
import { dropChildren } from './fold-scope.ts'
import { childPath } from './scope-path.ts'
import { type Entry, type ExecutionState, freshScope, type ScopeState } from './state.ts'

/**
 * An ended execution, started again from where it failed, with the same input. What was done and stays done is not run
 * again: of a Map or Parallel only what failed or was aborted (AWS Step Functions, "Redriving executions"). What was
 * taken back is: then the execution goes back to the first write, and to the comparison with the approved base that stands
 * before it, because the switches are where they were before. Switches that keep their change are passed over. What a person has stopped goes back to the
 * approval: theirs was the newest word about it (docs/adr/0093-a-word-for-one-execution.md). Retry budgets and the machine's time begin anew.
 */
export function redriven(ended: ExecutionState, { at, seq }: Pick<JournalEvent, 'at' | 'seq'>): ExecutionState {
  const written = ended.writes.minBy(({ visit }) => visit)?.entry
  const from = ended.outcome === 'cancelled' ? (ended.approving ?? written) : written
  const scopes = from === undefined ? reopened(ended.scopes, '', seq) : restarted(ended, from, seq)
  const stillOut = ended.leftOut.filter((_, name) => isOut(ended, name))
  return {
    ...ended,
    status: 'running',
    startedAt: Date.parse(at),
    redriven: ended.redriven + 1,
    resumed: seq,
    // Whoever does it has not driven it before: another copy of the record may have gone on since it ended here.
    mayBeCopy: true,
    scopes,
    writes: PersistentMap(),
    devices: ended.devices.map((history, name) => (ended.kept.has(name) ? history : again(ended, name, history))),
    ends: PersistentMap(),
    isLeftInDoubt: false,
    networks: PersistentMap(),
    around: undefined,
    leftAround: leftAround(ended),
    probes: undefined,
    failed: PersistentSet(stillOut.keys()),
    leftOut: stillOut,
    judged: mayHaveStayed(ended) ? ended.judged : undefined,
    compensation: undefined,
    outcome: undefined,
    output: undefined,
  }
}

/** Whether something of the change may be on a switch. Where nothing is, what is now is what was before. */
function mayHaveStayed({ kept, ends }: ExecutionState): boolean {
  return !kept.isEmpty() || ends.some(({ end }) => end === 'unknown' || end === 'changed')
}

/** A switch that is back where it was, and whether it is so because its change was put back. */
function again({ ends }: ExecutionState, name: string, history: DeviceHistory): DeviceHistory {
  const isBack = ends.get(name)?.end === 'reverted'
  return { ...untouchedAgain(history), ...(isBack ? { wasPutBack: true as const } : {}) }
}

/** A switch that the plan is not for stays out of it; another one is asked again. */
function isOut({ plan, snapshot }: ExecutionState, name: string): boolean {
  if (plan === undefined) return snapshot !== undefined
  return !plan.unchanged.includes(name) && !plan.waves.some((wave) => wave.includes(name))
}

type Scopes = ExecutionState['scopes']

function restarted(ended: ExecutionState, { state, input, variables }: Entry, visit: number): Scopes {
  const scopes = Object.values(ended.machine.states).reduce(
    (left, { name }) => dropChildren(left, '', name),
    ended.scopes,
  )
  const root = ended.scopes.get('')
  const again: ScopeState = {
    ...freshScope(ended.machine, input),
    state,
    variables,
    phase: 'entered',
    visit,
    enteredAt: root?.enteredAt ?? 0,
  }
  return scopes.set('', again)
}

/** A scope that is not done is open again, for another visit: at its state's beginning, or with those children open that were not done. */
function reopened(scopes: Scopes, path: string, visit: number): Scopes {
  const scope = scopes.get(path)
  if (scope === undefined || scope.result === 'done') return scopes
  const { error: _error, until: _until, deadline: _due, heartbeat: _beat, token: _token, ...rest } = scope
  const open: ScopeState = { ...rest, result: 'open', attempt: 0, spent: [] }
  const { children, state } = scope
  if (scope.phase === 'left' || scope.phase === 'fresh') return scopes.set(path, open)
  if (children === undefined || state === undefined || children.begun === 0) {
    const inDoubt = scope.phase === 'started' || scope.phase === 'waiting' ? ({ inDoubt: true } as const) : {}
    return scopes.set(path, { ...open, phase: 'entered', visit, ...inDoubt })
  }
  const paths = children.inputs.slice(0, children.begun).map((_, index) => childPath(path, state, index))
  const done = paths.filter((child) => scopes.get(child)?.result === 'done').length
  const { firstFailed: _first, ...counts } = children
  return paths
    .reduce((left, child) => reopened(left, child, visit), scopes)
    .set(path, { ...open, phase: 'started', children: { ...counts, ended: done, failed: 0 } })
}
