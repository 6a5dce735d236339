import { z } from 'zod'

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** The seconds of `30s`, `10m`, `4h` or `1h30m`; undefined when the text is no duration. */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d{1,5}[smhd])+$/.test(text)) return undefined
  return [...text.matchAll(/(\d+)([smhd])/g)].reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (UNITS[unit] ?? 0),
    0,
  )
}

const LONG = /^(\d{1,5}(?:\.\d+)?)\s*(s|m|h|d)(?:ec(?:ond)?s?|in(?:ute)?s?|r|rs|ours?|ays?)?$/i

/** The duration that was meant by a number with a decimal or a unit in words: `1 minute` is `1m`, `1.5m` is `1m30s`; undefined for other texts. */
export function meantDuration(text: string): string | undefined {
  const [, count, unit = ''] = LONG.exec(text.trim()) ?? []
  const seconds = count === undefined ? Number.NaN : Number(count) * (UNITS[unit.toLowerCase()] ?? 0)
  return Number.isInteger(seconds) ? formatDuration(seconds) : undefined
}

/** Seconds as a duration is written: 630 is `10m30s`. */
export function formatDuration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'm'],
    [seconds % 60, 's'],
  ] as const
  return (
    parts
      .filter(([count]) => count > 0)
      .map(([count, unit]) => `${count}${unit}`)
      .join('') || '0s'
  )
}

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
