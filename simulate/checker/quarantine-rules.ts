import type { EventBody, JournalEvent } from '../../src/change/record/event/event.ts'
import { QUARANTINE_ON_ONE_MACHINE } from '../../src/change/record/store/lease.ts'
import type { Life } from '../../src/lab/trial/trial-app.ts'
import type { History } from '../history.ts'
import type { Verb } from '../verbs.ts'
import { Violation } from '../violation.ts'
import type { Watch } from '../watch.ts'

/** What changes a switch beyond a session that is thrown away at once: sent late, it strikes whoever changes the switch by then. */
const LASTING: ReadonlySet<Verb> = new Set(['stage', 'arm', 'confirm', 'save', 'restore'])

/** The switch that an event is the intent to change, by the name of its act. */
function changedBy(event: EventBody): string | undefined {
  if (event.type !== 'ActIntended' || event.act === 'abort' || event.act === 'release') return undefined
  return event.act === 'stage' && event.checkpoint === undefined ? undefined : event.device
}

/** A switch that is kept from others. */
interface Kept {
  /** The execution that has it. */
  readonly execution: string
  /** Milliseconds since the beginning. */
  readonly until: number
  /** By how much the clock of the controllers was off: who sets it meanwhile ends the quarantine early or late. */
  readonly skew: number
}

/**
 * I30: a process is killed between a request and its answer, and another one takes its execution over. For as long as the store keeps a switch
 * from others (ten seconds on one machine) no other execution of the store has the intent to change the switch that was asked.
 */
export function quarantineRules(history: History): Watch {
  /** Requests that each process has sent and not heard of, by switch. */
  const open = new Map<Life, Set<string>>()
  /** The switches that killed processes have left with one, by execution. */
  const left = new Map<string, Set<string>>()
  /** Who had the intent to change a switch last, by store and switch. */
  const users = new Map<object, Map<string, string>>()
  const kept = new Map<object, Map<string, Kept>>()
  const length = (history.scenario.machines?.quarantineSeconds ?? QUARANTINE_ON_ONE_MACHINE) * 1000

  const storeOf = (execution: string): object =>
    history.executions.find(({ id }) => id === execution)?.store ?? history.executions
  const of = <Key, Value>(all: Map<Key, Value>, key: Key, none: () => Value): Value => {
    const found = all.get(key) ?? none()
    all.set(key, found)
    return found
  }

  const skew = (): number => history.wall - history.timeline.clock().now()

  function takeOver({ execution = '' }: JournalEvent): void {
    const store = storeOf(execution)
    for (const device of left.get(execution) ?? []) {
      if (users.get(store)?.get(device) !== execution) continue
      of(kept, store, () => new Map()).set(device, { execution, until: history.timeline.now + length, skew: skew() })
    }
    left.delete(execution)
  }

  function intend(device: string, { execution = '' }: JournalEvent): void {
    const store = storeOf(execution)
    const bar = kept.get(store)?.get(device)
    of(users, store, () => new Map()).set(device, execution)
    if (bar === undefined || bar.execution === execution || bar.skew !== skew()) return
    const seconds = (bar.until - history.timeline.now) / 1000
    if (seconds <= 0) return
    throw new Violation('I30', `${device}: changed by another execution ${seconds} s before its quarantine is over`)
  }

  return {
    sent: ({ life, device, request }) => {
      if (LASTING.has(request.verb)) of(open, life, () => new Set()).add(device)
    },
    heard: ({ life, device }) => {
      open.get(life)?.delete(device)
    },
    died: (life) => {
      for (const device of open.get(life) ?? []) of(left, life.execution, () => new Set()).add(device)
    },
    appended: (_life, events) => {
      for (const event of events) {
        if (event.type === 'ExecutionResumed') takeOver(event)
        const device = changedBy(event)
        if (device !== undefined) intend(device, event)
      }
    },
  }
}
