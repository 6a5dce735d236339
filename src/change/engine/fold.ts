import { Map as PersistentMap, Set as PersistentSet } from 'immutable'
import { type DeviceHistory, UNTOUCHED } from '../../eos/device/history.ts'
import { EosflowError, unreachable } from '../../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { isAuditEvent } from '../record/event/audit-event.ts'
import { type EventOf, isNoted, isOfFeature, type JournalEvent, type RecordOfFeature } from '../record/event/event.ts'
import type { Journal } from '../record/store/journal.ts'
import { factsOf, type StateMachine } from '../workflow/machine/machine.ts'
import { foldAround, foldNetworks, foldProbes, leftAround } from './around.ts'
import { leavesDoubt } from './fault.ts'
import { foldFinished, foldIntended, foldSettled, isNewChange, untouchedAgain } from './fold-device.ts'
import { dropChildren, foldScope, type ScopeEvent, scopeAt } from './fold-scope.ts'
import { foldShares } from './next.ts'
import { childPath, devicesAt, visitKey } from './scope-path.ts'
import { begunAtSites, foldSites } from './sites.ts'
import { type Entry, type ExecutionState, freshScope, newExecution, type ScopeState, type Write } from './state.ts'

export function foldAll(id: string, events: readonly JournalEvent[]): ExecutionState {
  return events.reduce(fold, newExecution(id))
}

export async function readState(store: Pick<Journal, 'read'>, id: string): Promise<ExecutionState> {
  return foldAll(id, await store.read(id))
}

/** Pure: recovery after a crash is this function again. */
export function fold(before: ExecutionState, event: JournalEvent): ExecutionState {
  const after = isOfFeature(event) ? foldOfFeature(before, event) : foldBody(before, event)
  const place = { seq: event.seq, records: before.records + 1 }
  // What was made for this event alone need not be copied once more.
  return after === before ? { ...before, ...place } : Object.assign(after, place)
}

function foldBody(before: ExecutionState, event: Exclude<JournalEvent, EventOf<RecordOfFeature>>): ExecutionState {
  switch (event.type) {
    case 'ExecutionStarted':
      return {
        ...before,
        status: 'running',
        purpose: event.purpose,
        workflow: event.workflow,
        file: event.file,
        definition: event.definition,
        params: event.params,
        requester: event.requester,
        machine: machineOf(event.machine),
        input: event.input,
        context: event.context,
        startedAt: Date.parse(event.at),
        targets: event.targets,
        asked: event.asked ?? {},
        planFile: event.plan,
        skipUnreachable: event.skipUnreachable ?? false,
        noWait: event.noWait ?? false,
        undoes: event.undoes,
        rebases: event.rebases,
        changeFile: event.changeFile,
        trace: event.trace,
        commit: event.commit,
        bundle: event.bundle,
        sites: begunAtSites(before.sites, event),
      }
    case 'ExecutionResumed':
      return resumed(before, event)
    case 'ExecutionRedriven':
      return redriven(before, event)
    case 'DeviceLeftOut':
      return leftOut(before, [{ name: event.device, by: event.by, message: event.error.message }])
    case 'PlanMade':
      return {
        ...leftOut(before, event.leftOut ?? []),
        plan: {
          digest: event.digest,
          ref: event.plan,
          waves: event.waves,
          unchanged: event.unchanged,
          canaries: event.canaries ?? [],
        },
      }
    case 'ApprovalUsed':
      return { ...before, approval: event.nonce }
    case 'ActIntended': {
      const history = before.devices.get(event.device)
      const known = isNewChange(event) ? forgotten(before, event.device) : before
      return { ...known, devices: before.devices.set(event.device, foldIntended(history, event)) }
    }
    case 'ActFinished': {
      const history = foldFinished(before.devices.get(event.device), event)
      return { ...before, devices: before.devices.set(event.device, history) }
    }
    case 'DeviceSettled':
      return settled(before, event)
    case 'CompensationStarted':
      return { ...before, status: 'compensating', compensation: { reason: event.reason, error: event.error } }
    case 'UndoFinished': {
      const ends = before.ends.set(event.device, { end: event.end, detail: event.detail })
      const isLeftInDoubt = before.isLeftInDoubt || event.end === 'unknown'
      return { ...before, ends, isLeftInDoubt, shares: foldShares(before.shares, event) }
    }
    case 'SharesTaken':
    case 'SharesGivenBack':
      return { ...before, shares: foldShares(before.shares, event) }
    case 'NetworkAwaited':
    case 'NetworkRead':
      return { ...before, networks: foldNetworks(before.networks, event) }
    case 'TaskUndoStarted':
      return takenBack(before, event, 'begun')
    case 'TaskUndoFinished':
      return takenBack(before, event, event.error === undefined ? 'done' : 'failed')
    case 'ExecutionEnded':
      return { ...before, status: 'ended', outcome: event.outcome, output: event.output, shares: before.shares.clear() }
    case 'SitesDivided':
    case 'BarrierReached':
    case 'BarrierLeft':
    case 'BarrierDecided':
      return { ...before, sites: foldSites(before.sites, event) }
    case 'SiteEnded':
      return siteEnded({ ...before, sites: foldSites(before.sites, event) }, event)
    case 'ApprovalRequested':
    case 'ApprovalDecided':
    case 'ApprovalInvalidated':
    case 'VerdictGiven':
    case 'SharesAwaited':
    case 'UndoStarted':
    case 'SnapshotTaken':
    case 'SignalSent':
    case 'StopRequested':
    case 'SuspendRequested':
    case 'DeviceReleased':
      return before
    default:
      if (isAuditEvent(event)) return before
      return isOfScope(event) ? foldTask(foldScope(before, event), event) : unreachable(event)
  }
}

function foldOfFeature(before: ExecutionState, event: EventOf<RecordOfFeature>): ExecutionState {
  switch (event.type) {
    case 'AroundTurned':
    case 'AroundActed':
      return { ...before, around: foldAround(before.around, event) }
    case 'ProbesMeasured':
      return { ...before, probes: foldProbes(before.probes, event) }
    default:
      return isNoted(event) ? { ...before, noted: { ...before.noted, [event.type]: event } } : before
  }
}

function forgotten(before: ExecutionState, device: string): ExecutionState {
  return { ...before, ends: before.ends.delete(device), networks: before.networks.delete(device) }
}

// Throws `store` for one of another version, which is refused rather than guessed at (ADR 0096).
function machineOf(json: Json): StateMachine {
  const version = isJsonObject(json) ? (json.version ?? null) : null
  if (version === 3) return json as unknown as StateMachine
  throw new EosflowError(
    'store',
    `the state machine on record is of version ${JSON.stringify(version)}: this eosflow reads version 3`,
    { hint: 'Use the eosflow that wrote it, or a newer one.' },
  )
}

// What was saved before the store was restored from a backup may have been changed since.
function resumed(
  before: ExecutionState,
  { seq, asks, restored }: Extract<JournalEvent, { readonly type: 'ExecutionResumed' }>,
): ExecutionState {
  const known = { ...wake(before), resumed: seq, mayBeCopy: before.mayBeCopy || asks === true }
  if (restored !== true) return known
  const devices = before.devices.map((one) => (one.phase === 'saved' ? { ...one, isOld: true as const } : one))
  return { ...known, isRestored: true, devices }
}

function leftOut(
  before: ExecutionState,
  switches: readonly {
    readonly name: string
    readonly by: 'maxFailures' | 'skip-unreachable'
    readonly message?: string
  }[],
): ExecutionState {
  if (switches.length === 0) return before
  return {
    ...before,
    failed: before.failed.union(switches.map(({ name }) => name)),
    leftOut: before.leftOut.withMutations((all) => {
      for (const { name, by, message = `${name} did not answer when the plan was made` } of switches) {
        if (!all.has(name)) all.set(name, { by, message })
      }
    }),
  }
}

function settled(
  before: ExecutionState,
  event: Extract<JournalEvent, { readonly type: 'DeviceSettled' }>,
): ExecutionState {
  const known = before.devices.get(event.device)
  if (known === undefined && event.unrecorded === undefined) return before
  const history = known ?? UNTOUCHED
  return { ...before, devices: before.devices.set(event.device, foldSettled(history, event)) }
}

function siteEnded(
  before: ExecutionState,
  { site, child, outcome, devices }: Extract<JournalEvent, { readonly type: 'SiteEnded' }>,
): ExecutionState {
  const detail = `${site}: ${child} ${outcome}`
  const ends = Object.entries(devices)
  return { ...before, ends: ends.reduce((all, [name, end]) => all.set(name, { end, detail }), before.ends) }
}

function isOfScope(event: Extract<JournalEvent, { path: string }>): event is ScopeEvent {
  return 'path' in event
}

function takenBack(
  before: ExecutionState,
  { path, state, write }: { readonly path: string; readonly state: string; readonly write: number },
  undone: NonNullable<Write['undone']>,
): ExecutionState {
  const key = visitKey(path, { state, visit: write })
  const begun = before.writes.get(key)
  if (begun === undefined) return before
  const isLeftInDoubt = before.isLeftInDoubt || undone === 'failed'
  return { ...before, isLeftInDoubt, writes: before.writes.set(key, { ...begun, undone }) }
}

function wake(execution: ExecutionState): ExecutionState {
  const scopes = execution.scopes.map((scope) => {
    if (scope.phase !== 'waiting' || scope.token !== undefined) return scope
    return { ...scope, phase: scope.arguments === undefined ? ('entered' as const) : ('scheduled' as const) }
  })
  return { ...execution, scopes }
}

function foldTask(execution: ExecutionState, event: ScopeEvent): ExecutionState {
  switch (event.type) {
    case 'TaskStarted':
      return begunWrite(begunApproval(execution, event), event)
    case 'TaskSucceeded':
      return finishedTask(execution, event, scopeAt(execution, event.path))
    case 'TaskFailed':
      return failedTask(execution, event, scopeAt(execution, event.path))
    default:
      return execution
  }
}

function begunApproval(
  execution: ExecutionState,
  { path, state: name }: ScopeEvent & { type: 'TaskStarted' },
): ExecutionState {
  const { machine, input, variables } = scopeAt(execution, path)
  const state = machine.states[name]
  const isAsking = path === '' && state?.kind === 'Task' && factsOf(state.task)?.asksApproval === true
  return isAsking ? { ...execution, approving: { state: name, input, variables } } : execution
}

function begunWrite(
  execution: ExecutionState,
  { path, state: name }: ScopeEvent & { type: 'TaskStarted' },
): ExecutionState {
  const scope = scopeAt(execution, path)
  const state = scope.machine.states[name]
  if (state?.kind !== 'Task' || state.effect === 'read' || state.undo.by === 'none') return execution
  const root = scopeAt(execution, '')
  const write: Write = {
    path,
    state: name,
    visit: scope.visit,
    devices: devicesAt(execution, path),
    arguments: scope.arguments ?? {},
    input: scope.input,
    entry: root.precheck ?? { state: root.state ?? '', input: root.input, variables: root.variables },
  }
  return { ...execution, writes: execution.writes.set(visitKey(path, scope), write) }
}

function finishedTask(
  execution: ExecutionState,
  event: ScopeEvent & { type: 'TaskSucceeded' },
  scope: ScopeState,
): ExecutionState {
  const state = scope.machine.states[event.state]
  if (state?.kind !== 'Task') return execution
  const key = visitKey(event.path, scope)
  const begun = execution.writes.get(key)
  const writes = begun === undefined ? execution.writes : execution.writes.set(key, { ...begun, result: event.output })
  const read = factsOf(state.task)?.givesSnapshot ? (event.output as JsonObject).snapshot : undefined
  return { ...execution, writes, ...(typeof read === 'string' ? { snapshot: read } : {}) }
}

function failedTask(
  execution: ExecutionState,
  { path, state: name, error }: ScopeEvent & { type: 'TaskFailed' },
  scope: ScopeState,
): ExecutionState {
  const state = scope.machine.states[name]
  if (state?.kind !== 'Task' || state.undo.by !== 'task' || leavesDoubt(error)) return execution
  return { ...execution, writes: execution.writes.delete(visitKey(path, scope)) }
}

/** What was taken back is: then the execution goes back to the first write, and to the comparison with the approved base that stands before it, because the switches are where they were before. What a person has stopped goes back to the approval: theirs was the newest word about it (docs/adr/0093-a-word-for-one-execution.md). */
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
    noted: mayHaveStayed(ended) ? ended.noted : {},
    compensation: undefined,
    outcome: undefined,
    output: undefined,
  }
}

function mayHaveStayed({ kept, ends }: ExecutionState): boolean {
  return !kept.isEmpty() || ends.some(({ end }) => end === 'unknown' || end === 'changed')
}

// A switch that is back where it was, and whether it is so because its change was put back.
function again({ ends }: ExecutionState, name: string, history: DeviceHistory): DeviceHistory {
  const isBack = ends.get(name)?.end === 'reverted'
  return { ...untouchedAgain(history), ...(isBack ? { wasPutBack: true as const } : {}) }
}

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
