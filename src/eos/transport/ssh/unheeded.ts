import { EosflowError } from '../../../model/error.ts'

/**
 * An owner session fences nothing over a shell: each line is typed for itself, when the one before it was answered, so that a line which is late
 * finds nothing before it that could fail.
 */
export function unheeded(device: string, session: string): EosflowError {
  return new EosflowError('guard', `${device}: the owner session ${session} is not heeded over SSH`, {
    device,
    hint: 'Reach the switch over eAPI (transport: eapi), or switch `ownerSession` off in eosflow.yaml.',
  })
}
