import type { Principal } from '../../model/principal.ts'

/** The body of an event that is about the store as a whole: it was copied, restored, sealed or moved. */
export type StoreEventBody =
  /** The store is copied into a file, which ends with this record. */
  | { readonly type: 'StoreBackedUp'; readonly to: string }
  /**
   * A backup was put into the place of the store: this is the first record behind it. What was written after the backup is lost. No lease,
   * no task token and no approval from before this record counts any more.
   */
  | {
      readonly type: 'StoreRestored'
      readonly principal: Principal
      readonly reason: string
      /** How many records the backup has. */
      readonly records: number
      /** The number of the newest record that is known to be lost. Absent where nothing vouches for one. */
      readonly lost?: number
      /** The executions that were open in the backup: what became of them is on no record. */
      readonly open: readonly string[]
      /** What was begun under a key since the backup is on no record: one that is not there may have been used. Absent: somebody has accepted that. */
      readonly keys?: 'in doubt'
      /** The rules that allow it, and the digest of their policy; absent without a policy. */
      readonly rules?: readonly string[]
      readonly policy?: string
    }
  /**
   * This store has acknowledged records to a machine, and does not have them: it was put back to an earlier time, or a server took over
   * that did not have them. Nothing leads on until a `StoreRestored` accepts that.
   */
  | {
      readonly type: 'RecordsMissed'
      /** The newest that is missing of each chain: the id of an execution, or `register`. At most a hundred. */
      readonly records: readonly { readonly chain: string; readonly n: number; readonly hash: string }[]
      /** The highest position among all of them. */
      readonly through: number
    }
  /**
   * Records were sealed as a segment: a file beside the store has them, and of them only what rules ask for is left in the store
   * (docs/adr/0053).
   */
  | {
      readonly type: 'StoreSealed'
      readonly principal: Principal
      readonly reason: string
      /** The first and the last record of the segment. */
      readonly first: number
      readonly last: number
      /** The hash of the last record, base64. */
      readonly root: string
      /** The name of the file, in the folder of the store's segments. */
      readonly file: string
      /** How many of the records up to the last one are left in the store. */
      readonly carried: number
      /** The rules that allow it, and the digest of their policy; absent without a policy. */
      readonly rules?: readonly string[]
      readonly policy?: string
    }
  /**
   * Of a store in a database: the records of executions that have ended left it. A file has all of them, and of them only what rules ask
   * for is in the store (docs/adr/0085).
   */
  | {
      readonly type: 'SegmentRetired'
      readonly principal: Principal
      readonly reason: string
      /** The name of the file, and its SHA-256 in base64. */
      readonly file: string
      readonly digest: string
      /** How many records each execution has, by its id. */
      readonly executions: Readonly<Record<string, number>>
      /** The root of the Merkle tree over the newest record of each of them, base64. */
      readonly root: string
      /** The positions of the first and of the last of these records. */
      readonly first: number
      readonly last: number
      /** How many of them are left in the store, and the SHA-256 over their hashes by execution and number, base64. */
      readonly carried: number
      readonly left: string
      /** The rules that allow it, and the digest of their policy; absent without a policy. */
      readonly rules?: readonly string[]
      readonly policy?: string
    }
  /** The records of another store are in this one: this is the first that this store has by itself. */
  | {
      readonly type: 'StoreMoved'
      readonly principal: Principal
      readonly reason: string
      /** The id of the store that they were written in: this one answers to it. */
      readonly origin: string
      /** How many they are, and the hash of the newest in base64. */
      readonly records: number
      readonly root: string
      /** The newest checkpoint over them. */
      readonly note?: string
      /** The rules that allow it, and the digest of their policy; absent without a policy. */
      readonly rules?: readonly string[]
      readonly policy?: string
    }
  /** The records of this store are in another one from here on: nothing is written behind this record. */
  | {
      readonly type: 'StoreMovedTo'
      readonly principal: Principal
      readonly reason: string
      /** The id of the chains in the other store, and its address without a password. */
      readonly origin: string
      readonly to: string
      /** The rules that allow it, and the digest of their policy; absent without a policy. */
      readonly rules?: readonly string[]
      readonly policy?: string
    }
