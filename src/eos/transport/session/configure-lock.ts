import { EosflowError } from '../../../model/error.ts'
import { scrubbedText } from './scrub.ts'

/**
 * The exclusive lock on configuration (docs/eos.md 2.1): while one CLI holds it, no other enters a config mode or a session. Taken
 * without a name, so that it ends with the CLI that took it [inferred]: that of a named transaction would outlive a controller that
 * is killed, and keep everybody out.
 */
export const CONFIGURE_LOCK = 'configure lock'
export const CONFIGURE_UNLOCK = 'configure unlock'

/** Its exact words are not known, so that any refusal of the lock means it. */
export function lockedOut(device: string, errors: readonly string[], secrets: readonly string[]): EosflowError {
  const said = errors.map((text) => scrubbedText(text.trim(), { cmd: CONFIGURE_LOCK }, secrets)).join('; ')
  return new EosflowError('busy', `${device}: the configuration cannot be locked: ${said}`, {
    device,
    command: CONFIGURE_LOCK,
    hint: 'Wait until the lock is given back, or switch `configureLock` off in eosflow.yaml where the switch does not know it.',
  })
}
