import type { JournalEvent } from '../../../src/change/record/event/event.ts'

/** A worker, by the name that its records have, has said that it drives an execution. */
export interface Taken {
  readonly worker: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** When it has said that it is done with it. */
  readonly left?: number
}

/** A part of time, milliseconds since the epoch. */
export interface Part {
  readonly from: number
  readonly to: number
}

/** One execution, and by what it is judged how long nobody drove it. */
export interface DrivenEvidence {
  readonly events: readonly JournalEvent[]
  /** When its plan was approved, milliseconds since the epoch. */
  readonly approved: readonly number[]
  /** When each worker ended, by the name that its records have, milliseconds since the epoch. */
  readonly deaths: ReadonlyMap<string, number>
  /** When each worker was stopped in its tracks. */
  readonly frozen: ReadonlyMap<string, readonly Part[]>
  readonly taken: readonly Taken[]
}

/**
 * The longest time between two records in which nobody was waited for: from a question on, it counts from its answer, and it counts anew from the death of the owner, and from the
 * taking and the death of each worker that takes what nobody drives and dies before its first record. One that takes it and lives does not count: nobody would be seen who takes it again and again.
 */
export function longestGap({ events, approved, deaths, taken }: DrivenEvidence) {
  let longest = { gap: 0, words: '' }
  let owner = ''
  for (const [index, next] of events.entries()) {
    const before = events[index - 1]
    if (before?.actor.startsWith('worker:')) owner = before.actor
    if (before === undefined || isByPerson(next, index)) continue
    const [from, to] = [Date.parse(before.at), Date.parse(next.at)]
    const begun = approved.findLast((at) => at >= from && at <= to) ?? from
    const died = deaths.get(owner) ?? Number.POSITIVE_INFINITY
    // Who takes what its owner still drives finds nothing to do.
    const free = before.actor === owner && before.type !== 'TaskWaiting' ? died : begun
    const takings = taken.map(({ worker, at }) => [at, deaths.get(worker) ?? Number.POSITIVE_INFINITY] as const)
    const inVain = takings.filter(([at, end]) => at > free && at < end && end < to)
    const signs = [died, ...inVain.flat()].filter((at) => at > begun && at < to)
    const points = [begun, ...signs.toSorted((a, b) => a - b), to]
    const gap = Math.max(...points.slice(1).map((at, place) => at - (points[place] ?? at)))
    const words = `from ${before.type} of ${before.actor} at ${before.at} to ${next.type} of ${next.actor}`
    if (gap > longest.gap) longest = { gap, words }
  }
  return longest
}

/** How an execution that has something to do was left by all. */
export interface Undriven {
  /** Milliseconds, all such times together. */
  readonly inAll: number
  /** The longest of them. */
  readonly longest: number
  /** How often a worker that had it died, or was frozen. */
  readonly failures: number
}

/**
 * The times in which an execution had something to do and nobody did anything about it: no worker had said that it drives it, or those that had were dead or frozen. Nothing
 * counts anew here.
 */
export function undrivenFor({ events, approved, deaths, frozen, taken }: DrivenEvidence): Undriven {
  const driven: Part[] = []
  let failures = 0
  const [begun, over] = [Date.parse(events[0]?.at ?? ''), Date.parse(events.at(-1)?.at ?? '')]
  for (const { worker, at, left = over } of taken) {
    const death = deaths.get(worker) ?? Number.POSITIVE_INFINITY
    const whole = { from: at, to: Math.min(left, death, over) }
    const stops = (frozen.get(worker) ?? []).filter(({ from, to }) => from < whole.to && to > whole.from)
    failures += stops.length + (death < Math.min(left, over) ? 1 : 0)
    driven.push(...without(whole, stops))
  }
  const idle = events.flatMap((next, index) => {
    const before = events[index - 1]
    const to = Date.parse(next.at)
    if (before === undefined) return []
    const from = Date.parse(before.at)
    if (isByPerson(next, index)) return [{ from, to }]
    // It waits for a person: until the answer, whoever has it.
    const answered = approved.findLast((at) => at >= from && at <= to)
    return answered === undefined ? [] : [{ from, to: answered }]
  })
  const left = without({ from: begun, to: over }, [...driven, ...idle]).map(({ from, to }) => to - from)
  return { inAll: left.reduce((sum, one) => sum + one, 0), longest: Math.max(0, ...left), failures }
}

/** What is left of a part of time without others. */
function without(part: Part, others: readonly Part[]) {
  return others.reduce<readonly Part[]>(
    (parts, { from, to }) =>
      parts
        .flatMap((one) => [
          { from: one.from, to: Math.min(one.to, from) },
          { from: Math.max(one.from, to), to: one.to },
        ])
        .filter((one) => one.from < one.to),
    [part],
  )
}

/** Whether a person had to go on with an execution: he was waited for. */
function isByPerson(event: JournalEvent, index: number) {
  return event.type === 'ExecutionResumed' && event.byItself !== true && index > 1
}
