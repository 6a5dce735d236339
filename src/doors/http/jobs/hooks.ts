import type { EventBody } from '../../../change/record/event/event.ts'
import type { Notes } from '../../../change/record/store/notes.ts'
import { decidedEvents, HookKeys, hookPrincipal, type KnownEvents } from '../../../features/hook/hook-keys.ts'
import type { Clock } from '../../../model/clock.ts'
import type { App } from '../../../project/app/app.ts'
import type { Console } from '../../../project/system/process/console.ts'
import { networkName } from '../limits/address-allowance.ts'
import { BoundedRecords } from '../limits/bounded-records.ts'

const UNDER_WAY = 'event under way'
// A server that dies about an event keeps others from it for so long, in milliseconds. What takes longer still begins one execution, by its
// key.
const LONGEST = 60_000
// How often it is looked whether another server is done with an event, in milliseconds.
const AGAIN = 100

export type EventRefusal = Extract<EventBody, { readonly type: 'EventRefused' }>

export class Hooks {
  readonly keys: HookKeys
  readonly decided: KnownEvents
  /** Refusals on their way onto the record: each address, or network of IPv6, has so many in a minute. */
  readonly refusals: BoundedRecords<EventRefusal>
  readonly #underWay = new Map<string, Promise<unknown>>()
  readonly #notes: Notes | undefined
  readonly #clock: Pick<Clock, 'sleep'>

  constructor(app: App, console: Console, failed: (what: string, error: unknown) => void) {
    this.keys = new HookKeys(app, console)
    const { clock, notes, shared } = app
    this.#clock = clock
    // Where no other server takes events nobody has to be kept from one.
    this.#notes = shared === undefined ? undefined : notes
    this.decided = decidedEvents(notes)
    this.refusals = new BoundedRecords({
      clock: app.clock,
      failed,
      what: 'EventRefused',
      nameOf: ({ address }) => networkName(address),
      write: async (refusal, leftOut) => {
        const counted = leftOut === 0 ? refusal : { ...refusal, leftOut }
        await app.store.as(hookPrincipal(refusal.hook)).append(undefined, [counted])
      },
    })
  }

  /** Throws `store`. */
  async aloneOfAll<T>(key: string, work: () => Promise<T>): Promise<T> {
    return this.alone(key, async () => {
      const notes = this.#notes
      if (notes === undefined) return work()
      while (!(await notes.put(UNDER_WAY, key, '', { lasts: LONGEST }))) await this.#clock.sleep(AGAIN)
      try {
        return await work()
      } finally {
        // One that is left there ends by itself.
        await notes.take(UNDER_WAY, key).catch(() => undefined)
      }
    })
  }

  async alone<T>(key: string, work: () => Promise<T>): Promise<T> {
    for (;;) {
      const other = this.#underWay.get(key)
      if (other === undefined) break
      await other
    }
    const done = work()
    const settled = done.then(
      () => undefined,
      () => undefined,
    )
    this.#underWay.set(key, settled)
    try {
      return await done
    } finally {
      this.#underWay.delete(key)
    }
  }
}
