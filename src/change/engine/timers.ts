import type { Clock } from '../../model/clock.ts'
import type { EffectsUnderWay } from './effects-under-way.ts'

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
