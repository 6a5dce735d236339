import type { ExecutionState } from '../src/change/engine/state.ts'
import type { EventBody, JournalEvent } from '../src/change/record/event/event.ts'
import type { Life } from '../src/lab/trial/trial-app.ts'
import type { EosflowError } from '../src/model/error.ts'
import type { Box } from './box.ts'
import type { Execution } from './simulated-execution.ts'
import type { Request } from './verbs.ts'

/** A request of a controller to a switch. */
export interface Sent {
  readonly life: Life
  /** The name of the switch that is meant. */
  readonly device: string
  readonly request: Request
  /** Its commands as they were sent, without what is fed to their prompts. Over SSH a request is the verb alone: empty. */
  readonly commands: readonly string[]
  /** Whether the connection existed before, and since when; milliseconds since the beginning. */
  readonly connected: number | undefined
  readonly openedAt: number
  /** When it was sent. */
  readonly at: number
}

/** How a request ended for who sent it. */
export type Heard = 'answered' | 'refused by the switch' | 'lost' | 'unreachable'

/** Who looks at everything that happens in a history. Every function may throw `Violation`. */
export interface Watch {
  /** Asked to write; nothing is on record yet. */
  appending?(life: Life, events: readonly EventBody[]): void
  appended?(life: Life | undefined, events: readonly JournalEvent[]): void
  sent?(sent: Sent): void
  /** A request reaches a switch and is about to be carried out. */
  arrives?(sent: Sent, box: Box): void
  /** It was carried out. `ok`: the switch refused nothing. `answer` is the body; empty over SSH, and where it cannot answer. */
  carriedOut?(sent: Sent, box: Box, ok: boolean, answer?: string): void
  /** `answer` is the body that arrived. */
  heard?(sent: Sent, how: Heard, answer?: string): void
  /** A switch was changed by its own timer, by a reboot, or by somebody else. */
  moved?(box: Box, why: string): void
  died?(life: Life): void
  /** A moment at which something may strike: its kind, as `sent arm`. */
  moment?(kind: string): void
  /** A process was declared dead, so many milliseconds after it has last said that it lives; `ttl` is for how long it may be silent. */
  declaredDead?(life: Life, silent: number, ttl: number): void
  /** An execution was taken over from a process that has neither ended nor said that it leaves it. */
  takenOver?(from: Life, isDead: boolean): void
  /** A process has given its execution up. */
  gaveUp?(life: Life, error: EosflowError): void
  /** A suspended execution rests. */
  rested?(execution: Execution): void
  /** An execution has come to its end. */
  ended?(execution: string, state: ExecutionState): void
  note?(text: string): void
}
