import type { ChainFault } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import type { Ask } from './database.ts'

export interface SealedWorker {
  readonly id: string
  readonly name: string | null
  readonly kind: string
  readonly sites: readonly string[]
  readonly version: string
  /** In milliseconds. */
  readonly ttl: number
}

export interface KeptWorker extends SealedWorker {
  readonly seal: string
}

/** The columns of a {@link KeptWorker}, of `worker` as `w`. */
export const SEALED_WORKER =
  "w.id, w.name, w.kind, w.sites, w.version, (extract(epoch FROM w.ttl) * 1000)::float8 AS ttl, encode(w.seal, 'hex') AS seal"

/** What the seal of a process is over: without the key nobody adds one, or has one say something else of itself. */
export function workerText(origin: string, { id, name, kind, sites, version, ttl }: SealedWorker): string {
  return JSON.stringify({ id, kind, name, origin, sites, ttl, version, worker: true })
}

export function keptWorkers(ask: Ask): Promise<readonly KeptWorker[]> {
  return ask<KeptWorker>(`SELECT ${SEALED_WORKER} FROM worker w ORDER BY w.id`)
}

/** The first process that nobody with the key has begun. */
export function workersFault(workers: readonly KeptWorker[], keys: StoreKeys, origin: string): ChainFault | undefined {
  const odd = workers.find((worker) => !keys.isSeal(workerText(origin, worker), worker.seal))
  return odd === undefined
    ? undefined
    : { seq: 0, reason: `what is kept of process ${odd.id} is not what it has sealed` }
}
