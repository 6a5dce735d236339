import { z } from 'zod'
import { count, text } from './record-schema.ts'

const standing = z.enum(['answers', 'gone', 'unknown'])
const bounds = { least: count, most: count }

/** What rounds have seen of sessions and ports, as it is on record: `SeenStandings` of model/probe.ts. */
export const seenStandings = z.strictObject({
  looked: count,
  down: z
    .array(
      z.strictObject({
        device: text,
        thing: text,
        by: z.enum(['switch', 'rounds']),
        from: text,
        to: text.exactOptional(),
        ...bounds,
      }),
    )
    .readonly(),
})

/** What was measured of one pair of `probe`, as it is on record: `ProbeReading` of model/probe.ts. Times are in milliseconds. */
export const probeReading = z.strictObject({
  from: text,
  to: text,
  vrf: text,
  source: text.exactOptional(),
  every: count,
  before: standing,
  now: standing,
  sent: count,
  lost: count,
  apart: count,
  gone: z.strictObject({
    times: count,
    ...bounds,
    longest: z.strictObject(bounds),
    spans: z.array(z.strictObject({ from: text, to: text.exactOptional(), ...bounds })).readonly(),
  }),
  unmeasured: z.strictObject({
    times: count,
    milliseconds: count,
    spans: z.array(z.strictObject({ from: text, to: text.exactOptional(), because: text })).readonly(),
  }),
})
