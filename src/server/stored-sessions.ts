import { z } from 'zod'
import type { ProviderLogout } from '../identity/logout-token.ts'
import type { Notes } from '../journal/notes.ts'
import { principal as principalSchema } from '../journal/record-schema.ts'
import type { Clock } from '../model/clock.ts'
import { identityOf, type Principal } from '../model/principal.ts'
import type { Random } from '../model/random.ts'
import type { KeptSession } from './kept-sessions.ts'
import {
  digestOf,
  ending,
  formsOf,
  ID_BYTES,
  IDLE,
  isOfLogin,
  LONGEST,
  SEEN,
  type Session,
  type SessionBook,
} from './session.ts'

const KIND = 'session'
/** So many at most for all servers of a store; the oldest makes room. */
const MOST = 5_000
/** One that is given another id at this moment is there again so long afterwards, in milliseconds. */
const RENEWED = 500
/** How often it is looked whether those that are watched by have ended elsewhere, in milliseconds. */
const LOOK = 500

const schema = z.strictObject({
  version: z.literal(1),
  digest: z.string(),
  principal: principalSchema,
  ends: z.number(),
  sid: z.string().optional(),
})

type Stored = Pick<KeptSession, 'digest' | 'principal' | 'ends' | 'sid'>

/** What sessions in the store are kept with. */
export interface StoredSessionsParts {
  readonly notes: Notes
  readonly random: Pick<Random, 'hex'>
  readonly clock: Pick<Clock, 'sleep'>
  /** Whether somebody still logs in at this server. */
  isKnown(principal: Principal): boolean
}

/**
 * The sessions of all servers of a store, kept there by the SHA-256 of their ids: what one server begins or ends, every other one knows with its
 * next request. Times are those of the store's clock.
 */
export class StoredSessions implements SessionBook {
  readonly #parts: StoredSessionsParts
  /** How the streams here hear of the end of their session, by its digest. */
  readonly #here = new Map<string, AbortController>()

  constructor(parts: StoredSessionsParts) {
    this.#parts = parts
  }

  async open(principal: Principal, before?: string, sid?: string): Promise<string> {
    if (before !== undefined) await this.close(before)
    const ends = (await this.#parts.notes.now()) + LONGEST
    return this.#keepNew({ principal, ends, ...(sid === undefined ? {} : { sid }) }, IDLE)
  }

  async renew(id: string): Promise<string | undefined> {
    const { notes } = this.#parts
    const now = await notes.now()
    const stored = storedIn(await notes.take(KIND, digestOf(id)))
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
      for (const text of await notes.all(KIND)) {
        const stored = storedIn(text)
        if (stored === undefined || !isOfLogin(stored, logout)) continue
        people.set(identityOf(stored.principal), stored.principal)
        await notes.take(KIND, stored.digest)
        this.#over(stored.digest)
      }
    }
    return [...people.values()]
  }

  async find(id: string): Promise<Session | undefined> {
    const { notes, isKnown } = this.#parts
    const digest = digestOf(id)
    const note = await notes.read(KIND, digest)
    const stored = storedIn(note?.text)
    if (note === undefined || stored === undefined || note.now >= stored.ends) {
      this.#over(digest)
      return undefined
    }
    const { principal, ends } = stored
    if (!isKnown(principal)) return undefined
    const lasts = Math.min(IDLE, ends - note.now)
    if (lasts - note.left >= SEEN) await notes.extend(KIND, digest, lasts)
    const endOf = (): AbortSignal => this.#endOf(digest).signal
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
    await this.#parts.notes.take(KIND, digestOf(id))
    this.#over(digestOf(id))
  }

  /** The store's clock ends them. */
  forgetEnded(): void {}

  /** Tells streams here of sessions that have ended on any server, until it is stopped. While the store is away none has ended. */
  async follow(stop: AbortSignal): Promise<void> {
    const { notes, clock } = this.#parts
    while (!stop.aborted) {
      const known = [...this.#here.keys()]
      const present = known.length === 0 ? undefined : await notes.present(KIND, known).catch(() => undefined)
      if (present !== undefined) for (const digest of known) if (!present.has(digest)) this.#over(digest)
      await clock.sleep(LOOK, stop).catch(() => undefined)
    }
  }

  async #keepNew(session: Omit<Stored, 'digest'>, lasts: number): Promise<string> {
    const { notes, random } = this.#parts
    const id = random.hex(ID_BYTES)
    const digest = digestOf(id)
    await notes.put(KIND, digest, JSON.stringify({ version: 1, digest, ...session }), { lasts, most: MOST })
    return id
  }

  #endOf(digest: string): AbortController {
    const known = this.#here.get(digest) ?? ending()
    this.#here.set(digest, known)
    return known
  }

  #over(digest: string): void {
    this.#here.get(digest)?.abort()
    this.#here.delete(digest)
  }
}

function storedIn(text: string | undefined): Stored | undefined {
  if (text === undefined) return undefined
  const read = schema.safeParse(JSON.parse(text))
  return read.success ? read.data : undefined
}
