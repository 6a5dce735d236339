import { z } from 'zod'
import { parseDuration } from '../../text/source/duration.ts'

/** A moment of a test: a state by its name, or how long after the end of the change, while its checks are judged on. */
export const momentSchema = z
  .string()
  .regex(
    /^(?:[A-Z][A-Za-z0-9]*|\+(?:\d{1,5}[smhd])+)$/,
    'a state as `eosflow history` names it, or a time after the end such as `+2h`',
  )
  .meta({ examples: ['Push', '+2h'] })

/** How many seconds after the end of the change a moment is; undefined for a state. */
export function secondsAfter(moment: string | undefined): number | undefined {
  return moment?.startsWith('+') === true ? parseDuration(moment.slice(1)) : undefined
}
