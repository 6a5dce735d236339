import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'

/** The same error with the switch's name on it; what is not an {@link EosflowError} passes as it is. */
export function onDevice(thrown: unknown, device: string): unknown {
  if (!(thrown instanceof EosflowError) || thrown.device !== undefined) return thrown
  const { kind, message, retryable, command, hint, cause } = thrown
  return new EosflowError(kind, `${device}: ${message}`, {
    device,
    retryable,
    ...definedMembers({ command, hint, cause }),
  })
}
