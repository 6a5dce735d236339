import type { Clock } from '../../../model/clock.ts'
import { agentName, type Principal } from '../../../model/principal.ts'
import { tooMany } from './concurrency-limit.ts'

/** So many requests of one kind in so many milliseconds. */
export interface Limit {
  readonly most: number
  readonly within: number
  /** Names them in a refusal: `logins a minute`. */
  readonly what: string
}

interface Window {
  readonly until: number
  count: number
}

export class FixedWindows {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #names: number
  readonly #windows = new Map<string, Window>()

  constructor(clock: Pick<Clock, 'monotonic'>, names = Number.POSITIVE_INFINITY) {
    this.#clock = clock
    this.#names = names
  }

  /** Throws `too-many` where it is one too many, and after how many seconds it is not. */
  take(name: string, { most, within, what }: Limit): () => void {
    const now = this.#clock.monotonic()
    const known = this.#windows.get(name)
    const window = known !== undefined && now < known.until ? known : this.#open(name, now, within)
    if (window.count >= most) throw tooMany(most, what, Math.max(1, Math.ceil((window.until - now) / 1000)))
    window.count += 1
    return () => {
      window.count -= 1
    }
  }

  #open(name: string, now: number, within: number): Window {
    const window = { until: now + within, count: 0 }
    this.#windows.delete(name)
    // A map has its entries in the order in which they were set: the oldest are first.
    for (const [oldest, { until }] of this.#windows) {
      if (now < until && this.#windows.size < this.#names) break
      this.#windows.delete(oldest)
    }
    this.#windows.set(name, window)
    return window
  }
}

interface AskedRoute {
  readonly method: string
  readonly path: string
  readonly action: string
}

/** When an agent has begun plans and changes since an instant, by the record: milliseconds since the epoch. */
export type RecordedStarts = (principal: Principal, since: number) => Promise<readonly number[]>

/** What a request has begun: something that is on record from then on, something that is not, or nothing, because it was begun before. */
export type RequestEffect = 'on record' | 'beside' | 'nothing'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const AGENT_REQUESTS: Limit = { most: 200, within: MINUTE, what: 'requests a minute for an agent' }
const AGENT_BEGINS: Limit = { most: 20, within: HOUR, what: 'plans, rehearsals and comparisons an hour for an agent' }
const LOGINS: Limit = { most: 120, within: MINUTE, what: 'logins a minute' }
const RETURNS: Limit = { most: 240, within: MINUTE, what: 'ends of logins a minute' }

/** What it begins is counted from the record, so that no restart forgets it; requests, and what goes on no record, are counted in the memory of the front. What people and pipelines ask for costs the front alone, and never the engine. */
export class Allowance {
  readonly #clock: Pick<Clock, 'now'>
  readonly #spent: FixedWindows
  readonly #onRecord: RecordedStarts
  readonly #beside = new Map<string, readonly number[]>()
  readonly #underWay = new Map<string, number>()

  constructor(clock: Pick<Clock, 'now' | 'monotonic'>, onRecord: RecordedStarts) {
    this.#clock = clock
    this.#spent = new FixedWindows(clock)
    this.#onRecord = onRecord
  }

  /** Throws `too-many` where it is one too many, and after how many seconds it is not. */
  require({ kind, ...principal }: Principal, route: AskedRoute): void {
    if (kind !== 'agent' || (route.method !== 'GET' && !mayBegin(route))) return
    this.#spent.take(`${AGENT_REQUESTS.what} ${agentName({ kind, ...principal })}`, AGENT_REQUESTS)
  }

  /** Throws as {@link require}. */
  async begin<T>(principal: Principal, work: () => Promise<T>, begun: (answer: T) => RequestEffect): Promise<T> {
    if (principal.kind !== 'agent') return work()
    const name = agentName(principal)
    const mine = (this.#underWay.get(name) ?? 0) + 1
    this.#underWay.set(name, mine)
    try {
      await this.#requireRoom(principal, name, mine)
      const answer = await work()
      if (begun(answer) === 'beside') this.#beside.set(name, [...(this.#beside.get(name) ?? []), this.#clock.now()])
      return answer
    } finally {
      const left = (this.#underWay.get(name) ?? 1) - 1
      if (left === 0) this.#underWay.delete(name)
      else this.#underWay.set(name, left)
    }
  }

  /** Throws as {@link require}. */
  requireLogin(way: 'there' | 'back'): void {
    const limit = way === 'there' ? LOGINS : RETURNS
    this.#spent.take(limit.what, limit)
  }

  async #requireRoom(principal: Principal, name: string, mine: number) {
    const { most, what, within } = AGENT_BEGINS
    const now = this.#clock.now()
    const since = now - within
    for (const [agent, times] of this.#beside) {
      const newer = times.filter((at) => at > since)
      if (newer.length === 0) this.#beside.delete(agent)
      else this.#beside.set(agent, newer)
    }
    const recorded = await this.#onRecord(principal, since)
    const times = [...recorded, ...(this.#beside.get(name) ?? [])].filter((at) => at > since).toSorted((a, b) => a - b)
    if (times.length + mine <= most) return
    throw tooMany(most, what, Math.max(1, Math.ceil(((times[0] ?? now) - since) / 1000)))
  }
}

export function mayBegin({ method, path, action }: AskedRoute): boolean {
  return method !== 'GET' && (action === 'plan.create' || path.endsWith('/executions'))
}
