import { z } from 'zod'
import type { DeepReadonly, Json } from '../../model/json.ts'
import { behindSwitch } from '../task/act/behind.ts'

const text = z.string()
const json = z.json() as unknown as z.ZodType<Json>
const seconds = z.int().min(0)

export const planEvidence = z.strictObject({
  createdAt: z.iso.datetime(),
  store: text.exactOptional(),
  // Which protocol timer of which switch made `stableFor` as long as it is; absent where the workflow gives it.
  soak: z.strictObject({ seconds, device: text, protocol: text }).exactOptional(),
  // Seconds from the first push to the last confirm, and in each wave, if everything is good at once. `quiet`: only lines that can touch no traffic change, so that the network is watched for a short time.
  expected: z
    .strictObject({
      seconds,
      waves: z.array(seconds).min(1),
      // How many of the seconds the workflow waits.
      waits: seconds.exactOptional(),
      quiet: z.literal(true).exactOptional(),
    })
    .exactOptional(),
  deviceDiffs: z.record(text, text),
  state: z.record(text, json),
  bases: z.record(text, text).exactOptional(),
  // The checkpoints that `prune` would delete now, by switch; absent where there is none.
  checkpoints: z.record(text, z.array(text)).exactOptional(),
  // What is behind what changes, by switch, as it was when the plan was made; `too-many` where it was not read for the number of switches.
  behind: z.union([z.literal('too-many'), z.record(text, behindSwitch)]).exactOptional(),
  // What an approver may want to know and no rule reads: security advisories that the lines switch on, kinds of lines that were never confirmed.
  notes: z
    .array(z.strictObject({ code: z.enum(['advisory', 'first-time']), devices: z.array(text), message: text }))
    .min(1)
    .exactOptional(),
  // Where the data of `inventory` were written, by switch and name: `inventory.yaml:12`.
  readAt: z.record(text, z.record(text, text)).exactOptional(),
  // The SHA-256 of each file that the change was made from, by its path: which one has changed since is said by it.
  files: z.record(text, text).exactOptional(),
  // Milliseconds that the snapshot waited for each switch; absent where it was not measured.
  roundTrips: z.record(text, z.number().min(0)).exactOptional(),
  // The switches that change and stream to CloudVision, by their configuration; absent where none does.
  cloudVision: z.array(text).min(1).exactOptional(),
})

export type PlanEvidence = DeepReadonly<z.output<typeof planEvidence>>

export type PlanNote = NonNullable<PlanEvidence['notes']>[number]
