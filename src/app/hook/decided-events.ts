import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createPrivate } from '../../identity/private-file.ts'
import type { Notes } from '../../journal/notes.ts'

/** An event that comes again within so many milliseconds makes nothing: 7 days. */
const KNOWN_FOR = 7 * 86_400_000

const MARK = /^(\d{1,16})-([0-9a-f]{64})$/

/** The events that were decided about in the last 7 days. */
export interface KnownEvents {
  /** Whether an event of this key was decided about. `now` is in milliseconds since the epoch. */
  has(key: string, now: number): Promise<boolean>
  /** Marks it: durably when this resolves. */
  add(key: string, now: number): Promise<void>
}

const KIND = 'event'

/** The same for all servers of a store, by its clock. */
export function storedEvents(notes: Notes): KnownEvents {
  return {
    has: async (key) => (await notes.read(KIND, key)) !== undefined,
    add: (key) => notes.set(KIND, key, '', { lasts: KNOWN_FOR }),
  }
}

/**
 * The events that were decided about in the last 7 days, beside the store. It is no record: that one event begins at most one execution is kept
 * by the key of that execution, whatever becomes of this folder. What is marked here makes nothing once more, where it has begun none.
 */
export class DecidedEvents implements KnownEvents {
  readonly #folder: string
  #known: Promise<Map<string, number>> | undefined

  /** `folder`: where the marks are, one empty file each. */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** Whether an event of this key was decided about. `now` is in milliseconds since the epoch. */
  async has(key: string, now: number): Promise<boolean> {
    return ((await this.#read()).get(digestOf(key)) ?? Number.NEGATIVE_INFINITY) > now
  }

  /** Marks it, on the disk when this resolves. */
  async add(key: string, now: number): Promise<void> {
    const known = await this.#read()
    await this.#forget(known, now)
    const until = now + KNOWN_FOR
    known.set(digestOf(key), until)
    await createPrivate(join(this.#folder, `${until}-${digestOf(key)}`), '')
  }

  #read(): Promise<Map<string, number>> {
    this.#known ??= readdir(this.#folder).then(
      (names) =>
        new Map(
          names.toSorted(byNumber).flatMap((name) => {
            const [, until, digest = ''] = MARK.exec(name) ?? []
            return until === undefined ? [] : [[digest, Number(until)] as const]
          }),
        ),
      () => new Map<string, number>(),
    )
    return this.#known
  }

  /** They are in the order of their ends. */
  async #forget(known: Map<string, number>, now: number): Promise<void> {
    for (const [digest, until] of known) {
      if (until > now) return
      known.delete(digest)
      await rm(join(this.#folder, `${until}-${digest}`), { force: true })
    }
  }
}

function byNumber(one: string, other: string): number {
  return Number.parseInt(one, 10) - Number.parseInt(other, 10)
}

function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
