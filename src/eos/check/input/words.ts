import { z } from 'zod'
import { isNameInCommand } from '../../../model/name-in-command.ts'
import { once } from '../../../model/once.ts'

/** Text that is not empty. */
export const word = once(() => z.string().min(1))

/**
 * A name that may stand in a command: one word, and nothing that EOS or its shell takes for a pipe, a redirection, a
 * quote, a variable or a second command.
 */
export const nameInCommand = once(() =>
  z.string().refine(isNameInCommand, { error: 'expected a name, such as PROD, without blanks and | ; & < > $ `' }),
)

/** The name of a VRF; `default` unless it is said. */
export const vrf = once(() => nameInCommand().default('default'))

/** A regular expression that somebody wrote: match it with `matchesWithin`, which bounds its time. */
export const pattern = once(() =>
  z.string().refine(isPattern, { error: 'expected a regular expression, such as ^Ethernet' }),
)

/** A severity of the switch's log (EOS manual, "logging"). */
export const logSeverity = once(() =>
  z.enum(['alerts', 'critical', 'debugging', 'emergencies', 'errors', 'informational', 'notifications', 'warnings']),
)

function isPattern(text: string) {
  try {
    return new RegExp(text).flags === ''
  } catch {
    return false
  }
}

/** A list that names at least one. */
export function someOf<T extends z.ZodType>(one: T, description: string) {
  return z.array(one).min(1).describe(description)
}
