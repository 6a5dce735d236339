import { z } from 'zod'
import { event, principal, text, texts } from './record-schema.ts'

/** The schemas of events about a process that shares the store with others (docs/workers.md). */
export const workerEventTypes = [
  /** A process gave no sign of life for its term, and another one has declared it dead: once for each. */
  event('WorkerDied', 'EF701W', () => ({
    /** Its id in the store. */
    worker: text,
    /** `worker`, `server` or `client`. */
    kind: text,
    /**
     * A worker is `worker:NAME` on the records that it has written, with this name; another process has that of its
     * machine. Absent where it was opened without one.
     */
    name: text.exactOptional(),
    sites: texts,
    /** Of eosflow. */
    version: text,
    /** Its last sign of life, and when it was declared dead, ISO 8601 in UTC, both by the clock of the store. */
    lastSign: z.iso.datetime(),
    declared: z.iso.datetime(),
    /** Who has declared it dead; absent where the store does not say. */
    by: z.strictObject({ worker: text, name: text.exactOptional() }).exactOptional(),
  })),
  /** Somebody asks a worker to take nothing more, and to end. */
  event('DrainRequested', 'EF702I', () => ({
    principal,
    /** Its id in the store, and the name with which it is on record. */
    worker: text,
    name: text.exactOptional(),
    sites: texts,
    version: text,
    /** The rules that allow it, and the digest of their policy; absent without a policy. */
    rules: texts.exactOptional(),
    policy: text.exactOptional(),
  })),
] as const
