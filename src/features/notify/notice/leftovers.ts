import type { EventOf, JournalEvent } from '../../../change/record/event/event.ts'
import { withKey, withoutKey } from './keyed.ts'

/** An execution that has left something so that a person has to look at it. */
export interface Leftover {
  readonly seq: number
  /** `undo-failed`: something could not be put back. `unknown-end`: it has ended, and nobody knows what is there. */
  readonly kind: 'unknown-end' | 'undo-failed'
  readonly reason: string
  readonly devices: readonly string[]
}

export type Leftovers = ReadonlyMap<string, Leftover>

/** `parts`: the executions of the sites of the one that the record is of. */
export function leftAfter(before: Leftovers, event: JournalEvent, parts: readonly string[] = []): Leftovers {
  const { execution = '' } = event
  switch (event.type) {
    case 'UndoFinished': {
      const { device, end, detail } = event
      if (end !== 'unknown' && end !== 'changed') return knownIn(before, [device], (one) => one === execution)
      return notUndone(before, event, [device], `${device} was not put back: ${detail}`)
    }
    case 'TaskUndoFinished':
      if (event.error === undefined) return before
      return notUndone(before, event, [], `${event.state} was not undone: ${event.error.message}`)
    case 'ExecutionEnded':
      return ended(before, event, parts)
    case 'SnapshotTaken':
      return knownIn(before, event.notices, () => true)
    default:
      return before
  }
}

function notUndone(before: Leftovers, event: JournalEvent, devices: readonly string[], reason: string): Leftovers {
  const { execution = '', seq } = event
  const known = before.get(execution)
  const first: Leftover = { seq, kind: 'undo-failed', devices, reason }
  return withKey(before, execution, known === undefined ? first : { ...known, devices: [...known.devices, ...devices] })
}

function ended(before: Leftovers, event: EventOf<'ExecutionEnded'>, parts: readonly string[]): Leftovers {
  const { execution = '', seq, outcome, error, devices } = event
  const others = knownIn(before, withEnd(event, 'changed', 'reverted'), (one) => one !== execution)
  if (outcome !== 'unknown') return withoutKey(others, execution)
  const known = others.get(execution)
  // What no switch carries is looked at where the whole change was.
  if (known !== undefined)
    return known.devices.length > 0 ? others : withKey(others, execution, { ...known, devices: Object.keys(devices) })
  const unknown = withEnd(event, 'unknown')
  // What the part of a site has left is a person's to look at already: the whole would wake them once more for the same switch.
  const named = new Set(parts.flatMap((part) => others.get(part)?.devices ?? []))
  const unnamed = unknown.filter((name) => !named.has(name))
  if (unknown.length > 0 && unnamed.length === 0) return others
  const toLookAt = unknown.length > 0 ? unnamed : Object.keys(devices)
  const reason = error?.message ?? 'nobody has read what it has left'
  return withKey(others, execution, { seq, kind: 'unknown-end', devices: toLookAt, reason })
}

export function withEnd({ devices }: EventOf<'ExecutionEnded'>, ...ends: readonly string[]): readonly string[] {
  return Object.entries(devices).flatMap(([name, end]) => (ends.includes(end) ? [name] : []))
}

function knownIn(left: Leftovers, names: readonly string[], isMeant: (execution: string) => boolean): Leftovers {
  if (names.length === 0 || left.size === 0) return left
  const rest = [...left].flatMap(([execution, one]): readonly [string, Leftover][] => {
    const devices = isMeant(execution) ? one.devices.filter((name) => !names.includes(name)) : one.devices
    return one.devices.length > 0 && devices.length === 0 ? [] : [[execution, { ...one, devices }]]
  })
  return new Map(rest)
}
