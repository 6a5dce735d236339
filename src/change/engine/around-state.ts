import type { JournalEvent } from '../record/event/event.ts'
import type { Outcome } from '../record/event/outcome.ts'

type AroundResult = Extract<JournalEvent, { type: 'AroundActed' }>['result']

export interface AroundEntry {
  readonly begin?: AroundResult
  readonly beginSaid?: string
  readonly id?: string
  readonly end?: AroundResult
  readonly said?: string
}

export interface LeftAround {
  readonly name: string
  readonly id?: string
  readonly reason: string
}

export interface AroundState {
  readonly phase: 'begins' | 'ends'
  readonly outcome?: Outcome
  readonly names: readonly string[]
  readonly entries: Readonly<Record<number, AroundEntry>>
}

export interface AroundRecord {
  /** What is done at other services around the change; undefined before that begins. */
  readonly around?: AroundState | undefined
  /** The silences that were begun before a redrive and could not be ended; absent before one. */
  readonly leftAround?: readonly LeftAround[]
}
