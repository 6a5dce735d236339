import { z } from 'zod'
import { event, principal, text, texts } from './record-schema.ts'

/** The schemas of events that are about the store as a whole: it was copied, restored or moved, records left it, or it lacks some. */
export const storeEventTypes = [
  /** The store is copied into a file, which ends with this record. */
  event('StoreBackedUp', 'EF906I', () => ({ to: text })),
  /**
   * A backup was put into the place of the store: this is the first record behind it. What was written after the
   * backup is lost. No lease, no task token and no approval from before this record counts any more.
   */
  event('StoreRestored', 'EF907W', () => ({
    principal,
    reason: text,
    /** How many records the backup has. */
    records: z.int().nonnegative(),
    /** The number of the newest record that is known to be lost. Absent where nothing vouches for one. */
    lost: z.int().positive().exactOptional(),
    /** The executions that were open in the backup: what became of them is on no record. */
    open: texts,
    /** What was begun under a key since the backup is on no record: one that is not there may have been used. Absent: somebody has accepted that. */
    keys: z.literal('in doubt').exactOptional(),
    /** The rules that allow it, and the digest of their policy; absent without a policy. */
    rules: texts.exactOptional(),
    policy: text.exactOptional(),
  })),
  /**
   * This store has acknowledged records to a machine, and does not have them: it was put back to an earlier time, or
   * a server took over that did not have them. Nothing leads on until a `StoreRestored` accepts that.
   */
  event('RecordsMissed', 'EF911E', () => ({
    /** The newest that is missing of each chain: the id of an execution, or `register`. At most a hundred. */
    records: z
      .array(z.strictObject({ chain: text, n: z.int().positive(), hash: z.string().regex(/^[0-9a-f]{64}$/, 'a hash') }))
      .readonly(),
    /** The highest position among all of them. */
    through: z.int().positive(),
  })),
  /**
   * Of a store in a database: the records of executions that have ended left it. A file has all of them, and of them
   * only what rules ask for is in the store (docs/adr/0085).
   */
  event('SegmentRetired', 'EF912W', () => ({
    principal,
    reason: text,
    /** The name of the file, and its SHA-256 in base64. */
    file: z.string().regex(/^executions-\d{1,15}-\d{1,15}-[0-9a-f]{16}\.jsonl$/, 'the name of a segment'),
    digest: text,
    /** How many records each execution has, by its id. */
    executions: z.record(text, z.int().positive()).readonly(),
    /** The root of the Merkle tree over the newest record of each of them, base64. */
    root: text,
    /** The positions of the first and of the last of these records. */
    first: z.int().positive(),
    last: z.int().positive(),
    /** How many of them are left in the store, and the SHA-256 over their hashes by execution and number, base64. */
    carried: z.int().nonnegative(),
    left: text,
    /** The rules that allow it, and the digest of their policy; absent without a policy. */
    rules: texts.exactOptional(),
    policy: text.exactOptional(),
  })),
  /** The store was moved from its file into a database: nothing is written to the file behind this record, and the record goes on there. */
  event('StoreMovedTo', 'EF910W', () => ({
    principal,
    reason: text,
    /** The id of the copy that is the store from here on, and its address without a password. */
    copy: text,
    to: text,
    /** The rules that allow it, and the digest of their policy; absent without a policy. */
    rules: texts.exactOptional(),
    policy: text.exactOptional(),
  })),
] as const
