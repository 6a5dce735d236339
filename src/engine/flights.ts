import { EosflowError } from '../model/error.ts'

/** The work of an execution that is under way, by effect key. */
export interface Flights {
  readonly size: number
  has(key: string): boolean
  /** Starts work once per key. Its failure is kept and thrown by {@link Flights.throwFailure}. */
  launch(key: string, work: (signal: AbortSignal) => Promise<void>): void
  /** Asks one piece of work to end at its next safe point. */
  abort(key: string): void
  /** Asks all work to end at its next safe point, and waits for it. */
  land(): Promise<void>
  /** Waits until any piece of work has ended. */
  next(): Promise<void>
  /** Throws what made work fail, if anything did: the journal could not be written. */
  throwFailure(): void
}

/** What aborted work ends with. */
export const cancelled = (): EosflowError => new EosflowError('cancelled', 'stopped before it was done')

/** No work yet. */
export function newFlights(): Flights {
  const open = new Map<string, { readonly done: Promise<void>; readonly controller: AbortController }>()
  let failure: { readonly error: unknown } | undefined
  return {
    get size() {
      return open.size
    },
    has: (key) => open.has(key),
    launch: (key, work) => {
      if (open.has(key)) return
      const controller = new AbortController()
      const done = work(controller.signal)
        .catch((error: unknown) => {
          failure ??= { error }
        })
        .finally(() => open.delete(key))
      open.set(key, { done, controller })
    },
    abort: (key) => open.get(key)?.controller.abort(cancelled()),
    land: async () => {
      for (const { controller } of open.values()) controller.abort(cancelled())
      await Promise.all([...open.values()].map(({ done }) => done))
    },
    next: () => Promise.race([...open.values()].map(({ done }) => done)),
    throwFailure: () => {
      if (failure !== undefined) throw failure.error
    },
  }
}
