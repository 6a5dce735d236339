import { type ArmTerms, ownsOn, replayCheckOn } from '../../model/arm-terms.ts'
import { EosflowError } from '../../model/error.ts'

/** Config sessions that a change under an owner session needs at once: that session, the change, and the replay of the configuration beside it. */
export const OWNER_PLACES = 3

/** So many config sessions a change needs on a switch with this EOS version at once: its own, and what the settings demand beside it. */
export function placesOn(terms: ArmTerms, eos: string): number {
  if (ownsOn(terms, eos)) return OWNER_PLACES
  return replayCheckOn(terms, eos) === 'off' ? 1 : 2
}

/**
 * The command with which a request shows that its process still drives the execution: it shows the owner session. eAPI does nothing of what is
 * behind a command that fails (docs/eos.md 1.5), and whoever has taken over has aborted that session. What differs is shown, not the whole text:
 * an owner session is empty.
 */
export function ownerProof(session: string): string {
  return `show session-config named ${session} diffs`
}

/** `words`: what the switch said. */
export function ownerGone(device: string, session: string, words: string): EosflowError {
  const message = `${device}: nothing was done, because the switch does not show the owner session ${session}: ${words}`
  return new EosflowError('refused', message, {
    device,
    command: ownerProof(session),
    hint: 'Another process has taken the execution over, the switch has booted, or somebody has removed the session.',
  })
}

/** Whether a request has done nothing because this owner session is gone. */
export function isOwnerGone(error: unknown, session: string): boolean {
  return error instanceof EosflowError && error.kind === 'refused' && error.command === ownerProof(session)
}
