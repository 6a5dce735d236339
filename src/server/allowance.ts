import type { Clock } from '../model/clock.ts'
import { agentName, type Principal } from '../model/principal.ts'
import { FixedWindows, type Limit } from './fixed-windows.ts'

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

/** How much each agent has asked for, and all who log in, in the memory of the front. What people and pipelines ask for costs the front alone, and never the engine. */
export class Allowance {
  readonly #spent: FixedWindows

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#spent = new FixedWindows(clock)
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
    this.#spent.take(`${limit.what} ${whose}`, limit)
  }
}

function limitOf({ kind }: Principal, { method, path, action }: AskedRoute): Limit | undefined {
  if (kind !== 'agent') return undefined
  if (method === 'GET') return AGENT_READS
  return action === 'plan.create' || path.endsWith('/executions') ? AGENT_PLANS : undefined
}
