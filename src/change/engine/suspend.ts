import { type DeviceHistory, UNTOUCHED, wasCommitted } from '../../eos/device/history.ts'
import type { Json } from '../../model/json.ts'
import type { TaskState } from '../workflow/machine/machine.ts'
import { STOP_SITES } from '../workflow/site-machines.ts'
import { AROUND_KEY, aroundEffects, networkEffects, networkKey, probeEffects } from './around.ts'
import { scopeAt } from './fold-scope.ts'
import { endOf, outcomeOfCompensation } from './outcome.ts'
import { attemptKey, isWithin, parentOf, visitKey } from './scope-path.ts'
import { mayPush } from './sites.ts'
import type { Effect, ExecutionState, Write } from './state.ts'

type Undo = { readonly at: number; readonly wave: number } & ({ readonly device: string } | { readonly write: Write })

export function stateOfWrite(execution: ExecutionState, { path, state }: Write): TaskState | undefined {
  const found = scopeAt(execution, path).machine.states[state]
  return found?.kind === 'Task' ? found : undefined
}

/**
 * What of the given writes is to be taken back now: the newest first. Switches of one wave that follow each other go
 * together; empty when everything is taken back, or could not be.
 */
export function undoEffects(execution: ExecutionState, writes: Iterable<Write>): readonly Effect[] {
  return newestFirst(execution, openUndos(execution, writes))
}

export function allUndoEffects(execution: ExecutionState): readonly Effect[] {
  const open = openUndos(execution, execution.writes.values())
  const known = new Set(open.flatMap((undo) => ('device' in undo ? [undo.device] : [])))
  const touched = [...execution.devices.keys()].filter((device) => isTouched(execution, device))
  const others = [...new Set([...touched, ...inDoubt(execution)])].filter((device) => !known.has(device))
  return newestFirst(execution, [
    ...open,
    ...others.map((device) => ({ at: 0, wave: waveOf(execution, device), device })),
  ])
}

/**
 * The switches that are asked before an execution ends whose failures were tolerated: nothing on record has touched them, and that alone
 * proves nothing where another copy of the record may have gone on with it.
 */
export function doubtEffects(execution: ExecutionState): readonly Effect[] {
  const { devices } = execution
  const unasked = inDoubt(execution).filter((device) => (devices.get(device) ?? UNTOUCHED).reached === 'nothing')
  return newestFirst(
    execution,
    unasked.map((device) => ({ at: 0, wave: waveOf(execution, device), device })),
  )
}

// The key of the work that takes a write back.
function takeBackKey(write: Write): string {
  return `takeBack/${visitKey(write.path, write)}`
}

function newestFirst({ targets }: ExecutionState, undos: readonly Undo[]): readonly Effect[] {
  const open = undos.toSorted((a, b) => b.at - a.at || b.wave - a.wave)
  const [newest] = open
  if (newest === undefined) return []
  if ('write' in newest) {
    return [{ effect: 'takeBack', key: takeBackKey(newest.write), write: newest.write }]
  }
  const end = open.findIndex((undo) => 'write' in undo || undo.wave !== newest.wave)
  return open
    .slice(0, end === -1 ? open.length : end)
    .flatMap((undo) => ('device' in undo ? [undo.device] : []))
    .toSorted((a, b) => targets.indexOf(a) - targets.indexOf(b))
    .map((device): Effect => ({ effect: 'undo', key: `undo/${device}`, device }))
}

function openUndos(execution: ExecutionState, writes: Iterable<Write>): Undo[] {
  const devices = new Map<string, number>()
  const calls: Undo[] = []
  for (const write of writes) {
    for (const device of write.devices) {
      if (isTouched(execution, device)) devices.set(device, Math.min(write.visit, devices.get(device) ?? write.visit))
    }
    const by = stateOfWrite(execution, write)?.undo.by
    if (by === 'task' && (write.undone ?? 'begun') === 'begun' && !isSettled(execution, write.path))
      calls.push({ at: write.visit, wave: -1, write })
  }
  return [...calls, ...[...devices].map(([device, at]) => ({ at, wave: waveOf(execution, device), device }))]
}

function isSettled(execution: ExecutionState, path: string): boolean {
  const parent = parentOf(path)
  if (parent === undefined) return false
  const holder = execution.scopes.get(parent.path)
  const state = holder?.machine.states[parent.state]
  const settles = state?.kind === 'Map' && state.settles === true && execution.scopes.get(path)?.result === 'done'
  return settles || isSettled(execution, parent.path)
}

function waveOf({ plan }: ExecutionState, device: string) {
  return plan?.waves.findIndex((wave) => wave.includes(device)) ?? -1
}

// The switches that are asked although nothing on record has touched them: a copy of the record may have gone on with the execution
// (docs/copies.md). Whoever began it and still drives it knows that none has, unless a switch says otherwise.
function inDoubt(execution: ExecutionState) {
  const { purpose, plan, targets, sites, isRestored, mayBeCopy, devices, ends, kept, leftOut } = execution
  if (purpose === 'plan' || sites.isDivided) return []
  const isCopied = isRestored || devices.some(({ unrecorded }) => unrecorded !== undefined)
  if (!isCopied && !mayBeCopy) return []
  const all = plan?.waves.flat() ?? targets
  return all.filter((device) => !ends.has(device) && !kept.has(device) && !leftOut.has(device))
}

function isTouched({ devices, ends, kept }: ExecutionState, device: string) {
  const { reached, planning, owners = [], unrecorded } = devices.get(device) ?? UNTOUCHED
  const carries = reached !== 'nothing' || planning !== undefined || owners.length > 0 || unrecorded !== undefined
  return carries && !ends.has(device) && !kept.has(device)
}

function hasOnlyOwners({ reached, planning, unrecorded }: DeviceHistory) {
  return reached === 'nothing' && planning === undefined && unrecorded === undefined
}

export function unsettled(execution: ExecutionState): readonly string[] {
  return execution.devices
    .filter((known, name) => known.phase !== 'saved' && !hasOnlyOwners(known) && isTouched(execution, name))
    .keySeq()
    .toArray()
    .sort()
}

export function isUndoneBadly(execution: ExecutionState, writes: Iterable<Write>): boolean {
  for (const { devices, undone } of writes) {
    if (undone === 'failed' || devices.some((device) => execution.ends.get(device)?.end === 'unknown')) return true
  }
  return false
}

export function compensate(execution: ExecutionState): readonly Effect[] {
  const undos = allUndoEffects(execution)
  if (undos.length > 0) return undos
  const looks = networkEffects(execution)
  if (looks.length > 0) return looks
  const probes = probeEffects(execution)
  if (probes.length > 0) return probes
  const outcome = outcomeOfCompensation(execution)
  const around = aroundEffects(execution, outcome)
  return around.length > 0 ? around : [{ effect: 'record', event: endOf(execution, outcome) }]
}

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
