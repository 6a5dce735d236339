import type { Principal } from '../../model/principal.ts'

/** The body of an event about a process that shares the store with others (docs/workers.md). */
export type WorkerEventBody =
  /** A process gave no sign of life for its term, and another one has declared it dead: once for each. */
  | {
      readonly type: 'WorkerDied'
      /** Its id in the store. */
      readonly worker: string
      /** `worker`, `server` or `client`. */
      readonly kind: string
      /** A worker is `worker:NAME` on the records that it has written, with this name; another process has that of its machine. Absent of earlier versions. */
      readonly name?: string
      readonly sites: readonly string[]
      /** Of eosflow. */
      readonly version: string
      /** Its last sign of life, and when it was declared dead, ISO 8601 in UTC, both by the clock of the store. */
      readonly lastSign: string
      readonly declared: string
      /** Who has declared it dead; absent of earlier versions. */
      readonly by?: { readonly worker: string; readonly name?: string }
    }
  /** Somebody asks a worker to take nothing more, and to end. */
  | {
      readonly type: 'DrainRequested'
      readonly principal: Principal
      /** Its id in the store, and the name with which it is on record. */
      readonly worker: string
      readonly name?: string
      readonly sites: readonly string[]
      readonly version: string
      /** The rules that allow it, and the digest of their policy; absent without a policy. */
      readonly rules?: readonly string[]
      readonly policy?: string
    }
