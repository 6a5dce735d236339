import { dirname, join } from 'node:path'
import type { App } from '../app/app.ts'
import type { Console } from '../app/console.ts'
import { DecidedEvents } from '../app/hook/decided-events.ts'
import { HookKeys } from '../app/hook/hook-keys.ts'
import { hookPrincipal } from '../app/hook/hook-principal.ts'
import type { EventBody } from '../journal/event.ts'
import { networkName } from './address-allowance.ts'
import { BoundedRecords } from './bounded-records.ts'

/** An event that was not taken, as it goes on record. */
export type EventRefusal = Extract<EventBody, { readonly type: 'EventRefused' }>

/** What a server keeps of the senders of events, on the thread of the engine. */
export class Hooks {
  readonly keys: HookKeys
  readonly decided: DecidedEvents
  /** Refusals on their way onto the record: each address, or network of IPv6, has so many in a minute. */
  readonly refusals: BoundedRecords<EventRefusal>
  readonly #underWay = new Map<string, Promise<unknown>>()

  constructor(app: App, console: Console, failed: (what: string, error: unknown) => void) {
    this.keys = new HookKeys(app, console)
    this.decided = new DecidedEvents(join(dirname(app.project.store), 'events-decided'))
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

  /** Does something about an event while nothing else is done about an event of the same key. */
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
