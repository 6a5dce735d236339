import { EosflowError } from '../../model/error.ts'

export type EndReason = 'stopped' | 'suspended' | 'sibling-failed' | 'timed-out'

export interface EffectsUnderWay {
  readonly size: number
  /** Whether anything is under way besides pauses and listening, whose keys begin with `@`. */
  readonly isWorking: boolean
  has(key: string): boolean
  /** Starts work once per key. Its failure is kept and thrown by {@link EffectsUnderWay.throwFailure}. */
  launch(key: string, work: (signal: AbortSignal) => Promise<void>, way?: 'on' | 'back'): void
  abort(key: string, why: EndReason): void
  landForward(): Promise<void>
  land(): Promise<void>
  /** Waits until a piece of work has ended, or has said that something happened, since the last call of this. */
  next(): Promise<void>
  notify(): void
  /** Throws what made work fail, if anything did: the journal could not be written. */
  throwFailure(): void
}

export class EarlyEnd extends EosflowError {
  readonly why: EndReason

  constructor(why: EndReason) {
    super('cancelled', why === 'timed-out' ? 'not done in the time that it has' : 'stopped before it was done')
    this.why = why
  }
}

/** Whether work is asked to end because its execution is to rest: how it then ends says nothing of it. */
export function isSuspended({ reason }: AbortSignal): boolean {
  return reason instanceof EarlyEnd && reason.why === 'suspended'
}

interface EffectUnderWay {
  readonly done: Promise<void>
  readonly controller: AbortController
  readonly way: 'on' | 'back'
}

export function newEffectsUnderWay(): EffectsUnderWay {
  const open = new Map<string, EffectUnderWay>()
  let failure: { readonly error: unknown } | undefined
  let landed = signal()
  const end = async (underWay: readonly EffectUnderWay[]) => {
    for (const { controller } of underWay) controller.abort(new EarlyEnd('stopped'))
    await Promise.all(underWay.map(({ done }) => done))
  }
  return {
    get size() {
      return open.size
    },
    get isWorking() {
      return [...open.keys()].some((key) => !key.startsWith('@'))
    },
    has: (key) => open.has(key),
    launch: (key, work, way = 'on') => {
      if (open.has(key)) return
      const controller = new AbortController()
      const done = work(controller.signal)
        .catch((error: unknown) => {
          failure ??= { error }
        })
        .finally(() => {
          open.delete(key)
          landed.resolve()
        })
      open.set(key, { done, controller, way })
    },
    abort: (key, why) => open.get(key)?.controller.abort(new EarlyEnd(why)),
    landForward: () => end([...open.values()].filter(({ way }) => way === 'on')),
    land: () => end([...open.values()]),
    next: async () => {
      await landed.promise
      landed = signal()
    },
    notify: () => landed.resolve(),
    throwFailure: () => {
      if (failure !== undefined) throw failure.error
    },
  }
}

function signal(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve: () => resolve() }
}
