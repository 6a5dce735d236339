import type { Cursor } from '../event/cursor.ts'
import type { ArtefactRef, EventBody, JournalEvent } from '../event/event.ts'
import type { RepeatedWrite } from './outage.ts'

export type AppendCondition = ExecutionCondition | PolicyCondition

export interface PolicyCondition {
  readonly policy: number
}

export interface ExecutionCondition {
  readonly of: string
  readonly newest: number
  /** Nobody has asked behind this cursor that it stops or rests. */
  readonly unaskedSince?: Cursor
}

export interface Journal {
  /** `after`: the last event of this execution that the caller has folded. Throws `busy` where another process has appended since or a condition does not hold, `stale` (PolicyMovedError) of a policy; then nothing is written. */
  append(
    execution: string | undefined,
    events: readonly EventBody[],
    after?: number | readonly AppendCondition[],
    again?: RepeatedWrite,
  ): Promise<readonly JournalEvent[]>
  /** Throws `store` when the chain does not verify. */
  read(execution: string): Promise<readonly JournalEvent[]>
}

interface Appending {
  readonly of: string | undefined
  readonly events: readonly EventBody[]
}

interface Hearing {
  readonly events?: readonly EventBody[]
  // Once it is on record: what it throws, the append throws, and no later one hears of it.
  written?(written: readonly JournalEvent[]): void | Promise<void>
  refused?(): void
}

/** Called before anything is written: what it throws, the append throws. `journal` has no subscribers. */
export type Subscriber = (appending: Appending, journal: Journal) => Hearing | undefined | Promise<Hearing | undefined>

/** Calls the subscribers in their order, before and after. */
export function heardJournal(journal: Journal, subscribers: readonly Subscriber[]): Journal {
  return {
    append: async (of, given, after, again) => {
      const hearings: Hearing[] = []
      let events = given
      let written: readonly JournalEvent[]
      try {
        for (const subscriber of subscribers) {
          const heard = subscriber({ of, events }, journal)
          const hearing = heard instanceof Promise ? await heard : heard
          if (hearing !== undefined) hearings.push(hearing)
          events = hearing?.events ?? events
        }
        written = await journal.append(of, events, after, again)
      } catch (error) {
        hearings.forEach((hearing) => {
          hearing.refused?.()
        })
        throw error
      }
      for (const hearing of hearings) await hearing.written?.(written)
      return written
    },
    read: (of) => journal.read(of),
  }
}

export interface Artefacts {
  put(text: string): Promise<ArtefactRef>
  /** Throws `store` when it is missing or was altered. */
  get(ref: ArtefactRef): Promise<string>
  /** Another text than before once what is kept under a reference may be another. Throws `store`. */
  markOf(ref: ArtefactRef): Promise<string | undefined>
}
