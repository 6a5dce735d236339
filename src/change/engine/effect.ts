import type { EventBody } from '../record/event/event.ts'
import type { TaskState } from '../workflow/machine/machine.ts'
import type { Write } from './state.ts'

export type Effect =
  | { readonly effect: 'record'; readonly event: EventBody }
  /** A state is entered whose task is due at once: one record where its data has values. */
  | { readonly effect: 'enter'; readonly path: string; readonly state: string }
  /**
   * A transition whose data is to be computed by the state's query language: how the state begins, what it leaves, what a
   * catcher leaves (`handler` is its position), or until when a retrier waits.
   */
  | {
      readonly effect: 'evaluate'
      readonly path: string
      readonly step: 'begin' | 'finish' | 'catch' | 'retry'
      readonly handler: number
    }
  /** Start a task; `begun` when that is on record already and nobody knows how it went. */
  | {
      readonly effect: 'task'
      readonly key: string
      readonly path: string
      readonly state: TaskState
      readonly attempt: number
      readonly devices: readonly string[]
      readonly begun: boolean
    }
  /** A task is to end at its next safe point, because its time is over or because a sibling has failed. A write is waited for. */
  | {
      readonly effect: 'end'
      readonly why: 'timed-out' | 'sibling-failed'
      readonly key: string
      readonly event: EventBody
    }
  /** Look again at `until`, milliseconds since the epoch. */
  | { readonly effect: 'wake'; readonly path: string; readonly until: number }
  /** Wait for what an outside system sends about a token. */
  | { readonly effect: 'listen'; readonly path: string; readonly digest: string }
  /** Put one switch back. */
  | { readonly effect: 'undo'; readonly key: string; readonly device: string }
  /** Read the network of one switch that was put back, until it is as before or its time is over. */
  | { readonly effect: 'network'; readonly key: string; readonly device: string }
  /** Put on record what was measured of the pairs that are probed: nothing is asked any more. */
  | { readonly effect: 'probes'; readonly key: string }
  /** End at other services what was begun there around the change. */
  | { readonly effect: 'around'; readonly key: string }
  /** Take back a write that no switch carries. */
  | { readonly effect: 'takeBack'; readonly key: string; readonly write: Write }
