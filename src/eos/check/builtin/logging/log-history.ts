import { z } from 'zod'
import { integer } from '../../input/numbers.ts'

/** How far back a check reads the log: inputs of a catalog (ANTA documentation, module logging). */
export const timeInputs = () => ({
  last_number_time_units: integer(1, 9999).nullish().describe('How many units of time to look back.'),
  time_unit: z
    .enum(['days', 'hours', 'minutes', 'seconds'])
    .default('days')
    .describe('The unit: days, hours, minutes or seconds.'),
})

/** The time in the words of `show logging`: `last 10 hours`; nothing for the whole log. */
export function lastTime(units: number | null | undefined, unit: string): string {
  return typeof units === 'number' ? `last ${units} ${unit}` : ''
}
