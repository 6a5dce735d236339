import { createHash } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import type { ProviderLogout } from '../identity/logout-token.ts'
import type { Clock } from '../model/clock.ts'
import { identityOf, type Principal } from '../model/principal.ts'
import type { Random } from '../model/random.ts'
import type { KeptSession } from './kept-sessions.ts'

/** The cookie that holds the id of a session: sent to this host alone, over TLS or to this machine, and no script reads it. */
export const COOKIE = '__Host-eosflow'

/** After so long in which nothing is asked a session ends, and at the latest, in milliseconds. */
export const IDLE = 30 * 60_000
export const LONGEST = 12 * 3_600_000
/** More people than this do not work at one server; the oldest session makes room. */
const MOST = 1_000
/** How long the id of a session is. */
export const ID_BYTES = 32
/** When a session was used last is kept this exactly, in milliseconds. */
export const SEEN = 60_000

/** Somebody who has logged in with a browser. */
export interface Session {
  readonly principal: Principal
  /** What every form and every script of its pages sends along. */
  readonly token: string
  /** What tells it from other sessions, and opens nothing. */
  readonly mark: string
  /** When it ends whatever happens, in milliseconds since the epoch. */
  readonly ends: number
  /** Aborted when it ends: its streams end with it. */
  readonly over: AbortSignal
}

/**
 * The sessions of a server: in its memory, or in the store for all servers. One ends after 30 minutes in which nothing is asked, after 12 hours, and at
 * a logout.
 */
export interface SessionBook {
  /**
   * Begins a session, and ends the one that the browser had. `sid`: the session of the provider that it is begun by. Gives its id, which only the
   * browser keeps.
   */
  open(principal: Principal, before?: string, sid?: string): string | Promise<string>
  /** Gives a session another id: whoever has the one before has nothing any more. Its end stays. Undefined where there is no such session. */
  renew(id: string): string | undefined | Promise<string | undefined>
  /** Ends the sessions of a login that has ended at its provider. Gives whose they were, each person once. */
  endAt(logout: ProviderLogout): readonly Principal[] | Promise<readonly Principal[]>
  /** The session of an id, which has asked for something now. */
  find(id: string): Session | undefined | Promise<Session | undefined>
  close(id: string): void | Promise<void>
  /** Ends those whose time is over, also where nobody asks by them any more. */
  forgetEnded(): void
}

interface Kept extends Omit<KeptSession, 'seen'> {
  seen: number
  readonly end: AbortController
}

/** How sessions outlive the thread that has them. */
export interface SessionKeeping {
  /** Those of before. */
  readonly before: readonly KeptSession[]
  /** Keeps those that there are now. */
  keep(sessions: readonly KeptSession[]): void
}

/**
 * The sessions of a server. Only the SHA-256 of an id is kept. One ends after 30 minutes in which nothing is asked, after 12 hours, and at
 * a logout.
 */
export class Sessions implements SessionBook {
  readonly #clock: Pick<Clock, 'now'>
  readonly #random: Pick<Random, 'hex'>
  readonly #keep: SessionKeeping['keep']
  readonly #kept: Map<string, Kept>
  #keptAt = Number.NEGATIVE_INFINITY

  constructor(clock: Pick<Clock, 'now'>, random: Pick<Random, 'hex'>, { before, keep }: SessionKeeping) {
    this.#clock = clock
    this.#random = random
    this.#keep = keep
    this.#kept = new Map(before.map((one) => [one.digest, { ...one, end: ending() }]))
  }

  /**
   * Begins a session, and ends the one that the browser had. `sid`: the session of the provider that it is begun by. Gives its id, which only the
   * browser keeps.
   */
  open(principal: Principal, before?: string, sid?: string): string {
    if (before !== undefined) this.#drop(digestOf(before))
    this.forgetEnded()
    return this.#keepNew({ principal, ends: this.#clock.now() + LONGEST, ...(sid === undefined ? {} : { sid }) })
  }

  /** Gives a session another id: whoever has the one before has nothing any more. Its end stays. Undefined where there is no such session. */
  renew(id: string): string | undefined {
    if (this.find(id) === undefined) return undefined
    const { principal, ends, sid } = this.#kept.get(digestOf(id)) as Kept
    this.#drop(digestOf(id))
    return this.#keepNew({ principal, ends, ...(sid === undefined ? {} : { sid }) })
  }

  /** Ends the sessions of a login that has ended at its provider. Gives whose they were, each person once. */
  endAt(logout: ProviderLogout): readonly Principal[] {
    const people = new Map<string, Principal>()
    for (const [digest, { principal, sid }] of this.#kept) {
      if (!isOfLogin({ principal, sid }, logout)) continue
      people.set(identityOf(principal), principal)
      this.#drop(digest)
    }
    if (people.size > 0) this.#tell()
    return [...people.values()]
  }

  /** The session of an id, which has asked for something now. */
  find(id: string): Session | undefined {
    const kept = this.#kept.get(digestOf(id))
    if (kept === undefined) return undefined
    const now = this.#clock.now()
    if (isEnded(kept, now)) {
      this.close(id)
      return undefined
    }
    kept.seen = now
    if (now - this.#keptAt >= SEEN) this.#tell()
    const { principal, ends, end } = kept
    return { ...formsOf(id), principal, ends, over: end.signal }
  }

  close(id: string): void {
    this.#drop(digestOf(id))
    this.#tell()
  }

  /** Ends those whose time is over, also where nobody asks by them any more. */
  forgetEnded(): void {
    const now = this.#clock.now()
    for (const [digest, kept] of this.#kept) if (isEnded(kept, now)) this.#drop(digest)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size >= MOST && oldest !== undefined) this.#drop(oldest)
  }

  #keepNew(session: Pick<KeptSession, 'principal' | 'ends' | 'sid'>): string {
    const id = this.#random.hex(ID_BYTES)
    const digest = digestOf(id)
    this.#kept.set(digest, { ...session, digest, seen: this.#clock.now(), end: ending() })
    this.#tell()
    return id
  }

  #tell(): void {
    this.#keptAt = this.#clock.now()
    this.#keep([...this.#kept.values()].map(({ end: _, ...kept }) => kept))
  }

  #drop(digest: string): void {
    this.#kept.get(digest)?.end.abort()
    this.#kept.delete(digest)
  }
}

/** Whether a session was begun by a login that has ended at its provider. */
export function isOfLogin(
  { principal, sid: own }: Pick<KeptSession, 'principal' | 'sid'>,
  { issuers, sub, sid }: ProviderLogout,
): boolean {
  const isTheirs = issuers.includes(principal.issuer) && (sub === undefined || principal.id === sub)
  // A session that does not know that of the provider ends with every one of the person.
  return isTheirs && (sid === undefined || own === sid || (own === undefined && sub !== undefined))
}

/** What the forms of a session send, and its mark. */
export function formsOf(id: string): Pick<Session, 'token' | 'mark'> {
  return { token: derived('form', id), mark: derived('mark', id) }
}

/** Every stream of a session listens for its end, and a person has many tabs. */
export function ending(): AbortController {
  const end = new AbortController()
  setMaxListeners(0, end.signal)
  return end
}

function isEnded({ seen, ends }: Pick<KeptSession, 'seen' | 'ends'>, now: number): boolean {
  return now >= ends || now - seen >= IDLE
}

/** Only who has the id can make it, so that it need not be kept. */
function derived(what: string, id: string): string {
  return createHash('sha256').update(`eosflow-session-${what} ${id}`).digest('hex')
}

/** What an id is kept by. */
export function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('hex')
}

/** The cookie of a session, as `Set-Cookie` has it (RFC 6265bis, section 4.1.3.2: the prefix `__Host-`). */
export function cookieOf(id: string): string {
  return `${COOKIE}=${id}; Path=/; Secure; HttpOnly; SameSite=Lax`
}

/** What takes the cookie away. */
export const NO_COOKIE = `${COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`

/** The id of a session in `Cookie`; undefined where there is none, or several. */
export function sessionIdIn(header: string | null): string | undefined {
  const found = (header ?? '').split(/;\s*/).flatMap((pair) => (pair.startsWith(`${COOKIE}=`) ? [pair] : []))
  const [only, ...others] = found
  const id = only?.slice(COOKIE.length + 1) ?? ''
  return others.length === 0 && /^[0-9a-f]{64}$/.test(id) ? id : undefined
}
