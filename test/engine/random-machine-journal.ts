import type { AwaitedToken, Inbox } from '../../src/engine/ports.ts'
import type { EventBody, JournalEvent } from '../../src/journal/event.ts'
import type { Journal } from '../../src/journal/journal.ts'
import { transitionsOf } from '../../src/journal/transitions.ts'
import type { Clock } from '../../src/model/clock.ts'
import { EosflowError } from '../../src/model/error.ts'

/** The execution of every random machine. */
export const EXECUTION = '20260105-080000-00c0ffee'

/** What was sent about a token. */
export type Signal = JournalEvent & { readonly type: 'SignalSent' }

/** A journal in memory, which also counts what its execution has entered and begun. */
export interface MemoryJournal extends Journal {
  readonly events: readonly JournalEvent[]
  readonly signals: readonly Signal[]
  /** The visit of a state (`path/state`) at a journal position, by default the last: which of its entries, and of how often redriven. */
  visit(place: string, upTo?: number): string
  /** When an attempt at the present visit of a state was begun first, milliseconds since the epoch; undefined when it was not. */
  begunAt(place: string, attempt: number): number | undefined
  /** When the undo of a write (`path/state/position`) or of a switch was begun first, if it is not over. */
  undoBegunAt(what: string): number | undefined
  /** How many retries were scheduled. */
  readonly retries: number
  /** Resolves at the next append. */
  changed(): Promise<void>
}

/** A journal that begins with these events. */
export function memoryJournal(clock: Clock, before: readonly JournalEvent[] = []): MemoryJournal {
  const events: JournalEvent[] = []
  const entries = new Map<string, number[]>()
  const begun = new Map<string, number>()
  const signals: Signal[] = []
  const undoing = new Map<string, number>()
  const redriven: number[] = []
  let retries = 0
  let waiting: (() => void)[] = []
  let last = 0
  const visit = (place: string, upTo = Number.POSITIVE_INFINITY): string => {
    const count = (all: readonly number[]): number => all.filter((seq) => seq <= upTo).length
    const again = redriven.length === 0 ? 0 : count(redriven)
    return `${place}#${count(entries.get(place) ?? [])}${again === 0 ? '' : `r${again}`}`
  }
  const attemptKey = (place: string, attempt: number): string => `${visit(place)}:${attempt}`
  const noteUndo = (event: JournalEvent): void => {
    if (event.type === 'UndoStarted') setFirst(undoing, event.device, Date.parse(event.at))
    if (event.type === 'TaskUndoStarted')
      setFirst(undoing, `${event.path}/${event.state}/${event.write}`, Date.parse(event.at))
    if (event.type === 'UndoFinished') undoing.delete(event.device)
  }
  const take = (event: JournalEvent): void => {
    events.push(event)
    if (event.execution !== undefined) last = event.seq
    noteUndo(event)
    if (event.type === 'RetryScheduled') retries += 1
    if (event.type === 'SignalSent') signals.push(event)
    if (event.type === 'ExecutionRedriven') redriven.push(event.seq)
    const [entered] = transitionsOf(event)
    if (entered?.type === 'StateEntered') {
      const place = `${entered.path}/${entered.state}`
      const known = entries.get(place)
      if (known === undefined) entries.set(place, [event.seq])
      else known.push(event.seq)
    }
    if (event.type === 'TaskStarted') {
      setFirst(begun, attemptKey(`${event.path}/${event.state}`, event.attempt), Date.parse(event.at))
    }
  }
  for (const event of before) take(event)
  return {
    events,
    signals,
    visit,
    begunAt: (place, attempt) => begun.get(attemptKey(place, attempt)),
    undoBegunAt: (what) => undoing.get(what),
    get retries() {
      return retries
    },
    changed: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
      }),
    append: async (execution, bodies: readonly EventBody[], after) => {
      if (execution !== undefined && after !== undefined && after !== last) {
        throw new EosflowError('busy', `appended after ${after}, but the last event is ${last}`)
      }
      const written = bodies.map((body, index): JournalEvent => {
        const envelope = {
          v: 1,
          seq: events.length + index + 1,
          at: new Date(clock.now()).toISOString(),
          actor: 'test',
        } as const
        return execution === undefined ? { ...envelope, ...body } : { ...envelope, execution, ...body }
      })
      for (const event of written) take(event)
      const woken = waiting
      waiting = []
      for (const wake of woken) wake()
      return written
    },
    read: async (execution) => events.filter((event) => event.execution === execution),
  }
}

function setFirst<K>(times: Map<K, number>, key: K, time: number): void {
  if (!times.has(key)) times.set(key, time)
}

/** What was sent about tokens, as it stands in the journal. */
export function inboxOf(journal: MemoryJournal): Inbox {
  return {
    isAttended: true,
    token: (execution, key) => ({ token: `token ${execution} ${key}`, digest: `digest ${key}` }),
    wait: async (tokens, signal) => {
      const ended = new Promise<never>((_, reject) => {
        if (signal.aborted) reject(signal.reason)
        else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      })
      for (;;) {
        const sent = journal.signals.filter((signal) => isAwaited(tokens, signal))
        if (sent.length > 0) return sent
        await Promise.race([journal.changed(), ended])
      }
    },
  }
}

function isAwaited(tokens: readonly AwaitedToken[], { token, seq }: Signal): boolean {
  return tokens.some(({ digest, since }) => digest === token && seq > since)
}
