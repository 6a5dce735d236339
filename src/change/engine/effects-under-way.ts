import type { Clock } from '../../model/clock.ts'
import { EosflowError } from '../../model/error.ts'
import type { EventBody, JournalEvent } from '../record/event/event.ts'
import type { Ledger } from './ledger.ts'
import type { AwaitedToken, Inbox } from './ports.ts'

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

export interface TokenListener {
  readonly size: number
  /** Sets the token that a scope waits for; undefined takes it away. */
  set(path: string, token: AwaitedToken | undefined): void
  launch(): void
}

export function newListening(inbox: Inbox, ledger: Ledger, underWay: EffectsUnderWay): TokenListener {
  const awaited = new Map<string, AwaitedToken>()
  let count = 0
  let isChanged = false
  const key = () => `@inbox/${count}`
  return {
    get size() {
      return awaited.size
    },
    set: (path, token) => {
      const known = awaited.get(path)
      if (known?.digest === token?.digest && known?.since === token?.since) return
      isChanged = true
      if (token === undefined) awaited.delete(path)
      else awaited.set(path, token)
    },
    launch: () => {
      if (underWay.has(key())) {
        if (!isChanged) return
        underWay.abort(key(), 'stopped')
      }
      isChanged = false
      if (awaited.size === 0) return
      count += 1
      underWay.launch(key(), (signal) => listen(inbox, ledger, [...awaited.values()], signal))
    },
  }
}

async function listen(inbox: Inbox, ledger: Ledger, tokens: readonly AwaitedToken[], signal: AbortSignal) {
  let sent: readonly JournalEvent[]
  try {
    sent = await inbox.wait(tokens, signal)
  } catch (error) {
    if (signal.aborted) return
    throw error
  }
  for (const event of sent) {
    const answer = event.type === 'SignalSent' ? answerTo(ledger, event) : undefined
    if (answer !== undefined) await ledger.append(answer)
  }
}

function answerTo(
  { state }: Ledger,
  { token, answer, seq }: Extract<JournalEvent, { type: 'SignalSent' }>,
): EventBody | undefined {
  const [path, scope] =
    state.scopes.findEntry(({ phase, ...one }) => phase === 'waiting' && one.token?.digest === token) ?? []
  if (path === undefined || scope?.state === undefined) return undefined
  const place = { path, state: scope.state }
  switch (answer.signal) {
    case 'heartbeat':
      return { type: 'TaskHeartbeat', ...place, signal: seq }
    case 'success':
      return { type: 'TaskSucceeded', ...place, output: answer.output }
    case 'failure': {
      const { error: name, cause } = answer
      const message =
        [name, cause].filter((part) => part !== null).join(': ') || 'the outside system says that it failed'
      return { type: 'TaskFailed', ...place, error: { kind: 'state-failed', message, name, cause } }
    }
  }
}

export interface Timers {
  set(path: string, until: number | undefined): void
  due(now: number): readonly string[]
  launch(): void
  areOnly(these: (path: string) => boolean): boolean
}

export function newTimers(clock: Clock, underWay: EffectsUnderWay): Timers {
  const queue = newTimerQueue()
  let count = 0
  let running: { readonly key: string; readonly until: number } | undefined
  return {
    set: (path, until) => queue.set(path, until),
    due: (now) => queue.due(now),
    launch: () => {
      const until = queue.nearest()
      if (running !== undefined && underWay.has(running.key)) {
        if (running.until === until) return
        underWay.abort(running.key, 'stopped')
      }
      if (until === undefined) {
        running = undefined
        return
      }
      count += 1
      running = { key: `@timer/${count}`, until }
      underWay.launch(running.key, (signal) => pause(clock, until, signal))
    },
    areOnly: (these) => queue.paths().every(these),
  }
}

async function pause(clock: Clock, until: number, signal: AbortSignal) {
  try {
    await clock.sleep(Math.max(0, until - clock.now()), signal)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

interface TimerQueue {
  // Sets a scope's time, in milliseconds since the epoch; undefined takes it away.
  set(path: string, until: number | undefined): void
  nearest(): number | undefined
  due(now: number): readonly string[]
  paths(): readonly string[]
}

interface Entry {
  readonly path: string
  readonly until: number
}

function newTimerQueue(): TimerQueue {
  const wanted = new Map<string, number>()
  const heap: Entry[] = []
  const isCurrent = ({ path, until }: Entry) => wanted.get(path) === until
  const top = (): Entry | undefined => {
    while (heap[0] !== undefined && !isCurrent(heap[0])) pop(heap)
    return heap[0]
  }
  return {
    set: (path, until) => {
      if (until === undefined) wanted.delete(path)
      else if (wanted.get(path) !== until) {
        wanted.set(path, until)
        push(heap, { path, until })
      }
    },
    nearest: () => top()?.until,
    due: (now) => {
      const paths: string[] = []
      for (let first = top(); first !== undefined && first.until <= now; first = top()) {
        wanted.delete(first.path)
        paths.push(first.path)
      }
      return paths
    },
    paths: () => [...wanted.keys()],
  }
}

// Times that are equal keep a fixed order, so that a seed gives the same journal.
function isBefore(a: Entry | undefined, b: Entry | undefined) {
  if (a === undefined || b === undefined) return a !== undefined
  return a.until < b.until || (a.until === b.until && a.path < b.path)
}

function push(heap: Entry[], entry: Entry) {
  let at = heap.length
  heap.push(entry)
  while (at > 0) {
    const above = (at - 1) >> 1
    if (!isBefore(heap[at], heap[above])) return
    swap(heap, at, above)
    at = above
  }
}

function pop(heap: Entry[]) {
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return
  heap[0] = last
  for (let at = 0; ; ) {
    const [left, right] = [2 * at + 1, 2 * at + 2]
    const least = isBefore(heap[right], heap[left]) ? right : left
    if (!isBefore(heap[least], heap[at])) return
    swap(heap, at, least)
    at = least
  }
}

function swap(heap: Entry[], a: number, b: number) {
  const [x, y] = [heap[a], heap[b]]
  if (x === undefined || y === undefined) return
  heap[a] = y
  heap[b] = x
}
