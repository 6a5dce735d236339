import type { Clock } from '../model/clock.ts'
import { agentName, type Principal } from '../model/principal.ts'
import { Refusal } from './fault.ts'

/** So many requests of one kind in so many milliseconds. */
interface Limit {
  readonly most: number
  readonly within: number
  readonly what: string
}

/** What of a route says how much it costs. */
interface AskedRoute {
  readonly method: string
  readonly path: string
  readonly action: string
}

const MINUTE = 60_000
/** An agent does not tire: what it reads costs the front, and what it plans costs the switches. */
const AGENT_READS: Limit = { most: 200, within: MINUTE, what: 'reads a minute for an agent' }
const AGENT_PLANS: Limit = { most: 20, within: 60 * MINUTE, what: 'plans an hour for an agent' }
/** Logins are begun by anybody, and each costs the engine, the provider and, when it fails, a record. */
const LOGINS: Limit = { most: 120, within: MINUTE, what: 'logins a minute' }
const RETURNS: Limit = { most: 240, within: MINUTE, what: 'ends of logins a minute' }

interface Spent {
  readonly since: number
  count: number
}

/** How much each agent has asked for, and all who log in, in the memory of the front. What people and pipelines ask for costs the front alone, and never the engine. */
export class Allowance {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #spent = new Map<string, Spent>()

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
  }

  /** Counts a request of somebody who is known. Throws `too-many` where it is one too many, and after how many seconds it is not. */
  require(principal: Principal, route: AskedRoute): void {
    const limit = limitOf(principal, route)
    if (limit !== undefined) this.#take(limit, agentName(principal))
  }

  /** Counts a browser that nobody knows yet and that is sent to a provider, or comes back from one: all of them together. Throws as {@link require}. */
  requireLogin(way: 'there' | 'back'): void {
    this.#take(way === 'there' ? LOGINS : RETURNS, '')
  }

  #take(limit: Limit, whose: string): void {
    const now = this.#clock.monotonic()
    const name = `${limit.what} ${whose}`
    const known = this.#spent.get(name)
    const spent = known === undefined || now - known.since >= limit.within ? { since: now, count: 0 } : known
    if (spent !== known) this.#keep(name, spent, now)
    spent.count += 1
    if (spent.count <= limit.most) return
    const seconds = Math.max(1, Math.ceil((spent.since + limit.within - now) / 1000))
    throw new Refusal(
      { kind: 'too-many', message: `more than ${limit.most} ${limit.what}`, hint: `Ask again in ${seconds} s.` },
      { 'retry-after': String(seconds) },
    )
  }

  /** What is over is forgotten when somebody begins anew. */
  #keep(name: string, spent: Spent, now: number): void {
    for (const [one, { since }] of this.#spent) if (now - since >= AGENT_PLANS.within) this.#spent.delete(one)
    this.#spent.set(name, spent)
  }
}

function limitOf({ kind }: Principal, { method, path, action }: AskedRoute): Limit | undefined {
  if (kind !== 'agent') return undefined
  if (method === 'GET') return AGENT_READS
  return action === 'plan.create' || path.endsWith('/executions') ? AGENT_PLANS : undefined
}
