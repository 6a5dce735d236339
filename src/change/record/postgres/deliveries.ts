import { EosflowError } from '../../../model/error.ts'
import type { Delivery } from '../audit/audit-trail.ts'
import { DELIVERIES_ALTERED } from '../chains/beside-chains.ts'
import { BrokenChainError, type ChainFault } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import type { Ask } from './database.ts'

// How often a change is made anew because another process was faster.
const TRIES = 100

const ROWS = `SELECT h.seal, d.receiver, d.position, d.at, d.fault
  FROM delivery_head h LEFT JOIN delivery d ON true ORDER BY d.receiver COLLATE "C"`

interface Row {
  readonly seal: Buffer
  readonly receiver: string | null
  readonly position: number
  readonly at: string
  readonly fault: string | null
}

interface Sealed {
  readonly rows: readonly Delivery[]
  readonly seal: string | undefined
}

/** What is sealed of how far every receiver is: without the key nobody says that somebody has what they were not sent, or takes a receiver out. */
export function deliveriesText(origin: string, rows: readonly Delivery[]): string {
  const inOrder = rows.toSorted((one, other) => (one.receiver < other.receiver ? -1 : 1))
  return JSON.stringify({
    deliveries: inOrder.map(({ receiver, position, at, fault }) => [receiver, position, at, fault ?? null]),
    origin,
  })
}

export async function keptDeliveries(ask: Ask): Promise<Sealed> {
  const found = await ask<Row>(ROWS)
  const seals = new Set(found.map(({ seal }) => seal.toString('hex')))
  const rows = found.flatMap(({ receiver, position, at, fault }) =>
    receiver === null ? [] : [{ receiver, position, at, fault: fault ?? undefined }],
  )
  return { rows, seal: seals.size === 1 ? [...seals][0] : undefined }
}

export function deliveriesFault({ rows, seal }: Sealed, keys: StoreKeys, origin: string): ChainFault | undefined {
  const isSealed = seal !== undefined && keys.isSeal(deliveriesText(origin, rows), seal)
  return isSealed ? undefined : { seq: 0, reason: DELIVERIES_ALTERED }
}

export function deliveriesOver(ask: Ask, keys: StoreKeys, origin: string) {
  const sealed = async () => {
    const kept = await keptDeliveries(ask)
    const fault = deliveriesFault(kept, keys, origin)
    if (fault !== undefined) throw new BrokenChainError(fault)
    return kept
  }
  return {
    /** Throws BrokenChainError where what is kept of any receiver is not what was sealed last. */
    of: async (receiver: string): Promise<Delivery | undefined> =>
      (await sealed()).rows.find((row) => row.receiver === receiver),

    /** Keeps how far a receiver is; it never goes back. Throws as `of` does. */
    put: async (delivery: Delivery): Promise<void> => {
      const { receiver, at, fault } = delivery
      for (let tries = 0; tries < TRIES; tries += 1) {
        const { rows, seal } = await sealed()
        const before = rows.find((row) => row.receiver === receiver)
        const position = Math.max(before?.position ?? 0, delivery.position)
        const others = rows.filter((row) => row !== before)
        const next = keys.seal(deliveriesText(origin, [...others, { ...delivery, position }]))
        const [put] = await ask<{ done: boolean }>(
          `SELECT delivery_put($1, $2, $3, $4, decode($5, 'hex'), decode($6, 'hex')) AS done`,
          [receiver, position, at, fault ?? null, seal, next],
        )
        if (put?.done === true) return
      }
      throw new EosflowError('busy', 'other processes say all the time how far receivers are', { retryable: true })
    },
  }
}
