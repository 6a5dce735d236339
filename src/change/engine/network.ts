import { wasCommitted } from '../../eos/device/history.ts'
import type { JournalEvent } from '../record/event/event.ts'
import type { Effect } from './effect.ts'
import type { ExecutionState } from './state.ts'

/** Empty where nothing is to be read: no change was live, no state area was read before it, or all is on record. */
export function networkEffects(execution: ExecutionState): readonly Effect[] {
  const { networks, ends } = execution
  const terms = execution.machine.putBack
  if (terms === undefined) return []
  const due = [...ends.keys()].filter((device) => isLookedAt(execution, device))
  const fresh = due.filter((device) => !networks.has(device)).sort()
  if (fresh.length > 0) {
    return [{ effect: 'record', event: { type: 'NetworkAwaited', devices: fresh, within: terms.withinSeconds } }]
  }
  return due
    .filter((device) => networks.get(device) === 'awaited')
    .map((device): Effect => ({ effect: 'network', key: networkKey(device), device }))
}

export function isLookedAt({ ends, devices }: Pick<ExecutionState, 'ends' | 'devices'>, device: string): boolean {
  return ends.get(device)?.end === 'reverted' && wasCommitted(devices.get(device))
}

export function isOnlyReading({ networks, scopes, around }: ExecutionState): boolean {
  return scopes.get('')?.result === 'done' && (!networks.isEmpty() || around?.phase === 'ends')
}

/** The key of the work that reads the network of a switch. */
export function networkKey(device: string): string {
  return `network/${device}`
}

export function foldNetworks(
  before: ExecutionState['networks'],
  event: Extract<JournalEvent, { type: 'NetworkAwaited' | 'NetworkRead' }>,
): ExecutionState['networks'] {
  if (event.type === 'NetworkAwaited')
    return event.devices.reduce((all, device) => all.set(device, 'awaited' as const), before)
  return before.set(event.device, event)
}
