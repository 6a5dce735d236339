import { createHash } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { z } from 'zod'
import { principal as principalSchema } from '../../../change/record/event/record-schema.ts'
import type { Notes } from '../../../change/record/store/notes.ts'
import type { Clock, Random } from '../../../model/clock.ts'
import { definedMembers } from '../../../model/json.ts'
import { identityOf, type Principal } from '../../../model/principal.ts'
import type { ProviderLogout } from '../../../project/identity/oidc/verify-token.ts'

export const COOKIE = '__Host-eosflow'

// After so long in which nothing is asked a session ends, in milliseconds.
export const IDLE = 30 * 60_000
// After so long it ends whatever is asked, in milliseconds.
export const LONGEST = 12 * 3_600_000
const ID_BYTES = 32
// When a session was used last is kept this exactly, in milliseconds.
const SEEN = 60_000

export interface Session {
  readonly principal: Principal
  readonly token: string
  readonly mark: string
  /** When it ends whatever happens, in milliseconds since the epoch. */
  readonly ends: number
  readonly over: AbortSignal
}

interface LoginSession {
  readonly principal: Principal
  readonly sid?: string | undefined
}

function isOfLogin({ principal, sid: own }: LoginSession, { issuers, sub, sid }: ProviderLogout) {
  const isTheirs = issuers.includes(principal.issuer) && (sub === undefined || principal.id === sub)
  // A session that does not know that of the provider ends with every one of the person.
  return isTheirs && (sid === undefined || own === sid || (own === undefined && sub !== undefined))
}

export function formsOf(id: string): Pick<Session, 'token' | 'mark'> {
  return { token: derived('form', id), mark: derived('mark', id) }
}

function ending() {
  const end = new AbortController()
  setMaxListeners(0, end.signal)
  return end
}

// Only who has the id can make it, so that it need not be kept.
function derived(what: string, id: string) {
  return createHash('sha256').update(`eosflow-session-${what} ${id}`).digest('hex')
}

export function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('hex')
}

/** The cookie of a session, as `Set-Cookie` has it (RFC 6265bis, section 4.1.3.2: the prefix `__Host-`). */
export function cookieOf(id: string): string {
  return `${COOKIE}=${id}; Path=/; Secure; HttpOnly; SameSite=Lax`
}

export const NO_COOKIE = `${COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`

/** The id of a session in `Cookie`; undefined where there is none, or several. */
export function sessionIdIn(header: string | null): string | undefined {
  const found = (header ?? '').split(/;\s*/).filter((pair) => pair.startsWith(`${COOKIE}=`))
  const [only, ...others] = found
  const id = only?.slice(COOKIE.length + 1) ?? ''
  return others.length === 0 && /^[0-9a-f]{64}$/.test(id) ? id : undefined
}

export const SESSIONS = 'session'
// So many at most for all servers of a store; the oldest makes room.
const MOST = 5_000
// One that is given another id at this moment is there again so long afterwards, in milliseconds.
const RENEWED = 500
// How often it is looked whether those that are watched by have ended elsewhere, in milliseconds.
const LOOK = 500

const schema = z.strictObject({
  version: z.literal(1),
  digest: z.string(),
  principal: principalSchema,
  ends: z.number(),
  sid: z.string().optional(),
})

interface Stored extends LoginSession {
  readonly digest: string
  // When it ends whatever happens, in milliseconds since the epoch.
  readonly ends: number
}

interface SessionsParts {
  readonly notes: Notes
  readonly random: Pick<Random, 'hex'>
  readonly clock: Pick<Clock, 'sleep'>
  isKnown(principal: Principal): boolean
}

/** The sessions of all servers of a store, kept there by the SHA-256 of their ids: what one server begins or ends, every other one knows with its next request, and a server that is started again knows the browsers of before. A session ends after 30 minutes in which nothing is asked, after 12 hours, and at a logout. */
export class Sessions {
  readonly #parts: SessionsParts
  readonly #here = new Map<string, AbortController>()
  readonly #ended = new Set<string>()

  constructor(parts: SessionsParts) {
    this.#parts = parts
  }

  async open(principal: Principal, before?: string, sid?: string): Promise<string> {
    if (before !== undefined) await this.close(before)
    const ends = (await this.#parts.notes.now()) + LONGEST
    return this.#keepNew({ principal, ends, ...definedMembers({ sid }) }, IDLE)
  }

  async renew(id: string): Promise<string | undefined> {
    const { notes } = this.#parts
    const now = await notes.now()
    const stored = storedIn(await notes.take(SESSIONS, digestOf(id)))
    this.#over(digestOf(id))
    if (stored === undefined || now >= stored.ends) return undefined
    const { digest: _, ...kept } = stored
    return this.#keepNew(kept, Math.min(IDLE, kept.ends - now))
  }

  async endAt(logout: ProviderLogout): Promise<readonly Principal[]> {
    const { notes, clock } = this.#parts
    const people = new Map<string, Principal>()
    for (const pause of [0, RENEWED]) {
      await clock.sleep(pause)
      const all = (await notes.all(SESSIONS)).flatMap((text) => storedIn(text) ?? [])
      const ending = all.filter((stored) => isOfLogin(stored, logout))
      for (const { principal } of ending) people.set(identityOf(principal), principal)
      await Promise.all(ending.map(({ digest }) => this.#end(digest)))
    }
    return [...people.values()]
  }

  async find(id: string): Promise<Session | undefined> {
    const { notes, isKnown } = this.#parts
    const digest = digestOf(id)
    const note = this.#ended.has(digest) ? undefined : await notes.read(SESSIONS, digest)
    const stored = storedIn(note?.text)
    if (note === undefined || stored === undefined || note.now >= stored.ends) {
      this.#over(digest)
      return undefined
    }
    const { principal, ends } = stored
    if (!isKnown(principal)) return undefined
    const lasts = Math.min(IDLE, ends - note.now)
    // Where that cannot be written it is good all the same, and ends earlier.
    if (lasts - note.left >= SEEN) await notes.extend(SESSIONS, digest, lasts).catch(() => false)
    const endOf = () => this.#endOf(digest).signal
    return {
      ...formsOf(id),
      principal,
      ends,
      // Only a stream waits for the end: what nobody waits for is not looked for.
      get over() {
        return endOf()
      },
    }
  }

  async close(id: string): Promise<void> {
    await this.#end(digestOf(id))
  }

  async follow(stop: AbortSignal): Promise<void> {
    const { notes, clock } = this.#parts
    while (!stop.aborted) {
      const known = [...this.#here.keys()]
      const present = known.length === 0 ? undefined : await notes.present(SESSIONS, known).catch(() => undefined)
      if (present !== undefined) for (const digest of known) if (!present.has(digest)) this.#over(digest)
      await clock.sleep(LOOK, stop).catch(() => undefined)
    }
  }

  async #end(digest: string) {
    this.#ended.add(digest)
    this.#over(digest)
    await this.#parts.notes.take(SESSIONS, digest)
    this.#ended.delete(digest)
  }

  async #keepNew(session: Omit<Stored, 'digest'>, lasts: number) {
    const { notes, random } = this.#parts
    const id = random.hex(ID_BYTES)
    const digest = digestOf(id)
    await notes.put(SESSIONS, digest, JSON.stringify({ version: 1, digest, ...session }), { lasts, most: MOST })
    return id
  }

  #endOf(digest: string) {
    const known = this.#here.get(digest) ?? ending()
    this.#here.set(digest, known)
    return known
  }

  #over(digest: string) {
    this.#here.get(digest)?.abort()
    this.#here.delete(digest)
  }
}

function storedIn(text: string | undefined): Stored | undefined {
  if (text === undefined) return undefined
  const read = schema.safeParse(JSON.parse(text))
  return read.success ? read.data : undefined
}
