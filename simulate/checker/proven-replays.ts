import { renderConfig } from '../../src/eos/config/text/parse.ts'
import type { Box } from '../box.ts'
import { Violation } from '../violation.ts'
import type { OnDevice } from './record.ts'

/**
 * The configurations that a switch could replay when an execution asked it. One proof is good for every execution of the same store
 * (ADR 0029), so what breaks the replay later cannot be seen by them.
 */
export class ProvenReplays {
  readonly #of = new WeakMap<object, Set<string>>()

  /** A replay was carried out for an execution of this store. */
  carriedOut(store: object, box: Box): void {
    const { device } = box
    if (device.replayed(device.running).missing.length > 0) return
    const proven = this.#of.get(store) ?? new Set<string>()
    this.#of.set(store, proven.add(keyOf(box, renderConfig(device.running))))
  }

  /** I27: no timed commit on a switch that could not put itself back, as it was from the first request on. */
  requireReplayable(store: object, { firstReached = 0 }: OnDevice, box: Box): void {
    const { timer } = box.device.sessions
    const { cannotReplaySince } = box
    if (timer === undefined || cannotReplaySince === undefined || cannotReplaySince > firstReached) return
    if (this.#of.get(store)?.has(keyOf(box, renderConfig(timer.before))) === true) return
    const [missing] = box.device.replayed(timer.before).missing
    if (missing === undefined) return
    throw new Violation('I27', `${box.name}: committed, and it cannot replay \`${missing.line}\``)
  }
}

function keyOf({ name }: Box, config: string): string {
  return `${name}\n${config}`
}
