import { UNTOUCHED } from '../../eos/device/history.ts'
import { EosflowError, unreachable } from '../../model/error.ts'
import { isJsonObject, type Json } from '../../model/json.ts'
import { isAuditEvent } from '../record/event/audit-event.ts'
import type { JournalEvent } from '../record/event/event.ts'
import type { StateMachine } from '../workflow/machine/machine.ts'
import { foldAround } from './around.ts'
import { foldFinished, foldIntended, foldSettled, isNewChange } from './fold-device.ts'
import { foldScope, type ScopeEvent } from './fold-scope.ts'
import { foldTask } from './fold-task.ts'
import { foldNetworks } from './network.ts'
import { foldProbes } from './probes.ts'
import { redriven } from './redrive.ts'
import { visitKey } from './scope-path.ts'
import { foldShares } from './shares.ts'
import { begunAtSites, foldSites } from './sites.ts'
import { type ExecutionState, newExecution, type Write } from './state.ts'

/** Folds a whole journal of one execution. */
export function foldAll(id: string, events: readonly JournalEvent[]): ExecutionState {
  return events.reduce(fold, newExecution(id))
}

/** The one place the journal becomes state. Pure: recovery after a crash is this function again. */
export function fold(before: ExecutionState, event: JournalEvent): ExecutionState {
  const after = foldBody(before, event)
  const place = { seq: event.seq, records: before.records + 1 }
  // What was made for this event alone need not be copied once more.
  return after === before ? { ...before, ...place } : Object.assign(after, place)
}

function foldBody(before: ExecutionState, event: JournalEvent): ExecutionState {
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
    case 'JudgesMeasured':
      return { ...before, judged: event.before }
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
    case 'AroundTurned':
    case 'AroundActed':
      return { ...before, around: foldAround(before.around, event) }
    case 'ProbesMeasured':
      return { ...before, probes: foldProbes(before.probes, event) }
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
    case 'CloudVisionAsked':
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

/** A switch that is changed anew has not ended. */
function forgotten(before: ExecutionState, device: string): ExecutionState {
  return { ...before, ends: before.ends.delete(device), networks: before.networks.delete(device) }
}

/** The machine on record. Throws `store` for one of another version, which is refused rather than guessed at (ADR 0096). */
function machineOf(json: Json): StateMachine {
  const version = isJsonObject(json) ? (json.version ?? null) : null
  if (version === 3) return json as unknown as StateMachine
  throw new EosflowError(
    'store',
    `the state machine on record is of version ${JSON.stringify(version)}: this eosflow reads version 3`,
    { hint: 'Use the eosflow that wrote it, or a newer one.' },
  )
}

/** What was saved before the store was restored from a backup may have been changed since. */
function resumed(
  before: ExecutionState,
  { seq, asks, restored }: Extract<JournalEvent, { readonly type: 'ExecutionResumed' }>,
): ExecutionState {
  const known = { ...wake(before), resumed: seq, mayBeCopy: before.mayBeCopy || asks === true }
  if (restored !== true) return known
  const devices = before.devices.map((one) => (one.phase === 'saved' ? { ...one, isOld: true as const } : one))
  return { ...known, isRestored: true, devices }
}

/** What a plan was made without is told again with it: an execution may begin from a plan. */
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

/** Where the switches of a site ended is where they ended for the execution that it was done for. */
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

/** What waited for a person is asked again. A task that waits for a token has asked already. */
function wake(execution: ExecutionState): ExecutionState {
  const scopes = execution.scopes.map((scope) => {
    if (scope.phase !== 'waiting' || scope.token !== undefined) return scope
    return { ...scope, phase: scope.arguments === undefined ? ('entered' as const) : ('scheduled' as const) }
  })
  return { ...execution, scopes }
}
