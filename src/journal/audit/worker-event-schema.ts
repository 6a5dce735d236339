import { z } from 'zod'
import { event, principal, text, texts } from '../envelope-schema.ts'

/** The schemas of the events about processes that share a store. */
export const workerEventSchemas = [
  event('WorkerDied', {
    worker: text,
    kind: text,
    name: text.exactOptional(),
    sites: texts,
    version: text,
    lastSign: z.iso.datetime(),
    declared: z.iso.datetime(),
    by: z.strictObject({ worker: text, name: text.exactOptional() }).exactOptional(),
  }),
  event('DrainRequested', {
    principal,
    worker: text,
    name: text.exactOptional(),
    sites: texts,
    version: text,
    rules: texts.exactOptional(),
    policy: text.exactOptional(),
  }),
] as const
