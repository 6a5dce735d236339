import { UNTOUCHED } from '../../eos/device/history.ts'
import type { JournalEvent } from '../record/event/event.ts'
import type { Effect } from './effect.ts'
import type { ExecutionState } from './state.ts'
import { itemAround } from './suspend.ts'

export function foldShares(
  before: ExecutionState['shares'],
  event: Extract<JournalEvent, { type: 'SharesTaken' | 'SharesGivenBack' | 'UndoFinished' }>,
): ExecutionState['shares'] {
  switch (event.type) {
    case 'SharesTaken': {
      const taken = new Map<string, readonly string[]>()
      for (const { device, share } of event.shares) taken.set(device, [...(taken.get(device) ?? []), share])
      return before.withMutations((all) => {
        for (const [device, shares] of taken) all.set(device, { shares, isOver: false })
      })
    }
    case 'SharesGivenBack':
      return before.deleteAll(event.devices)
    case 'UndoFinished': {
      const own = before.get(event.device)
      // Where it is not known what a switch runs, it is under change until the execution ends.
      const isBack = event.end !== 'unknown' && event.end !== 'changed'
      return own === undefined || !isBack ? before : before.set(event.device, { ...own, isOver: true })
    }
  }
}

/** The shares that an execution gives back while it goes on: of switches whose change is kept for good, of those that were put back, and of those that failed before anything was staged on them. */
export function sharesToGiveBack(execution: ExecutionState): readonly Effect[] {
  const { shares, kept } = execution
  const over = shares.filter(({ isOver }, device) => isOver || kept.has(device) || hasNeverBegun(execution, device))
  if (over.isEmpty()) return []
  const devices = [...over.keys()].sort()
  const given = devices.flatMap((device) => over.get(device)?.shares ?? [])
  return [{ effect: 'record', event: { type: 'SharesGivenBack', devices, shares: given } }]
}

function hasNeverBegun({ failed, devices, isRestored, mayBeCopy }: ExecutionState, device: string) {
  const { reached, unrecorded } = devices.get(device) ?? UNTOUCHED
  return failed.has(device) && reached === 'nothing' && unrecorded === undefined && !isRestored && !mayBeCopy
}

const changed = new WeakMap<readonly (readonly string[])[], readonly string[]>()

function changedBy(waves: readonly (readonly string[])[]) {
  const all = changed.get(waves) ?? waves.flat()
  changed.set(waves, all)
  return all
}

export function changedTogether(execution: ExecutionState, path: string, device: string): readonly string[] {
  const { plan, kept, leftOut, failed } = execution
  const item = itemAround(execution, path)
  const all = item === undefined ? changedBy(plan?.waves ?? [[device]]) : [item].flat().map(String)
  if (kept.isEmpty() && leftOut.isEmpty() && failed.isEmpty()) return all
  return all.filter((name) => name === device || !(kept.has(name) || leftOut.has(name) || failed.has(name)))
}
