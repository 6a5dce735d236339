import type { Clock } from '../../src/model/clock.ts'
import { EosflowError } from '../../src/model/error.ts'
import type { MemoryJournal } from './random-machine-journal.ts'

/** Something that has reached the outside: it stays, whoever dies. */
export interface Deed {
  readonly deed: 'done' | 'undone' | 'given' | 'armed' | 'confirmed' | 'reverted'
  /** The visit of a state, `path/state#2`; or the switch. */
  readonly of: string
  /** How many events the journal held when it happened. */
  readonly after: number
  /** Milliseconds since the epoch. */
  readonly at: number
  /** The token that was given. */
  readonly token?: string
}

/** What a world is made of. */
export interface WorldOptions {
  readonly seed: number
  readonly clock: Clock
  readonly journal: MemoryJournal
  /** What has reached it before. */
  readonly before?: readonly Deed[]
}

/** What the parts of a world share. */
export interface Outside extends WorldOptions {
  readonly deeds: Deed[]
  readonly wrongs: string[]
  has(deed: Deed['deed'], of: string): boolean
  happen(deed: Deed['deed'], of: string, token?: string): void
}

/** An error as a task of a machine gives it: it has done nothing, or nobody knows. */
export function failure(name: string, kind: 'state-failed' | 'lost-answer' = 'state-failed'): EosflowError {
  return new EosflowError(kind, name, { fault: { name, cause: 'drawn' } })
}

/** Waits for a point in time. What is due already waits for nobody. */
export async function until(clock: Clock, time: number, signal?: AbortSignal): Promise<void> {
  const left = time - clock.now()
  if (left > 0) await clock.sleep(left, signal)
  else if (signal?.aborted) throw signal.reason
}
