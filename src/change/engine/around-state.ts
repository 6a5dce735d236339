import type { JournalEvent } from '../record/event/event.ts'
import type { Outcome } from '../record/event/outcome.ts'

/** How far an act at another service has come; `intended`: nobody knows whether it was done. */
type AroundResult = Extract<JournalEvent, { type: 'AroundActed' }>['result']

/** What is on record of one entry of `around`. */
export interface AroundEntry {
  readonly begin?: AroundResult
  /** Why it could not be begun. */
  readonly beginSaid?: string
  /** What the service calls what was begun there. */
  readonly id?: string
  readonly end?: AroundResult
  /** What was read of its end, or why it could not be ended. */
  readonly said?: string
}

/** A silence that could not be ended, and why. */
export interface LeftAround {
  readonly name: string
  /** What the service calls it, as far as that is known. */
  readonly id?: string
  readonly reason: string
}

/** What is on record of what is done around a change. */
export interface AroundState {
  readonly phase: 'begins' | 'ends'
  /** How the change ended; there once it ends. */
  readonly outcome?: Outcome
  /** How each entry is called, in the order of the plan. */
  readonly names: readonly string[]
  /** By the place of the entry. */
  readonly entries: Readonly<Record<number, AroundEntry>>
}

/** What an execution has on record around its changes. */
export interface AroundRecord {
  /** What is done at other services around the change; undefined before that begins. */
  readonly around?: AroundState | undefined
  /** The silences that were begun before a redrive and could not be ended; absent before one. */
  readonly leftAround?: readonly LeftAround[]
}
