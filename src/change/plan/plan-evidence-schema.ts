import { z } from 'zod'
import { behindSwitch } from './behind-schema.ts'

const text = z.string()
const json: z.ZodType = z.json()
const seconds = z.int().min(0)

/** The schema of {@link PlanEvidence}. */
export const planEvidence = z.strictObject({
  createdAt: z.iso.datetime(),
  store: text.exactOptional(),
  soak: z.strictObject({ seconds, device: text, protocol: text }).exactOptional(),
  expected: z
    .strictObject({
      seconds,
      waves: z.array(seconds).min(1),
      waits: seconds.exactOptional(),
      quiet: z.literal(true).exactOptional(),
    })
    .exactOptional(),
  deviceDiffs: z.record(text, text),
  state: z.record(text, json),
  bases: z.record(text, text).exactOptional(),
  checkpoints: z.record(text, z.array(text)).exactOptional(),
  behind: z.union([z.literal('too-many'), z.record(text, behindSwitch)]).exactOptional(),
  notes: z
    .array(z.strictObject({ code: z.enum(['advisory', 'first-time']), devices: z.array(text), message: text }))
    .min(1)
    .exactOptional(),
  readAt: z.record(text, z.record(text, text)).exactOptional(),
  files: z.record(text, text).exactOptional(),
  roundTrips: z.record(text, z.number().min(0)).exactOptional(),
  cloudVision: z.array(text).min(1).exactOptional(),
})
