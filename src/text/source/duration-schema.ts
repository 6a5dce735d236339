import { z } from 'zod'
import { formatDuration, parseDuration } from './duration.ts'

/** A duration as a workflow file writes it, in seconds, within bounds. */
export function duration(minimum: number, maximum: number, example: string) {
  return z
    .string()
    .regex(/^(?:\d{1,5}[smhd])+$/, 'a duration such as 30s, 10m or 1h30m')
    .meta({ examples: [example] })
    .transform((text) => parseDuration(text) ?? 0)
    .refine((seconds) => seconds >= minimum && seconds <= maximum, {
      error: `must be from ${formatDuration(minimum)} to ${formatDuration(maximum)}`,
      params: { code: 'invalid-value', hint: `for example \`${example}\`` },
    })
}

/** A type as people read of it: what it says, and one example. */
export function shown<Type extends z.ZodType>(type: Type, says: string, example: unknown): Type {
  return type.describe(says).meta({ examples: [example] })
}
