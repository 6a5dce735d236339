import type { EventBody } from '../journal/event.ts'
import type { TaskState } from '../workflow/machine.ts'

/** What to do next, as data. The loop does it and appends what happened. */
export type Effect =
  /** A transition that needs nothing from outside. */
  | { readonly effect: 'record'; readonly event: EventBody }
  /** Start a task; `recover` when it was started before and nobody knows how it went. */
  | {
      readonly effect: 'task'
      readonly key: string
      readonly path: string
      readonly state: TaskState
      readonly attempt: number
      readonly devices: readonly string[]
      readonly recover: boolean
    }
  /** A sibling has failed: a read is aborted, a write is waited for. */
  | {
      readonly effect: 'drain'
      readonly key: string
      readonly path: string
      readonly state: TaskState
      readonly devices: readonly string[]
    }
  /** Let time pass until `until`, milliseconds since the epoch. */
  | { readonly effect: 'sleep'; readonly key: string; readonly until: number }
  /** Put one switch back. */
  | { readonly effect: 'undo'; readonly key: string; readonly device: string }
